// Before a package is packed: builds it anew, so that nothing of deleted sources goes along. Runs in the package's folder.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
rmSync('dist', { recursive: true, force: true })
execFileSync(process.execPath, [compiler, '-b', 'tsconfig.lib.json'], { stdio: 'inherit' })
