import {
  Decimal,
  SeededRandom,
  SymbolException,
  Instrument,
  parseSymbol,
  systemClock,
  usPerMs,
} from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import type { ConformanceFault } from './conformance-venue.js'
import type { WithBench } from './describe-conformance.js'
import { expectTrueLevels, inBase, plain } from './truth-checks.js'
import type { ConformanceBench } from './conformance-bench.js'

const framesPerRun = 15
const mostChanges = 600
const bookFaults: readonly ConformanceFault[] = [
  { kind: 'drop', probability: 0.2 },
  { kind: 'duplicate', probability: 0.4 },
  { kind: 'reorder', probability: 0.3 },
  { kind: 'truncate', probability: 0.1 },
  { kind: 'gap', count: 3 },
]

/** Lets a ladder of house orders come and go around 100, until so many frames have shown it. */
async function moveMarket(bench: ConformanceBench): Promise<void> {
  const { marketData } = bench.venue.publicExchange
  const untilFrames = marketData.health.frames + framesPerRun
  const random = new SeededRandom(7)
  const standing: string[] = []
  for (let change = 0; change < mostChanges && marketData.health.frames < untilFrames; change++) {
    if (standing.length > 30 || (standing.length > 10 && random.next() < 0.4)) {
      const [id] = standing.splice(random.integer(0, standing.length - 1), 1)
      bench.venue.cancelHouseOrder(id!)
    } else {
      const side = random.next() < 0.5 ? 'buy' : 'sell'
      const price = side === 'buy' ? 100 - random.integer(1, 40) / 10 : 100 + random.integer(1, 40) / 10
      standing.push(bench.venue.placeHouseOrder(side, price.toFixed(1), (random.integer(1, 500) / 100).toFixed(2)))
    }
    // Some changes share a frame, most have their own.
    if (random.next() < 0.5) await new Promise<void>((resolve) => void setTimeout(resolve, 4))
  }
}

const ageMs = ({ book }: ConformanceBench): number => (systemClock.nowUs() - book.receivedAtUs) / usPerMs

/** Puts the best prices where they say, with a level behind. */
function quote(bench: ConformanceBench): void {
  const { venue } = bench
  venue.placeHouseOrder('buy', '99.5', '2')
  venue.placeHouseOrder('buy', '99', '3')
  venue.placeHouseOrder('sell', '100.5', '2')
  venue.placeHouseOrder('sell', '101', '3')
}

