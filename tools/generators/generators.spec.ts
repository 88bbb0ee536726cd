import { describe, expect, it } from 'vitest'
import { readNames, rename } from './support/names.mjs'
import { importFiles, readPublicNames } from './support/public-names.mjs'
import { addPublicName } from './support/tree.mjs'

/** A workspace of a few files in memory. */
const createTree = (files: Record<string, string>) => ({
  files,
  root: '/',
  read: (path: string) => files[path] ?? null,
  write: (path: string, content: string) => void (files[path] = content),
  exists: (path: string) => path in files,
  children: () => [],
  listChanges: () => [],
})

describe('the generators', () => {
  it('put a name of several words into every form', () => {
    const names = readNames('blue-ocean')
    const text = "class SampleFeed { id = sampleId; name = 'sample private'; open = requestSample }"
    expect(rename(text, 'sample', names)).toBe(
      "class BlueOceanFeed { id = blueOceanId; name = 'blue-ocean private'; open = requestBlueOcean }",
    )
    for (const wrong of ['Blue', 'blue_ocean', '-blue', '']) expect(() => readNames(wrong)).toThrow('no name here')
  })

  it('turn imports of a package into imports of its files, values and types apart', () => {
    const index = "export { a, type B } from './one/a.js'\nexport { type C } from './c.js'\n"
    const names = readPublicNames(createTree({ 'src/index.ts': index }), 'src/index.ts')
    const entries = { pack: names }
    const text = "import { a, type B, type C } from 'pack'\nimport { z } from 'zod'"
    expect(importFiles(text, 'src/two', entries)).toBe(
      "import { a, type B } from '../one/a.js'\nimport type { C } from '../c.js'\nimport { z } from 'zod'",
    )
    expect(() => importFiles("import { d } from 'pack'", 'src', entries)).toThrow('hands out no d')
  })

  it('add a public name where it belongs in the list', () => {
    const list = ['  toEqual([', "    'Alpha',", "    'gamma',", '  ])'].join('\n')
    const tree = createTree({ 'spec.ts': list })
    for (const name of ['beta', 'omega', 'Beta']) addPublicName(tree, 'spec.ts', name)
    const words = [...tree.files['spec.ts']!.matchAll(/'(\w+)'/g)].map(([, word]) => word)
    expect(words).toEqual(['Alpha', 'Beta', 'beta', 'gamma', 'omega'])
    expect(() => addPublicName(createTree({ 'spec.ts': '' }), 'spec.ts', 'x')).toThrow('by hand')
  })
})
