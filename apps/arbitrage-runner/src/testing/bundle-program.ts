import { mkdir, mkdtemp } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { build } from 'vite'

const bundles = fileURLToPath(new URL('../../dist/', import.meta.url))

/**
 * Makes a runnable program of a source file of this app, so that specs can start it in a process of its own without a
 * build. The folder lies in the app's output, from where other packages are found; its caller removes it.
 *
 * @param source - Relative to this file.
 */
export async function bundleProgram(source: string): Promise<{ readonly folder: string; readonly program: string }> {
  await mkdir(bundles, { recursive: true })
  const folder = await mkdtemp(join(bundles, 'bundle-'))
  await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@cex-arbitrage/source'] },
    ssr: { noExternal: [/^@cex-arbitrage\//], resolve: { conditions: ['@cex-arbitrage/source'] } },
    build: {
      outDir: folder,
      ssr: fileURLToPath(new URL(source, import.meta.url)),
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'program.mjs', codeSplitting: false } },
    },
  })
  return { folder, program: join(folder, 'program.mjs') }
}
