import { defineConfig } from 'vitest/config'

// Packages resolve to their TypeScript sources, so tests need no build.
const conditions = ['@cex-arbitrage/source']
const specs = '{packages,apps}/*/src/**/*.spec.ts'

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    setupFiles: ['./tools/test-setup.ts'],
    pool: 'forks',
    reporters: ['default', './tools/coverage-floor.ts', './tools/plain-summary.ts'],
    testTimeout: 15_000,
    coverage: {
      provider: 'v8',
      include: ['{packages,apps}/*/src/**/*.ts'],
      exclude: ['**/*.spec.ts', '**/*.bench.ts', '**/index.ts', '**/main.ts', '**/wire/**', '**/testing/**'],
      reporter: ['text-summary', 'lcov', 'json-summary'],
    },
    projects: [
      {
        extends: true,
        test: {
          // One module graph per worker: 10-20 times faster than a fresh one per file.
          name: 'shared',
          isolate: false,
          include: [specs, 'tools/**/*.spec.ts', 'examples/**/*.spec.ts'],
          exclude: [
            '**/*.isolated.spec.ts',
            '**/*.browser.spec.ts',
            '**/*.services.spec.ts',
            '**/*.live.spec.ts',
            '**/*.clean-copy.spec.ts',
            '**/node_modules/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          // Real servers, started once for all of them.
          name: 'services',
          isolate: false,
          include: ['{packages,apps}/*/src/**/*.services.spec.ts'],
          globalSetup: ['./tools/services-setup.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'isolated', include: ['{packages,apps}/*/src/**/*.isolated.spec.ts'] },
      },
      {
        extends: true,
        test: {
          // The built page in a real Chromium; alone, since it looks at how soon things are seen.
          name: 'browser',
          sequence: { groupOrder: 1 },
          include: ['apps/*/src/**/*.browser.spec.ts'],
          globalSetup: ['./tools/build-page-once.ts'],
        },
      },
    ],
  },
})
