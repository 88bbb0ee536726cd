import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

/** A source of this package as a program of its own, for specs that need another process or thread. */
export interface BundledProgram {
  readonly entry: URL
  remove(): Promise<void>
}

/**
 * Bundles a source with everything but the database drivers, which bring native code and are found from where the bundle
 * lies: below this package.
 */
export async function bundleProgram(source: URL): Promise<BundledProgram> {
  const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))
  await mkdir(cache, { recursive: true })
  const outDir = await mkdtemp(join(cache, 'bundle-'))
  await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@cex-arbitrage/source'] },
    ssr: { noExternal: true, external: ['libsql', 'pg'], resolve: { conditions: ['@cex-arbitrage/source'] } },
    build: {
      outDir,
      ssr: fileURLToPath(source),
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  })
  return {
    entry: pathToFileURL(join(outDir, 'program.mjs')),
    remove: () => rm(outDir, { recursive: true, force: true }),
  }
}
