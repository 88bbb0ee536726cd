import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkCommitMessage, scopes } from './check-commit-message.mjs'

describe('checkCommitMessage', () => {
  it.each([
    'feat(exchanges): resync the MEXC book when an update skips a sequence',
    'fix: seed the market',
    'feat(config)!: rename a key\n\nBecause it was wrong.\n',
    'docs: say why\n# comment of git',
    'Merge branch x',
  ])('takes %j', (message) => {
    expect(checkCommitMessage(message)).toEqual([])
  })

  it.each([
    ['update things', /is not of the form/],
    ['feat(config) no colon', /is not of the form/],
    ['feature(config): add', /'feature' is no type/],
    ['feat(nowhere): add', /'nowhere' is no scope/],
    [`feat(config): ${'a'.repeat(70)}`, /at most 72/],
    ['feat(config): added a key', /'added' is no imperative/],
    ['feat(config): adding a key', /'adding' is no imperative/],
    ['feat(config): add a key.', /full stop/],
    ['feat(config): add a key\nand more', /second line must be empty/],
  ])('refuses %j', (message, reason) => {
    expect(checkCommitMessage(message).join()).toMatch(reason)
  })

  it('knows every package as a scope', () => {
    const folders = ['packages', 'apps'].flatMap((name) => readdirSync(new URL(`../${name}`, import.meta.url)))
    expect(folders.filter((name) => !scopes.includes(name))).toEqual([])
  })
})
