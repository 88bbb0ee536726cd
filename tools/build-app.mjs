import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))

/** Builds what changed of the app and all below it; ends the process where that fails. */
export const buildApp = () => buildProject('apps/arbitrage-runner/tsconfig.lib.json')

/** The same of the example that is compiled. */
export const buildExample = () => buildProject('examples/exchange-plugin')

/** @param {string} project */
function buildProject(project) {
  const build = spawnSync(process.execPath, [tsc, '-b', project], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (build.status === 0) return
  process.stderr.write(build.stdout)
  process.exit(build.status ?? 1)
}
