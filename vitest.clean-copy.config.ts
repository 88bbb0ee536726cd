import { defineConfig } from 'vitest/config'

// Specs that build a copy of everything, which takes a while: on CI and by `npm run check-clean-copy`.
export default defineConfig({
  test: {
    include: ['tools/**/*.clean-copy.spec.ts'],
    pool: 'forks',
    reporters: ['default', './tools/plain-summary.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
