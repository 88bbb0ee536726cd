import { Decimal, VirtualClock, type FeeSchedule } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MarketBoard } from '../market-data/market-board.js'
import type { CapturedQuote } from '../scan/quote-capture.js'
import { scanCaptures } from '../scan/scan-captures.js'
import { CapturedExchange } from './captured-exchange.js'
import { CrossingTally } from './crossing-tally.js'
import { OpportunityMeter } from './opportunity-meter.js'
import { loadQuoteSeries, type QuoteSeries } from './quote-series.js'
import { commonStartMs, replayQuotes } from './replay-quotes.js'

const feeBps = 5
const fees: FeeSchedule = { maker: Decimal.zero, taker: Decimal.of(feeBps, 4), assetRule: 'quote' }
const one = Decimal.one
const startMs = 1_000_000

type Row = readonly [ms: number, bid: string, ask: string]
async function* quotesOf(rows: readonly Row[], quantity = '2.5'): AsyncGenerator<CapturedQuote> {
  for (const [ms, bid, ask] of rows) {
    const amount = Decimal.parse(quantity)
    const [bidPrice, askPrice] = [Decimal.parse(bid), Decimal.parse(ask)]
    yield { timestampMs: startMs + ms, bidPrice, bidQuantity: amount, askPrice, askQuantity: amount }
  }
}

const load = (name: string, rows: readonly Row[], contractSize = one, quantity?: string): Promise<QuoteSeries> =>
  loadQuoteSeries(quotesOf(rows, quantity), { name, fees, contractSize })

/** Plays series side by side and gives what was seen. */
async function play(series: readonly QuoteSeries[], isBusy = false) {
  const clock = new VirtualClock(commonStartMs(series) - 500)
  const exchanges = series.map((each) => new CapturedExchange(each, clock))
  const board = new MarketBoard(series.map(({ instrument }) => instrument))
  const meter = new OpportunityMeter(board, clock)
  for (const { marketData } of exchanges) {
    await board.attach(marketData, [...board.instruments])
    marketData.addListener(meter)
  }
  const tally = new CrossingTally(series)
  const times: number[] = []
  const shown = await replayQuotes({
    sources: series.map((each, index) => ({ series: each, feed: exchanges[index]!.marketData })),
    clock,
    isBusy: () => isBusy,
    onRow: (timestampMs, rows) => {
      expect(clock.nowMs()).toBe(timestampMs)
      times.push(timestampMs - startMs)
      tally.add(rows)
    },
  })
  return { clock, exchanges, meter, tally, times, shown }
}

describe('a replay of captures', () => {
  it('shows quotes at their times, from when all have begun, with the newest of those before', async () => {
    const early = await load('a:spot:B/Q', [
      [0, '9', '10'],
      [5, '9.1', '10'],
      [20, '9.2', '10'],
    ])
    const late = await load('b:spot:B/Q', [
      [10, '9', '10'],
      [20, '9', '10.5'],
    ])
    for (const isBusy of [false, true]) {
      const { times, shown, exchanges } = await play([early, late], isBusy)
      expect(times).toEqual([10, 20])
      expect(shown).toBe(4)
      expect(exchanges[0]!.marketData.health).toMatchObject({ connected: true, frames: 2 })
    }
  })

  it('counts crossed quotes as a scan does', async () => {
    const price = fc.integer({ min: 9_990, max: 10_010 })
    const row = fc.tuple(fc.integer({ min: 1, max: 3 }), price, fc.integer({ min: 1, max: 5 }))
    const rows = fc.array(row, { minLength: 1, maxLength: 30 }).map((steps): Row[] => {
      let ms = 0
      return steps.map(([step, bid, spread]) => [
        (ms += step),
        (bid / 1_000).toFixed(3),
        ((bid + spread) / 1_000).toFixed(3),
      ])
    })
    await fc.assert(
      fc.asyncProperty(rows, rows, async (a, b) => {
        const names = ['a:spot:B/Q', 'b:spot:B/Q'] as const
        const { tally } = await play([await load(names[0], a), await load(names[1], b)])
        const scan = await scanCaptures(
          [
            { name: names[0], quotes: quotesOf(a) },
            { name: names[1], quotes: quotesOf(b) },
          ],
          Decimal.of(feeBps),
        )
        expect(tally.rows).toBe(scan.rows)
        expect(tally.counts()).toEqual(
          scan.directions.map(({ buy, sell, rowsGrossPositive, rowsNetPositive }) => ({
            buy,
            sell,
            rowsGrossPositive,
            rowsNetPositive,
          })),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('measures how long an edge lives and how large it grows', async () => {
    const still = await load('a:spot:B/Q', [
      [0, '9.9', '10'],
      [100, '9.9', '10'],
    ])
    const moving = await load('b:spot:B/Q', [
      [0, '9.9', '10'],
      [10, '10.1', '10.2'],
      [30, '10.2', '10.3'],
      [70, '9.9', '10'],
    ])
    const { meter } = await play([still, moving])
    meter.finish()
    expect(meter.spells).toHaveLength(1)
    expect(meter.spells[0]).toMatchObject({
      symbol: 'B/Q',
      buy: 'a',
      sell: 'b',
      startMs: startMs + 10,
      durationUs: 60_000,
    })
    // 10.2 × 0.9995 sold against 10 × 1.0005 paid.
    expect(meter.spells[0]!.maxNetEdgeBps).toBeCloseTo(((10.2 * 0.9995) / (10 * 1.0005) - 1) * 10_000, 6)
    expect([...meter.histogram.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3)
  })

  it('ends what is still open at the end', async () => {
    const low = await load('a:spot:B/Q', [
      [0, '9.9', '10'],
      [50, '9.9', '10'],
    ])
    const high = await load('b:spot:B/Q', [[0, '10.5', '10.6']])
    const { meter } = await play([low, high])
    expect(meter.spells).toHaveLength(0)
    meter.finish()
    expect(meter.spells).toMatchObject([{ durationUs: 50_000 }])
  })
})

describe('a capture as an instrument', () => {
  it('counts contracts as the base they stand for, one contract a lot', async () => {
    const series = await load('gateio:futures:B/Q', [[0, '9', '10']], Decimal.of(10_000), '3')
    const { instrument } = series
    expect(instrument).toMatchObject({ exchange: 'gateio-futures', symbol: 'B/Q', marketType: 'spot' })
    expect(instrument.lotsToQuantity(series.bidLots[0]!).toString()).toBe('30000')
    expect(instrument.lotSize.toString()).toBe('10000')
  })

  it('is refused without quotes or with a name that says no market', async () => {
    await expect(load('a:spot:B/Q', [])).rejects.toThrow('is empty')
    await expect(load('a', [[0, '9', '10']])).rejects.toThrow('names no market')
  })

  it('answers what it knows and refuses what a capture does not hold', async () => {
    const series = await load('a:spot:B/Q', [[0, '9', '10']])
    const exchange = new CapturedExchange(series, new VirtualClock(startMs))
    expect(await exchange.fetchInstruments()).toEqual([series.instrument])
    expect(await exchange.fetchServerTime()).toEqual({ exchangeTimeMs: startMs, offsetMs: 0, roundTripMs: 0 })
    expect(exchange.marketData.book(series.instrument.id)?.trust).toBe('syncing')
    for (const ask of ['fetchOrderBook', 'fetchTrades', 'fetchTicker', 'fetchCandles'] as const)
      await expect(exchange[ask]()).rejects.toThrow('has no')
    await exchange.marketData.unsubscribe()
    await exchange.close()
  })
})
