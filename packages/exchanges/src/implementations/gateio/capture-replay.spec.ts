import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CaptureRecord, CaptureReplay, ReplayedBook } from '../../interfaces/capture-replay.js'
import { GateioFuturesCaptureReplay, GateioSpotCaptureReplay } from './capture-replay.js'

const root = fileURLToPath(new URL('../../../../../', import.meta.url))
const folder = process.env['CEX_ARBITRAGE_CAPTURES'] ?? `${root}../shared/captures`
const isThere = existsSync(`${folder}/gateio-spot.ndjson`)
const mustBeThere = process.env['CI'] !== undefined && process.env['CI'] !== ''

function readRecords(name: string): readonly CaptureRecord[] {
  const text = readFileSync(`${folder}/${name}`, 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CaptureRecord)
}

function replay(into: CaptureReplay, records: readonly CaptureRecord[]): readonly ReplayedBook[] {
  for (const record of records) into.accept(record)
  return into.books()
}

const row = ({ book, applied, dropped, gaps }: ReplayedBook): readonly unknown[] => {
  const { instrument, bids, asks } = book
  const price = (ticks: number): string => instrument.ticksToPrice(ticks).toString()
  const quantity = (lots: number): string => instrument.lotsToQuantity(lots).toString()
  return [
    instrument.symbol,
    book.sequence,
    gaps,
    dropped,
    applied,
    `${price(bids.priceTicksAt(0))} x ${quantity(bids.quantityLotsAt(0))}`,
    `${price(asks.priceTicksAt(0))} x ${quantity(asks.quantityLotsAt(0))}`,
    `${bids.depth}/${asks.depth}`,
    book.trust,
  ]
}

// Counted by a script over the captures, independent of this code.
const expectedSpot = [
  ['BTC/USDC', 13035634, 0, 2, 0, '54272.19 x 0.0589', '55070.74 x 0.05822', '46/43'],
  ['DIS/USDT', 1750488, 0, 0, 17, '121.5 x 0.148', '122.23 x 0.00896999', '100/100'],
  ['FAST/USDT', 1138143, 0, 1, 20, '10.21 x 36.50154112', '10.62 x 25.96795888', '53/100'],
  ['HAI/ETH', 2691456, 0, 1, 5, '0.00010324 x 5997.415', '0.00010397 x 5885.172', '35/38'],
  ['INK/USDT', 2509482, 0, 1, 0, '0.0028144 x 64918.872', '0.0029543 x 70737.25', '48/100'],
  ['NANO/USDT', 8008166, 0, 1, 4, '8.7411 x 0.197', '8.8542 x 51.62831', '100/100'],
  ['NEO/BTC', 31244121, 0, 3, 36, '0.0018659 x 0.5', '0.001873 x 5.24738', '100/100'],
  ['OMG/USDT', 59231950, 0, 1, 50, '7.899 x 288', '7.927 x 316.6', '100/100'],
  ['QTUM3S/USDT', 69527041, 0, 2, 16, '0.22759 x 1860.2968', '0.228407 x 7344.33', '75/60'],
  ['ZKS/ETH', 11077674, 0, 1, 11, '0.001005 x 88.613', '0.001038 x 453.60214', '42/100'],
].map((each) => [...each, 'trusted'])
const expectedFutures = [
  ['DIA/USDT', 58251407, 0, 2, 0, '0.285 x 1203', '0.2891 x 2916', '28/31'],
  ['FRONT/USDT', 244770089, 0, 1, 5, '0.1703 x 2013', '0.1727 x 1985', '26/22'],
  ['LIT/USDT', 943784239, 0, 3, 2, '0.8323 x 479', '0.8361 x 479', '51/50'],
  ['OMG/USDT', 3132789386, 0, 8, 101, '0.7703 x 42', '0.7711 x 129', '68/100'],
  ['PHB/USDT', 6160440, 0, 4, 69, '0.7383 x 678', '0.7393 x 677', '38/59'],
  ['QUICK/USDT', 124930286, 0, 3, 13, '56.91 x 100', '57 x 46', '36/62'],
  ['RDNT/USDT', 203083479, 0, 9, 61, '0.297 x 500', '0.2974 x 63', '66/81'],
  ['SFP/USDT', 489455956, 0, 2, 7, '0.4071 x 981', '0.4081 x 3527', '42/46'],
  ['WOO/USDT', 536376123, 0, 3, 57, '0.2101 x 2803', '0.2104 x 2000', '70/83'],
  ['ZRX/USDT', 571312382, 0, 1, 1, '0.2232 x 1597', '0.2237 x 6893', '49/53'],
].map((each) => [...each, 'trusted'])
const bySymbol = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1)

