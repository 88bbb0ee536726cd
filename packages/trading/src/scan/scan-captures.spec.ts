import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Decimal, ExchangeDataException } from '@cex-arbitrage/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readQuoteCapture, type CapturedQuote } from './quote-capture.js'
import { scanCaptures, type CaptureSource } from './scan-captures.js'

const header = 'timestamp_ms,bid_price,bid_qty,ask_price,ask_qty'

async function* quotesOf(rows: readonly (readonly [number, string, string])[]): AsyncGenerator<CapturedQuote> {
  for (const [timestampMs, bid, ask] of rows) {
    await Promise.resolve()
    const one = Decimal.one
    yield {
      timestampMs,
      bidPrice: Decimal.parse(bid),
      askPrice: Decimal.parse(ask),
      bidQuantity: one,
      askQuantity: one,
    }
  }
}

const source = (name: string, rows: readonly (readonly [number, string, string])[]): CaptureSource => ({
  name,
  quotes: quotesOf(rows),
})

async function collect(quotes: AsyncIterable<CapturedQuote>): Promise<CapturedQuote[]> {
  const collected: CapturedQuote[] = []
  for await (const quote of quotes) collected.push(quote)
  return collected
}

describe('a scan of captures', () => {
  it('evaluates each timestamp of the union once, from the first at which both have quoted', async () => {
    const report = await scanCaptures(
      [
        source('one', [
          [1, '99', '100'],
          [3, '99', '100'],
          [3, '98', '99'],
          [6, '99', '100'],
        ]),
        source('two', [
          [2, '101', '102'],
          [3, '100', '101'],
          [5, '99', '100'],
        ]),
      ],
      Decimal.parse('5'),
    )
    // 2: 101/100; 3: 100/99; 5: 99/99; 6: 99/100, and the other way 99/102, 98/101, 98/100, 99/100.
    expect(report).toEqual({
      rows: 4,
      directions: [
        {
          buy: 'one',
          sell: 'two',
          rowsGrossPositive: 2,
          rowsNetPositive: 2,
          bestNetBps: 90.95959596,
          medianGrossBps: 50,
          firstPositiveMs: 2,
          lastPositiveMs: 3,
        },
        {
          buy: 'two',
          sell: 'one',
          rowsGrossPositive: 0,
          rowsNetPositive: 0,
          bestNetBps: -109.95,
          medianGrossBps: -247.05882353,
          firstPositiveMs: null,
          lastPositiveMs: null,
        },
      ],
    })
  })

  it('does not count a net of exactly nothing', async () => {
    // 10005 × 0.9995 is 9995 × 1.0005.
    const even = await scanCaptures(
      [source('a', [[1, '1', '9995']]), source('b', [[1, '10005', '20000']])],
      Decimal.parse('5'),
    )
    expect(even.directions[0]).toMatchObject({ rowsGrossPositive: 1, rowsNetPositive: 0, bestNetBps: 0 })
  })

  it('compares every ordered pair of more than two', async () => {
    const row = [[1, '1', '2']] as const
    const { directions } = await scanCaptures([source('a', row), source('b', row), source('c', row)], Decimal.zero)
    expect(directions.map(({ buy, sell }) => buy + sell)).toEqual(['ab', 'ac', 'ba', 'bc', 'ca', 'cb'])
  })

  it('reports no numbers where the captures never quoted together', async () => {
    const report = await scanCaptures([source('a', [[1, '1', '2']]), source('b', [])], Decimal.zero)
    expect(report.rows).toBe(0)
    expect(report.directions[0]).toMatchObject({ bestNetBps: null, medianGrossBps: null, firstPositiveMs: null })
  })

  it('needs two captures', async () => {
    await expect(scanCaptures([source('a', [])], Decimal.zero)).rejects.toThrow(RangeError)
  })
})

