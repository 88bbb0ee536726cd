import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkWorkspace } from './check-workspace.mjs'
import { importsOf } from './workspace-model.mjs'

const layerNames = ['common', 'config', 'networking', 'exchanges', 'trading', 'storage', 'simulator']

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workspace-'))
  write('package.json', JSON.stringify({ devDependencies: { vitest: '1.0.0' } }))
  for (const name of layerNames) addPackage(`packages/${name}`, name, name)
  addPackage('apps/runner', 'runner', 'app')
})
afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string): void {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** A package that declares and references everything, so that each test breaks one rule alone. */
function addPackage(folder: string, name: string, layer: string, dependencies = layerNames): void {
  const names = dependencies.filter((other) => other !== name)
  const manifest = {
    name: `@cex-arbitrage/${name}`,
    dependencies: Object.fromEntries(names.map((other) => [`@cex-arbitrage/${other}`, '0.1.0'])),
    nx: { tags: [`layer:${layer}`] },
  }
  const references = names.map((other) => ({ path: `../../packages/${other}/tsconfig.lib.json` }))
  write(`${folder}/package.json`, JSON.stringify(manifest))
  write(`${folder}/tsconfig.lib.json`, JSON.stringify({ references }))
  write(`${folder}/tsconfig.spec.json`, JSON.stringify({ references }))
}

const check = (): string[] => checkWorkspace(root)

describe('checkWorkspace', () => {
  it('lets a package import what stands below it', () => {
    write('packages/trading/src/a.ts', "import { b } from '@cex-arbitrage/exchanges'\nimport fs from 'node:fs'\n")
    write('apps/runner/src/a.ts', "import { b } from '@cex-arbitrage/simulator'\n")
    expect(check()).toEqual([])
  })

  it.each([
    ['import', "import { a } from '@cex-arbitrage/trading'"],
    ['import over several lines', "import {\n  a,\n} from '@cex-arbitrage/trading'"],
    ['import for effect', "import '@cex-arbitrage/trading'"],
    ['import type', "import type { A } from '@cex-arbitrage/trading'"],
    ['export from', "export { a } from '@cex-arbitrage/trading'"],
    ['export everything from', "export * from '@cex-arbitrage/trading'"],
    ['import()', "const a = await import('@cex-arbitrage/trading')"],
    ['an entry of it', "import { a } from '@cex-arbitrage/trading/deep'"],
  ])('refuses a higher layer by %s', (_, code) => {
    write('packages/config/src/a.ts', `${code}\n`)
    expect(check()).toEqual([
      'packages/config/src/a.ts: @cex-arbitrage/config must not use @cex-arbitrage/trading, which is a higher layer',
    ])
  })

  it('does not take a comment for an import', () => {
    write(
      'packages/config/src/a.ts',
      "/**\n * @example\n * import { a } from '@cex-arbitrage/trading'\n */\n// import '@cex-arbitrage/trading'\nexport const a = 1\n",
    )
    expect(check()).toEqual([])
  })

  it('refuses two packages of one layer that know each other', () => {
    addPackage('packages/other', 'other', 'trading')
    write('packages/other/src/a.ts', "import { a } from '@cex-arbitrage/trading'\n")
    expect(check()).toEqual([
      'packages/other/src/a.ts: @cex-arbitrage/other must not use @cex-arbitrage/trading, which is of the same layer',
    ])
  })

  it('refuses a package without a layer', () => {
    addPackage('packages/stray', 'stray', 'nowhere')
    expect(check()[0]).toMatch(/^@cex-arbitrage\/stray: needs one tag of layer:common/)
  })

  it('refuses a workspace package that is not declared', () => {
    addPackage('packages/trading', 'trading', 'trading', [])
    write('packages/trading/src/a.ts', "import { a } from '@cex-arbitrage/common'\n")
    expect(check()).toEqual([
      'packages/trading/src/a.ts: @cex-arbitrage/common is not in the package.json of @cex-arbitrage/trading',
      'packages/trading/src/a.ts: @cex-arbitrage/common is not referenced in the tsconfig.lib.json of @cex-arbitrage/trading',
    ])
  })

  it('refuses a missing reference', () => {
    write('packages/trading/tsconfig.lib.json', JSON.stringify({ references: [] }))
    write('packages/trading/src/a.ts', "import { a } from '@cex-arbitrage/common'\n")
    expect(check()).toEqual([
      'packages/trading/src/a.ts: @cex-arbitrage/common is not referenced in the tsconfig.lib.json of @cex-arbitrage/trading',
    ])
  })

  it('refuses a missing reference of a spec', () => {
    write('packages/trading/tsconfig.lib.json', JSON.stringify({ references: [] }))
    write('packages/trading/tsconfig.spec.json', JSON.stringify({ references: [] }))
    write('packages/trading/src/a.spec.ts', "import { a } from '@cex-arbitrage/common'\n")
    expect(check()).toEqual([
      'packages/trading/src/a.spec.ts: @cex-arbitrage/common is not referenced in the tsconfig.spec.json of @cex-arbitrage/trading',
    ])
  })

  it('refuses a dependency for development in code that ships, and takes it in a spec', () => {
    const manifest = { name: '@cex-arbitrage/trading', devDependencies: { '@cex-arbitrage/common': '0.1.0' } }
    write('packages/trading/package.json', JSON.stringify({ ...manifest, nx: { tags: ['layer:trading'] } }))
    write('packages/trading/src/a.ts', "import { a } from '@cex-arbitrage/common'\n")
    write('packages/trading/src/a.spec.ts', "import { a } from '@cex-arbitrage/common'\n")
    expect(check()).toEqual([
      'packages/trading/src/a.ts: @cex-arbitrage/common is among the devDependencies of @cex-arbitrage/trading; code that ships needs it in dependencies',
    ])
  })

  it('refuses a foreign package that is not declared, and takes tools of the root in specs', () => {
    write('packages/common/src/a.ts', "import { z } from 'zod'\nimport { x } from '@scope/thing/deep'\n")
    write('packages/common/src/a.spec.ts', "import { it } from 'vitest'\n")
    expect(check()).toEqual([
      "packages/common/src/a.ts: 'zod' is not in the package.json of @cex-arbitrage/common",
      "packages/common/src/a.ts: '@scope/thing' is not in the package.json of @cex-arbitrage/common",
    ])
  })

  it('refuses a relative way out of the package', () => {
    write('packages/config/src/a.ts', "import { a } from '../../common/src/a.js'\n")
    expect(check()).toEqual([
      "packages/config/src/a.ts: '../../common/src/a.js' leaves the package; import the other one by its name",
    ])
  })

  it('refuses a default export', () => {
    write('packages/common/src/a.ts', 'export default class A {}\n')
    write('packages/common/src/b.ts', 'const b = 1\nexport { b as default }\n')
    write('packages/common/src/c.ts', '// export default is not for us\nexport const c = 1\n')
    expect(check()).toEqual([
      'packages/common/src/a.ts: has a default export; name it',
      'packages/common/src/b.ts: has a default export; name it',
    ])
  })
})

describe('the border between connectors and simulators', () => {
  it('refuses anything but common in the simulator', () => {
    write('packages/simulator/src/a.spec.ts', "import { a } from '@cex-arbitrage/exchanges'\n")
    expect(check()).toEqual([
      'packages/simulator/src/a.spec.ts: @cex-arbitrage/simulator stands on common alone and must not use @cex-arbitrage/exchanges',
    ])
  })

  it('refuses the simulator in code that ships, and takes it in specs', () => {
    write('packages/exchanges/src/a.ts', "import { a } from '@cex-arbitrage/simulator'\n")
    write('packages/exchanges/src/a.spec.ts', "import { a } from '@cex-arbitrage/simulator'\n")
    expect(check()).toEqual([
      'packages/exchanges/src/a.ts: @cex-arbitrage/simulator may be used by apps and specs alone, so that a misreading cannot hide on both sides of a wire',
    ])
  })
})

describe('entries for tests', () => {
  it.each(['testing', 'conformance'])('refuses the %s entry in code that ships', (entry) => {
    const code = `import { a } from '@cex-arbitrage/common/${entry}'\n`
    write('packages/config/src/a.ts', code)
    write('packages/config/src/a.spec.ts', code)
    write('packages/config/src/testing/index.ts', code)
    expect(check()).toEqual([
      `packages/config/src/a.ts: '@cex-arbitrage/common/${entry}' is for tests; only specs and testing folders may import it`,
    ])
  })

  it('refuses the own testing folder as well', () => {
    write('packages/config/src/a.ts', "import { a } from './testing/fake.js'\n")
    expect(check()).toEqual([
      "packages/config/src/a.ts: './testing/fake.js' is for tests; only specs and testing folders may import it",
    ])
  })
})

describe('exchange folders', () => {
  const folder = 'packages/exchanges/src/implementations'

  it('refuses an exchange that knows another', () => {
    write(`${folder}/mexc/signer.ts`, "import { a } from '../gateio/signer.js'\n")
    write(`${folder}/gateio/signer.ts`, "import { a } from '@cex-arbitrage/exchanges/mexc'\n")
    write(`${folder}/mexc/symbols.ts`, "import { a } from '../../structs/enums.js'\n")
    expect(check()).toEqual([
      `${folder}/gateio/signer.ts: an exchange must not know another ('@cex-arbitrage/exchanges/mexc')`,
      `${folder}/mexc/signer.ts: an exchange must not know another ('../gateio/signer.js')`,
    ])
  })

  it('refuses a name that is not explained', () => {
    write(`${folder}/mexc/listen-key.ts`, '')
    write(`${folder}/mexc/order-gateway.ts`, '')
    write(`${folder}/mexc/order-gateway.reconcile.spec.ts`, '')
    write(`${folder}/mexc/helpers/a.ts`, '')
    write(`${folder}/mexc/spot/odd.ts`, '')
    expect(check()).toEqual([
      `${folder}/mexc/helpers: no exchange folder has a folder of this name`,
      `${folder}/mexc/listen-key.ts: a file that other exchanges do not have; say in the folder's README.md why \`listen-key.ts\` is there`,
      `${folder}/mexc/spot/odd.ts: a file that other exchanges do not have; say in the folder's README.md why \`odd.ts\` is there`,
    ])
    rmSync(join(root, folder, 'mexc', 'helpers'), { recursive: true })
    rmSync(join(root, folder, 'mexc', 'spot'), { recursive: true })
    write(`${folder}/mexc/README.md`, '`listen-key.ts` keeps the key of the private stream alive.')
    expect(check()).toEqual([])
  })

  it('wants assembled exchanges to read as twins', () => {
    for (const name of ['mexc', 'gateio']) write(`${folder}/${name}/exchange-factory.ts`, '')
    write(`${folder}/gateio/symbols.ts`, '')
    expect(check()).toEqual([`${folder}/mexc: lacks symbols.ts, which gateio has`])
    rmSync(join(root, folder, 'mexc', 'exchange-factory.ts'))
    expect(check()).toEqual([])
  })
})

describe('importsOf', () => {
  it('reads every form', () => {
    const code = "import a, { type B } from 'a'\nexport * as c from \"c\"\nimport 'd'\nvoid import('e')\nvi.mock('f')\n"
    expect(importsOf(code).toSorted()).toEqual(['a', 'c', 'd', 'e', 'f'])
  })
})
