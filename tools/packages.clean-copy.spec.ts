import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryRoot } from './repository-files.mjs'
import { createCleanCopy, link, linkOwnModules } from './support/clean-copy.js'

interface Manifest {
  readonly name: string
  readonly license: string
  readonly description: string
  readonly sideEffects: boolean
  readonly engines: { readonly node: string }
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
}

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
  readonly manifest: Manifest
}

const run = promisify(execFile)
const maxBuffer = 32 * 1024 * 1024
const compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc')
/** What somebody has who writes TypeScript for Node. */
const givenPackages = ['@types/node', 'undici-types']

/** Whoever takes one package gets everything that it needs, and nothing that only works in this repository. */
describe('the packages, packed as for a registry and installed elsewhere', () => {
  let folder: string
  let project: string
  let packages: readonly Packed[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packed-'))
    project = join(folder, 'project')
    await mkdir(project)
    const names = await readdir(join(repositoryRoot, 'packages'))
    packages = await Promise.all((await pack(folder, names)).map((packed) => install(folder, packed)))
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('carry licence, README, engines and no side effects', () => {
    expect(packages.length).toBeGreaterThan(7)
    for (const { manifest, files } of packages) {
      expect(manifest, manifest.name).toMatchObject({
        license: 'Apache-2.0',
        sideEffects: false,
        engines: { node: '>=20.19.0' },
        description: expect.stringMatching(/.{20}/),
      })
      expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.js']))
    }
  })

  it('carry no spec, no fixture and no leftover of a build', () => {
    const unwanted = packages.flatMap(({ manifest, files }) =>
      files
        .filter(({ path }) => /\.(spec|bench)\.|\.tsbuildinfo$|(^|\/)fixtures\//.test(path))
        .map(({ path }) => `${manifest.name}/${path}`),
    )
    expect(unwanted).toEqual([])
  })

  it('carry every file that their exports name, and the sources that their source maps name', () => {
    for (const { manifest, files } of packages) {
      const present = new Set(files.map(({ path }) => `./${path}`))
      const named = Object.values(manifest.exports).flatMap((entry) =>
        typeof entry === 'string' ? [entry] : Object.values(entry),
      )
      const sources = [...present]
        .filter((path) => path.endsWith('.js'))
        .map((path) => path.replace('./dist/', './src/').replace(/\.js$/, '.ts'))
      expect(
        [...named, ...sources].filter((path) => !present.has(path)),
        manifest.name,
      ).toEqual([])
    }
  })

  it('are imported by Node, every entry of each', async () => {
    const entries = entriesOf(packages).filter((entry) => !entry.endsWith('/conformance'))
    const program = `for (const entry of ${JSON.stringify(entries)}) {
      const names = Object.keys(await import(entry))
      if (names.length === 0) throw new Error(entry + ' exports nothing')
    }`
    await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: project })
  })

  it.each(['nodenext', 'bundler'])(
    'are understood by a TypeScript project with moduleResolution %s',
    async (resolution) => {
      const lines = entriesOf(packages).map((entry, index) => `export * as entry${index} from '${entry}'`)
      await writeFile(join(project, 'index.ts'), `${lines.join('\n')}\n`)
      const compilerOptions = {
        module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
        moduleResolution: resolution,
        target: 'es2023',
        lib: ['es2023'],
        types: ['node'],
        strict: true,
        skipLibCheck: false,
        noEmit: true,
      }
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.ts'] }))
      const result = await run(process.execPath, [compiler, '-p', project]).catch((error: { stdout: string }) => error)
      expect(result.stdout).toBe('')
    },
  )
})

/** Builds and packs a clean copy of the packages. */
async function pack(folder: string, names: readonly string[]): Promise<readonly Omit<Packed, 'manifest'>[]> {
  const copy = join(folder, 'workspace')
  await createCleanCopy(copy, ['tsconfig.base.json', 'packages'], (path) => !path.endsWith('.spec.ts'))
  await writeFile(join(copy, 'package.json'), JSON.stringify({ private: true, workspaces: ['packages/*'] }))
  const projects = names.map((name) => join('packages', name, 'tsconfig.lib.json'))
  await run(process.execPath, [compiler, '-b', ...projects], { cwd: copy })
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '--workspaces']
  const { stdout } = await run('npm', packing, { cwd: copy, maxBuffer })
  return JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as readonly Omit<Packed, 'manifest'>[]
}

/** Unpacks a package where an import finds it, and gives the project what it declares and nothing else. */
async function install(folder: string, packed: Omit<Packed, 'manifest'>): Promise<Packed> {
  const name = packed.filename.replace(/^cex-arbitrage-(.*)-[\d.]+\.tgz$/, '$1')
  const modules = join(folder, 'project/node_modules')
  const home = join(modules, '@cex-arbitrage', name)
  await mkdir(home, { recursive: true })
  await run('tar', ['-xzf', join(folder, packed.filename), '--strip-components=1', '-C', home])
  const manifest = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as Manifest
  for (const dependency of [...Object.keys(manifest.dependencies ?? {}), ...givenPackages])
    if (!dependency.startsWith('@cex-arbitrage/'))
      await link(join(repositoryRoot, 'node_modules', dependency), join(modules, dependency))
  await linkOwnModules(name, home)
  return { ...packed, manifest }
}

/** Everything that may be imported, `@cex-arbitrage/exchanges/mexc`. */
const entriesOf = (packages: readonly Packed[]): readonly string[] =>
  packages.flatMap(({ manifest }) =>
    Object.keys(manifest.exports)
      .filter((entry) => !entry.endsWith('.json'))
      .map((entry) => join(manifest.name, entry)),
  )
