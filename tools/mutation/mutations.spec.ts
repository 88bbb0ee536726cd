import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { mutations } from './mutations.mjs'

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')

describe('the mutations', () => {
  it('cover every invariant, each under an id of its own', () => {
    const ids = mutations.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const invariants = Array.from({ length: 12 }, (_, index) => `S${index + 1}`)
    expect([...new Set(ids.map((id) => id.replace(/[a-z]$/, '')))]).toEqual(invariants)
  })

  it.each(mutations.map((mutation) => [mutation.id, mutation] as const))(
    '%s finds its guard once, and the test that holds it',
    (_, { file, search, replace, test }) => {
      expect(read(file).split(search)).toHaveLength(2)
      expect(replace).not.toBe(search)
      const spec = read(test.file)
      const title = test.name.startsWith('does not show in ') ? "'does not show in %s'" : `'${test.name}'`
      expect(spec).toContain(title)
    },
  )

  it('are all told in docs/safety.md', () => {
    const document = read('docs/safety.md').replace(/ +/g, ' ')
    for (const { id, guard } of mutations) expect(document).toContain(`| ${id} | ${guard} |`)
  })
})
