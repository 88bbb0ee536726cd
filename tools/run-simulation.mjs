// Builds what changed, then runs the simulation in this very process.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
const build = spawnSync(process.execPath, [tsc, '-b', 'apps/simulation/tsconfig.lib.json'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
  encoding: 'utf8',
})
if (build.status !== 0) {
  process.stderr.write(build.stdout)
  process.exit(build.status ?? 1)
}
process.setSourceMapsEnabled(true)
await import('../apps/simulation/dist/main.js')