/** Instruments, queries and the book's stream, with and without faults. */
export function describeMarketData(withBench: WithBench): void {
  describe('market data', () => {
    it(
      'lists the instrument with its grids and limits',
      withBench((bench) => {
        const { instrument } = bench
        expect(instrument.status).toBe('trading')
        expect(instrument.tickSize.sign).toBe(1)
        expect(instrument.lotSize.sign).toBe(1)
        expect(instrument.exchange).toBe(bench.venue.publicExchange.exchange)
        expect(instrument.fees.taker.sign).toBeGreaterThanOrEqual(0)
      }),
    )

    it(
      'measures a clock that is ahead',
      withBench(async ({ venue }) => {
        venue.inject({ kind: 'clock_skew', offsetMs: 20_000 })
        const { offsetMs, roundTripMs } = await venue.publicExchange.fetchServerTime()
        expect(Math.abs(offsetMs - 20_000)).toBeLessThan(roundTripMs / 2 + 5)
      }),
    )

    it(
      'answers the book as it is, as deep as asked',
      withBench(async (bench) => {
        quote(bench)
        for (const depth of [1, 10]) {
          const book = await bench.venue.publicExchange.fetchOrderBook(bench.instrument, depth)
          const truth = bench.venue.truth.bookAt(book.sequence)!
          expectTrueLevels(book.bids, truth.bids, depth, bench.instrument)
          expectTrueLevels(book.asks, truth.asks, depth, bench.instrument)
        }
      }),
    )

    it(
      'answers trades, ticker and candles',
      withBench(async (bench) => {
        const { publicExchange, truth } = bench.venue
        quote(bench)
        bench.venue.placeHouseOrder('buy', '100.5', '0.5')
        bench.venue.placeHouseOrder('sell', '99.5', '0.25')
        const trades = await publicExchange.fetchTrades(bench.instrument, 10)
        expect(
          trades.map(({ price, quantity, side }) => [price.toString(), inBase(quantity, bench.instrument), side]),
        ).toEqual(
          truth
            .trades()
            .toReversed()
            .map(({ price, quantity, side }) => [plain(price), plain(quantity), side]),
        )
        const ticker = await publicExchange.fetchTicker(bench.instrument)
        expect([ticker.bestBid, ticker.bestAsk, ticker.last].map(String)).toEqual(['99.5', '100.5', '99.5'])
        const candles = await publicExchange.fetchCandles(bench.instrument, { interval: '1m', limit: 2 })
        expect(candles.at(-1)!.close.toString()).toBe('99.5')
        expect(candles.map((each) => each.openTimeMs)).toEqual(
          candles.map((each) => each.openTimeMs).toSorted((a, b) => a - b),
        )
      }),
    )

    it(
      'keeps the streamed book equal to the truth at every counter',
      withBench(async (bench) => {
        quote(bench)
        await bench.follow()
        await bench.bookIsCurrent()
        await moveMarket(bench)
        bench.venue.placeHouseOrder('buy', '100', '1')
        await bench.bookIsCurrent()
        expect(bench.checkedBooks).toBeGreaterThan(3)
        const { books } = bench.venue.publicExchange.marketData.health
        expect(books).toMatchObject({ gaps: 0, crossed: 0, quarantines: 0, resyncs: 1 })
      }),
    )

    it(
      'streams trades as they happen',
      withBench(async (bench) => {
        quote(bench)
        await bench.follow()
        await bench.bookIsCurrent()
        bench.venue.placeHouseOrder('buy', '100.5', '0.5')
        bench.venue.placeHouseOrder('sell', '99.5', '0.25')
        await bench.until(() => bench.trades.length >= 2, 'two trades')
        expect(
          bench.trades.map(({ price, quantity, side }) => [price.toString(), inBase(quantity, bench.instrument), side]),
        ).toEqual([
          ['100.5', '0.5', 'buy'],
          ['99.5', '0.25', 'sell'],
        ])
      }),
    )

    it(
      'refuses an instrument that the venue does not know and keeps the others',
      withBench(async (bench) => {
        quote(bench)
        await bench.follow()
        const stranger = strangerTo(bench.instrument)
        await expect(bench.venue.publicExchange.marketData.subscribe([stranger])).rejects.toBeInstanceOf(
          SymbolException,
        )
        expect(bench.venue.publicExchange.marketData.book(stranger.id)).toBeUndefined()
        await bench.bookIsCurrent()
        await expect(bench.venue.publicExchange.fetchOrderBook(stranger)).rejects.toBeInstanceOf(SymbolException)
      }),
    )

    it(
      'stops following on request',
      withBench(async (bench) => {
        quote(bench)
        await bench.follow()
        await bench.bookIsCurrent()
        await bench.venue.publicExchange.marketData.unsubscribe([bench.instrument])
        expect(bench.venue.publicExchange.marketData.book(bench.instrument.id)).toBeUndefined()
      }),
    )

    it.each(bookFaults)('never trusts a wrong book under $kind, and is right again afterwards', (fault) =>
      withBench(async (bench) => {
        quote(bench)
        await bench.follow()
        await bench.bookIsCurrent()
        bench.venue.inject(fault)
        await moveMarket(bench)
        bench.venue.clearFaults()
        // One more change, at the touch where every stream tells it, shows what was lost last.
        bench.venue.placeHouseOrder('buy', '100', '1')
        await bench.bookIsCurrent()
        expect(bench.checkedBooks).toBeGreaterThan(0)
      })(),
    )

    it(
      'lets the age of a book tell that its stream has stalled',
      withBench(async (bench) => {
        quote(bench)
        await bench.follow()
        await bench.bookIsCurrent()
        bench.venue.inject({ kind: 'stall' })
        const before = bench.book.receivedAtUs
        bench.venue.placeHouseOrder('buy', '99.6', '1')
        await new Promise<void>((resolve) => void setTimeout(resolve, 60))
        expect(bench.book.receivedAtUs).toBe(before)
        expect(bench.book.distrust(before + 60_000, 50_000)).toBe('stale')
        bench.venue.clearFaults()
        bench.venue.placeHouseOrder('buy', '99.7', '1')
        await bench.bookIsCurrent()
      }),
    )

    it(
      'finds out within seconds that the stream of a busy book has stalled, and connects anew',
      withBench(async (bench) => {
        quote(bench)
        await bench.follow()
        await bench.bookIsCurrent()
        const { marketData } = bench.venue.publicExchange
        while (marketData.health.frames < 3 * framesPerRun) await moveMarket(bench)
        bench.venue.inject({ kind: 'stall' })
        const moving = setInterval(() => {
          bench.venue.cancelHouseOrder(bench.venue.placeHouseOrder('buy', '99.6', '1'))
        }, 50)
        await bench
          .until(() => marketData.health.reconnects > 0, 'a new connection', 20_000)
          .finally(() => clearInterval(moving))
        bench.venue.clearFaults()
        bench.venue.placeHouseOrder('buy', '99.7', '1')
        await bench.bookIsCurrent()
      }),
    )

    it(
      'believes the times of frames again soon after the exchange has set its clock back',
      withBench(async (bench) => {
        quote(bench)
        await bench.follow()
        bench.venue.inject({ kind: 'clock_skew', offsetMs: 2_000 })
        await moveMarket(bench)
        bench.venue.clearFaults()
        await bench.until(() => ageMs(bench) > 1_500, 'a book that looks old')
        const moving = setInterval(() => {
          bench.venue.cancelHouseOrder(bench.venue.placeHouseOrder('buy', '99.6', '1'))
        }, 50)
        await bench.until(() => ageMs(bench) < 500, 'a young book', 12_000).finally(() => clearInterval(moving))
      }),
    )

    it(
      'distrusts every book while it is disconnected, and comes back',
      withBench(async (bench) => {
        quote(bench)
        await bench.follow()
        await bench.bookIsCurrent()
        const trusts: string[] = []
        bench.venue.publicExchange.marketData.addListener({
          onBook: (book) => void trusts.push(book.trust === 'quarantined' ? book.quarantineCause : book.trust),
        })
        bench.venue.inject({ kind: 'disconnect', scope: 'public' })
        await bench.until(() => trusts.includes('disconnected'), 'the break to be told')
        bench.venue.clearFaults()
        const { marketData } = bench.venue.publicExchange
        await bench.until(() => marketData.health.connected, 'a new connection')
        bench.venue.placeHouseOrder('buy', '99.8', '1')
        await bench.bookIsCurrent()
        expect(marketData.health).toMatchObject({ connected: true, reconnects: 1 })
      }),
    )
  })
}

/** The same rules under a name that nobody lists. */
function strangerTo(instrument: Instrument): Instrument {
  const { symbol, base, quote: quoteAsset } = parseSymbol('NOSUCH/USDT')
  return new Instrument({
    exchange: instrument.exchange,
    marketType: instrument.marketType,
    symbol,
    base,
    quote: quoteAsset,
    exchangeSymbol: instrument.exchangeSymbol.replace(instrument.base, base).replace(instrument.quote, quoteAsset),
    tickSize: instrument.tickSize,
    lotSize: instrument.lotSize,
    priceDecimals: instrument.priceDecimals,
    quantityDecimals: instrument.quantityDecimals,
    fees: { maker: Decimal.zero, taker: Decimal.zero, assetRule: instrument.fees.assetRule },
    status: 'trading',
  })
}
