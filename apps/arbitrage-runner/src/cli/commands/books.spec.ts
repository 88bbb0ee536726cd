import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { capturePath, capturesFolder } from '../../testing/captures.js'
import { CommandLine } from '../../testing/command-line.js'

interface BookLine {
  readonly symbol: string
  readonly bids: readonly (readonly [string, string])[]
  readonly asks: readonly (readonly [string, string])[]
  readonly sequence: number
  readonly applied: number
  readonly dropped: number
  readonly gaps: number
  readonly trusted: boolean
}

async function books(market: string, file: string): Promise<Map<string, BookLine>> {
  const { output } = await new CommandLine().run('books', '--exchange', 'gateio', '--market', market, '--capture', file)
  return new Map(output.lines.map((line) => JSON.parse(line) as BookLine).map((book) => [book.symbol, book]))
}

describe.skipIf(capturesFolder === undefined)('arb books on recorded traffic (needs the captures folder)', () => {
  it('rebuilds the spot books of the recording to the last unit', async () => {
    const result = await books('spot', capturePath('gateio-spot.ndjson'))
    expect(result.size).toBe(10)
    expect(result.get('OMG/USDT')).toMatchObject({
      sequence: 59231950,
      applied: 50,
      dropped: 1,
      gaps: 0,
      trusted: true,
    })
    expect(result.get('OMG/USDT')!.bids[0]).toEqual(['7.899', '288'])
    expect(result.get('DIS/USDT')!.asks[0]).toEqual(['122.23', '0.00896999'])
    expect(result.get('FAST/USDT')).toMatchObject({ sequence: 1138143, applied: 20, dropped: 1 })
  })

  it('decodes futures frames with sizes in contracts', async () => {
    const result = await books('futures', capturePath('gateio-futures.ndjson'))
    expect(result.get('RDNT/USDT')).toMatchObject({
      sequence: 203083479,
      applied: 61,
      dropped: 9,
      gaps: 0,
      trusted: true,
    })
    expect(result.get('PHB/USDT')!.bids[0]).toEqual(['0.7383', '678'])
  })

  it('trusts no book that lost an update', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-books-'))
    try {
      const lines = (await readFile(capturePath('gateio-spot.ndjson'), 'utf8')).split('\n')
      const updates = lines.flatMap((line, at) =>
        line.includes('order_book_update') && line.includes('OMG_USDT') && line.includes('depthUpdate') ? [at] : [],
      )
      const file = join(folder, 'gap.ndjson')
      await writeFile(file, lines.filter((_, at) => at !== updates[20]).join('\n'))
      expect((await books('spot', file)).get('OMG/USDT')).toMatchObject({ gaps: 1, trusted: false })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('arb books', () => {
  it('names a capture that cannot be read and exits with 2', async () => {
    const run = await new CommandLine().run('books', '--exchange', 'gateio', '--capture', 'no-such-file')
    expect(run.exitCode).toBe(2)
    expect(run.output.notes.join()).toContain('no-such-file')
  })

  it('says which exchanges can replay captures', async () => {
    const run = await new CommandLine().run('books', '--exchange', 'nowhere', '--capture', 'x')
    expect(run.exitCode).not.toBe(0)
    expect(run.output.notes.join()).toContain('gateio')
  })

  it('names lines that are no records and goes on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-books-'))
    try {
      const file = join(folder, 'broken.ndjson')
      await writeFile(file, '{"ts":1}\nnot json\n')
      const run = await new CommandLine().run('books', '--exchange', 'gateio', '--capture', file)
      expect(run.exitCode).toBe(0)
      expect(run.output.notes).toEqual([1, 2].map((line) => `${file}:${line} is no capture record and was left out.`))
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