describe('reading a capture', () => {
  let folder = ''
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'capture-'))))
  afterEach(() => rm(folder, { recursive: true }))

  const read = async (name: string, content: string | Buffer): Promise<CapturedQuote[]> => {
    const path = join(folder, name)
    await writeFile(path, content)
    return collect(readQuoteCapture(path))
  }

  it('reads plain and compressed files alike', async () => {
    const text = `${header}\n1,0.1,5,0.2,6\n2,0.1,5,0.3,6\n\n`
    const plain = await read('quotes.csv', text)
    expect(plain.map(({ timestampMs, askPrice }) => [timestampMs, askPrice.toString()])).toEqual([
      [1, '0.2'],
      [2, '0.3'],
    ])
    expect(await read('quotes.csv.gz', gzipSync(text))).toEqual(plain)
  })

  it.each([
    ['another header', 'a,b\n1,2,3,4,5\n', 'line 1'],
    ['an empty file', '', 'line 1'],
    ['too few fields', `${header}\n1,2,3,4\n`, 'line 2'],
    ['a word for a number', `${header}\n1,2,3,4,5\n2,x,3,4,5\n`, 'line 3'],
    ['a price of nothing', `${header}\n1,0,3,4,5\n`, 'line 2'],
    ['a broken time', `${header}\n1.5,2,3,4,5\n`, 'line 2'],
    ['time running backwards', `${header}\n5,2,3,4,5\n4,2,3,4,5\n`, 'line 3'],
  ])('refuses %s and names the line', async (_, content, line) => {
    const reading = read('quotes.csv', content)
    await expect(reading).rejects.toThrow(ExchangeDataException)
    await expect(reading).rejects.toThrow(line)
  })

  it('fails on a file that is missing or not what its name says', async () => {
    const drain = (path: string): Promise<CapturedQuote[]> => collect(readQuoteCapture(path))
    await expect(drain(join(folder, 'missing.csv'))).rejects.toThrow('ENOENT')
    await expect(drain(join(folder, 'missing.csv.gz'))).rejects.toThrow('ENOENT')
    await expect(read('text.csv.gz', `${header}\n1,2,3,4,5\n`)).rejects.toThrow('incorrect header check')
  })

  it('closes the file when it is left early', async () => {
    const path = join(folder, 'long.csv')
    await writeFile(path, `${header}\n${Array.from({ length: 5000 }, (_, i) => `${i},1,1,2,1`).join('\n')}\n`)
    for await (const quote of readQuoteCapture(path)) if (quote.timestampMs === 3) break
    expect((await collect(readQuoteCapture(path))).length).toBe(5000)
  })
})

describe('the recorded quotes of LUNC/USDT', () => {
  const folder = process.env['CEX_ARBITRAGE_CAPTURES'] ?? join(import.meta.dirname, '../../../../../shared/captures')
  const mexc = join(folder, 'mexc-spot-lunc-usdt.csv.gz')
  const gateio = join(folder, 'gateio-futures-lunc-usdt.csv.gz')
  const absent = !existsSync(mexc) && process.env['CI'] === undefined

  it.skipIf(absent)('come to what an independent calculation in fractions says', async () => {
    const captures = [
      { name: 'mexc:spot:LUNC/USDT', quotes: readQuoteCapture(mexc) },
      { name: 'gateio:futures:LUNC/USDT', quotes: readQuoteCapture(gateio) },
    ]
    expect(await scanCaptures(captures, Decimal.parse('5'))).toEqual({
      rows: 15_002,
      directions: [
        {
          buy: 'mexc:spot:LUNC/USDT',
          sell: 'gateio:futures:LUNC/USDT',
          rowsGrossPositive: 122,
          rowsNetPositive: 14,
          bestNetBps: 89.95,
          medianGrossBps: -11.27713561,
          firstPositiveMs: 1_760_157_933_020,
          lastPositiveMs: 1_760_159_796_272,
        },
        {
          buy: 'gateio:futures:LUNC/USDT',
          sell: 'mexc:spot:LUNC/USDT',
          rowsGrossPositive: 2309,
          rowsNetPositive: 96,
          bestNetBps: 149.04252401,
          medianGrossBps: -2.80347631,
          firstPositiveMs: 1_760_156_381_143,
          lastPositiveMs: 1_760_161_904_886,
        },
      ],
    })
  })
})