describe('the replay of Gate.io captures', () => {
  it('has the captures where they must be', () => {
    expect(isThere || !mustBeThere).toBe(true)
  })

  it.skipIf(!isThere)('ends recorded spot traffic on the books that a count by script gives', () => {
    const books = replay(new GateioSpotCaptureReplay(), readRecords('gateio-spot.ndjson'))
    expect(books.map(row).toSorted(bySymbol)).toEqual(expectedSpot)
  })

  it.skipIf(!isThere)('ends recorded futures traffic on the books that a count by script gives', () => {
    const books = replay(new GateioFuturesCaptureReplay(), readRecords('gateio-futures.ndjson'))
    expect(books.map(row).toSorted(bySymbol)).toEqual(expectedFutures)
  })

  it.skipIf(!isThere)('never trusts a wrong book when frames are lost, repeated, swapped or damaged', () => {
    const records = readRecords('gateio-spot.ndjson')
    const truth = new Map(expectedSpot.map((each) => [each[0], each]))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'repeat', 'swap', 'damage')), { maxLength: 12 }),
        (faults) => {
          const changed = [...records]
          for (const [at, fault] of faults) {
            const i = at % changed.length
            const record = changed[i]!
            if (fault === 'drop') changed.splice(i, 1)
            else if (fault === 'repeat') changed.splice(i, 0, record)
            else if (fault === 'damage') changed[i] = { ...record, body: record.body.slice(0, record.body.length >> 1) }
            else if (i > 0) [changed[i - 1], changed[i]] = [record, changed[i - 1]!]
          }
          for (const replayed of replay(new GateioSpotCaptureReplay(), changed)) {
            const expected = truth.get(replayed.book.instrument.symbol)!
            if (replayed.book.trust !== 'trusted' || replayed.book.sequence !== expected[1]) continue
            expect(row(replayed).slice(5)).toEqual(expected.slice(5))
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

const httpRecord = (symbol: string, body: unknown): CaptureRecord => ({
  ts: 1,
  kind: 'http',
  dir: 'in',
  url: `https://api.gateio.ws/api/v4/spot/order_book?currency_pair=${symbol}&limit=100&with_id=true`,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const wsRecord = (body: unknown, dir: 'in' | 'out' = 'in'): CaptureRecord => ({
  ts: 2,
  kind: 'ws',
  dir,
  url: 'wss://api.gateio.ws/ws/v4/',
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const update = (U: number, u: number, b: unknown[], extra: object = {}): CaptureRecord =>
  wsRecord({
    time: 1,
    channel: 'spot.order_book_update',
    event: 'update',
    result: { t: 1, e: 'depthUpdate', s: 'A_B', U, u, b, a: [], ...extra },
  })
const snapshot = httpRecord('A_B', { id: 10, asks: [['2', '1']], bids: [['1', '1']] })

describe('a capture with something wrong', () => {
  it('shows a book without a snapshot as untrusted', () => {
    const [only] = replay(new GateioSpotCaptureReplay(), [update(11, 11, [['1.5', '1']])])
    expect(only).toMatchObject({ applied: 0, dropped: 0, gaps: 0, book: { trust: 'syncing' } })
  })

  it('counts a gap and trusts the book again after a later snapshot', () => {
    const records = [snapshot, update(11, 11, [['1.1', '1']]), update(14, 14, [['1.2', '1']])]
    const [gapped] = replay(new GateioSpotCaptureReplay(), records)
    expect(gapped).toMatchObject({ applied: 1, gaps: 1, book: { trust: 'quarantined', quarantineCause: 'gap' } })
    const healed = httpRecord('A_B', { id: 14, update: 5, asks: [['2', '1']], bids: [['1.2', '1']] })
    const [trusted] = replay(new GateioSpotCaptureReplay(), [...records, healed])
    expect(trusted).toMatchObject({ applied: 1, dropped: 1, gaps: 1, book: { trust: 'trusted', sequence: 14 } })
  })

  it('passes over what is no book, and what cannot be read', () => {
    const replayed = new GateioSpotCaptureReplay()
    for (const record of [
      wsRecord('not json'),
      wsRecord({ channel: 'spot.trades', event: 'update', result: {} }),
      wsRecord({ channel: 'spot.order_book_update', event: 'subscribe', result: { status: 'success' } }),
      wsRecord({ channel: 'spot.order_book_update', event: 'subscribe', payload: ['A_B', '100ms'] }, 'out'),
      wsRecord({ channel: 'spot.order_book_update', event: 'update', result: { s: 7 } }),
      wsRecord({ channel: 'spot.order_book_update', event: 'update', result: { s: 'noPair', t: 1, U: 1, u: 1 } }),
      httpRecord('A_B', '<html>'),
      httpRecord('', { id: 1, asks: [], bids: [] }),
      { ...snapshot, url: 'https://api.gateio.ws/api/v4/futures/usdt/order_book?contract=A_B' },
      { ...snapshot, url: 'https://api.gateio.ws/api/v4/spot/trades?currency_pair=A_B' },
      { ...snapshot, url: 'nowhere' },
    ])
      replayed.accept(record)
    expect(replayed.books()).toEqual([])
    expect(replay(replayed, [snapshot])).toHaveLength(1)
  })

  it('distrusts a book of which a frame is damaged', () => {
    const records = [snapshot, update(11, 11, [['1.1', '1']]), update(12, 12, [['x', '1']])]
    const [only] = replay(new GateioSpotCaptureReplay(), records)
    expect(only).toMatchObject({ book: { trust: 'quarantined', quarantineCause: 'corrupt' } })
  })

  it('replays obu streams, which bring their own snapshots', () => {
    const obu = (result: object): CaptureRecord => wsRecord({ channel: 'spot.obu', event: 'update', result })
    const [only] = replay(new GateioSpotCaptureReplay(), [
      obu({ t: 1, full: true, s: 'ob.A_B.50', u: 5, b: [['1', '1']], a: [['2', '1']] }),
      obu({ t: 2, s: 'ob.A_B.50', U: 6, u: 7, b: [['1.25', '3.5']] }),
    ])
    expect(row(only!)).toEqual(['A/B', 7, 0, 0, 1, '1.25 x 3.5', '2 x 1', '2/1', 'trusted'])
    const [twenty] = replay(new GateioSpotCaptureReplay(), [snapshot, update(11, 11, [['1.1', '1']], { l: '20' })])
    expect(twenty!.book.trust).toBe('trusted')
    const [deep] = replay(new GateioSpotCaptureReplay(), [obu({ t: 1, full: true, s: 'ob.A_B.400', u: 5 })])
    expect(deep!.book.sequence).toBe(5)
  })
})
