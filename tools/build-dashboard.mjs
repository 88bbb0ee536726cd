// Builds the page with vite when its sources are newer than what was built, or nothing is.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const folder = fileURLToPath(new URL('../apps/dashboard', import.meta.url))
const stampFile = join(folder, 'dist/page/.built-from')

/** Builds the page where that is needed; says whether it did. */
export async function buildDashboard() {
  const sources = fingerprint()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sources) return false
  const { build } = await import('vite')
  await build({ root: folder, configFile: join(folder, 'vite.config.ts') })
  writeFileSync(stampFile, sources)
  return true
}

/** Of everything that the page is made of, by content: a checkout changes times, not bytes. */
function fingerprint() {
  const hash = createHash('sha256')
  const files = ['src', 'public']
    .flatMap((name) => readdirSync(join(folder, name), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
  for (const file of [
    ...files.toSorted(),
    ...['index.html', 'vite.config.ts', 'package.json'].map((f) => join(folder, f)),
  ])
    hash.update(file.slice(folder.length)).update(readFileSync(file))
  return hash.digest('hex')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildDashboard()
