import { defineConfig } from 'vitest/config'
import { EnginesFirst } from './tools/engines-first.js'

// Packages resolve to their TypeScript sources, so tests need no build.
const conditions = ['@cex-arbitrage/source']
const specs = '{packages,apps}/*/src/**/*.spec.ts'

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    setupFiles: ['./tools/test-setup.ts'],
    pool: 'forks',
    // More than two cores could keep busy: half of the time specs wait for sockets, processes and exchanges' pauses.
    maxWorkers: 3,
    sequence: { sequencer: EnginesFirst },
    reporters: ['default', './tools/coverage-floor.ts', './tools/plain-summary.ts'],
    // Waits are for conditions, so patience costs nothing but where a spec fails.
    testTimeout: 30_000,
    hookTimeout: 30_000,
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
            '**/*.timed.spec.ts',
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
        test: {
          // Nothing runs beside these, since they look at how soon things happen: halts, and the built page in a real
          // Chromium.
          name: 'alone',
          isolate: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          include: ['apps/*/src/**/*.timed.spec.ts', 'apps/*/src/**/*.browser.spec.ts'],
          globalSetup: ['./tools/build-page-once.ts'],
        },
      },
    ],
  },
})
