// After an install in a whole checkout: builds the engine, its page and the example that is compiled, so that the first
// start is quick. An install without the sources or without the compiler, as in a container's layers, leaves it to the start.
import { existsSync } from 'node:fs'
import { buildApp, buildExample } from './build-app.mjs'
import { buildDashboard } from './build-dashboard.mjs'

const needed = [
  '../node_modules/typescript/bin/tsc',
  '../node_modules/vite/package.json',
  '../apps/arbitrage-runner/src/main.ts',
]
if (needed.every((path) => existsSync(new URL(path, import.meta.url)))) {
  buildApp()
  if (existsSync(new URL('../examples/exchange-plugin/tsconfig.json', import.meta.url))) buildExample()
  await buildDashboard()
}
