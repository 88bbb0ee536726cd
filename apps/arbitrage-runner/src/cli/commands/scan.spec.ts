import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capturePath, capturesFolder } from '../../testing/captures.js'
import { CommandLine } from '../../testing/command-line.js'

const header = 'timestamp_ms,bid_price,bid_qty,ask_price,ask_qty'
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-scan-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function capture(name: string, ...rows: readonly string[]): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, [header, ...rows, ''].join('\n'))
  return file
}

describe('arb scan', () => {
  it('compares both directions once per timestamp from the first at which both have quoted', async () => {
    const a = await capture('a.csv', '1,99,1,100,1', '3,99,1,100,1')
    const b = await capture('b.csv', '2,101,1,102,1', '3,99,1,100,1')
    const { output } = await new CommandLine().run(
      'scan',
      '--capture',
      `a=${a}`,
      '--capture',
      `b=${b}`,
      '--fee-bps',
      '10',
      '--json',
    )
    expect(JSON.parse(output.lines[0]!)).toEqual({
      rows: 2,
      directions: [
        {
          buy: 'a',
          sell: 'b',
          rowsGrossPositive: 1,
          rowsNetPositive: 1,
          bestNetBps: 79.9,
          medianGrossBps: 0,
          firstPositiveMs: 2,
          lastPositiveMs: 2,
        },
        expect.objectContaining({ buy: 'b', sell: 'a', rowsGrossPositive: 0, firstPositiveMs: null }),
      ],
    })
  })

  it('describes the result in words without --json', async () => {
    const file = await capture('c.csv', '1,99,1,100,1')
    const { output } = await new CommandLine().run('scan', '--capture', `a=${file}`, '--capture', `b=${file}`)
    expect(output.lines[0]).toBe('1 rows')
    expect(output.lines[1]).toContain('net positive from never to never')
  })

  it.each([
    [['scan', '--capture', 'a=x'], 'at least two'],
    [['scan', '--capture', 'a'], 'name=file'],
    [['scan', '--capture', 'a=/no/such', '--capture', 'b=/no/such'], '/no/such'],
    [['scan', '--capture', 'a=x', '--capture', 'b=y', '--fee-bps', 'much'], 'basis points'],
  ])('refuses %j with exit code 2 and says why', async (args, why) => {
    const run = await new CommandLine().run(...args)
    expect(run.exitCode).toBe(2)
    expect(run.output.notes.join()).toContain(why)
  })

  it('names file and line of a row that is no quote', async () => {
    const file = await capture('d.csv', '1,99,1,abc,1')
    const run = await new CommandLine().run('scan', '--capture', `a=${file}`, '--capture', `b=${file}`)
    expect(run.exitCode).toBe(1)
    expect(run.output.notes.join()).toContain('d.csv, line 2')
  })

  it.skipIf(capturesFolder === undefined)('reads the recorded LUNC quotes (needs the captures folder)', async () => {
    const { output } = await new CommandLine().run(
      'scan',
      '--capture',
      `mexc:spot:LUNC/USDT=${capturePath('mexc-spot-lunc-usdt.csv.gz')}`,
      '--capture',
      `gateio:futures:LUNC/USDT=${capturePath('gateio-futures-lunc-usdt.csv.gz')}`,
      '--fee-bps',
      '5',
      '--json',
    )
    expect(JSON.parse(output.lines[0]!)).toMatchObject({
      rows: 15_002,
      directions: [
        { rowsGrossPositive: 122, rowsNetPositive: 14, bestNetBps: 89.95, firstPositiveMs: 1760157933020 },
        {},
      ],
    })
  })
})
