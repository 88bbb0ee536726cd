import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkWorkspace } from '../check-workspace.mjs'
import { createCleanCopy } from '../support/clean-copy.js'

const run = promisify(execFile)
const copied = ['package.json', 'nx.json', 'tsconfig.base.json', 'vitest.config.ts', '.oxlintrc.json', '.oxfmtrc.json']
const laidDown = [
  'packages/exchanges/src/implementations/blue-ocean',
  'packages/simulator/src/venues/blue-ocean',
  'packages/trading/src/strategies',
]
const specs = [
  'packages/exchanges/src/implementations/blue-ocean/',
  'packages/trading/src/strategies/mean-reversion',
  'packages/exchanges/src/index.spec.ts',
  'packages/simulator/src/index.spec.ts',
  'packages/trading/src/index.spec.ts',
]

describe('what the generators lay down', () => {
  let copy: string
  let folder: string
  const npx = (...args: string[]): Promise<{ stdout: string }> =>
    run(join(copy, 'node_modules/.bin', args[0]!), args.slice(1), { cwd: copy }).catch(
      ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
        throw new Error(`${args.join(' ')}\n${stdout}\n${stderr}`)
      },
    )

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'generators-'))
    copy = join(folder, 'copy')
    await createCleanCopy(copy, [...copied, 'packages', 'tools', 'examples'])
    await npx('nx', 'g', './tools/generators:exchange', 'blue-ocean')
    await npx('nx', 'g', './tools/generators:strategy', 'mean-reversion')
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('keeps the rules of the workspace and of exchange folders', () => {
    expect(checkWorkspace(copy)).toEqual([])
  })

  it('is type-checked, linted and formatted', async () => {
    await npx('tsc', '-b', 'packages/exchanges', 'packages/simulator', 'packages/trading')
    await npx('oxlint', '--type-aware', ...laidDown)
    await npx('oxfmt', '--check', ...laidDown)
  })

  it('passes its specs, the suite of exchanges included', async () => {
    const { stdout } = await npx('vitest', 'run', '--project', 'shared', ...specs)
    expect(stdout).toMatch(/\n\d+ passed, 0 failed\s*$/)
  })

  it('is not laid down twice, nor under a name that is none', async () => {
    await expect(npx('nx', 'g', './tools/generators:exchange', 'blue-ocean')).rejects.toThrow('is there already')
    await expect(npx('nx', 'g', './tools/generators:strategy', 'Mean_Reversion')).rejects.toThrow('no name here')
  })
})
