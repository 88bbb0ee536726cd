import { createAssetId, OrderBook, UniqueIdSource, type Instrument } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { MarketBoard } from '../market-data/market-board.js'
import { createTestInstrument } from '../testing/create-instrument.js'
import { FixedAccountView } from '../testing/fixed-account-view.js'
import { setBook, type TextLevels } from '../testing/simulated-market-data-feed.js'
import { testStrategyOptions } from '../testing/two-venue-world.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { TriangularOptions } from './triangular-options.js'
import { TriangularStrategy } from './triangular.js'

const pairs = [
  ['BTC', 'USDT'],
  ['ETH', 'USDT'],
  ['ETH', 'BTC'],
  ['SOL', 'USDT'],
  ['SOL', 'BTC'],
] as const

function createWorld(options: Partial<TriangularOptions> = {}, startAssets = ['USDT'], exchanges = ['alpha', 'beta']) {
  const clock = new ManualClock()
  const instruments = exchanges.flatMap((exchange) =>
    pairs.map(([base, quote]) =>
      createTestInstrument({
        exchange,
        base,
        quote,
        ...(quote === 'BTC' && { tickSize: '0.00001', minNotional: '0.0001' }),
      }),
    ),
  )
  const board = new MarketBoard(instruments)
  const account = new FixedAccountView(
    Object.fromEntries(
      exchanges.flatMap((exchange) => ['USDT', 'BTC', 'ETH', 'SOL'].map((a) => [`${exchange}:${a}`, '100000'])),
    ),
  )
  const strategy = new TriangularStrategy({
    board,
    account,
    clock,
    ids: new UniqueIdSource('arb', clock, { next: () => 0 }),
    options: { ...testStrategyOptions, legOrder: 'concurrent', ...options },
    startAssets: startAssets.map(createAssetId),
  })
  const books = new Map<Instrument, OrderBook>()
  const slotOf = (name: string): number => board.instruments.findIndex(({ id }) => id === name)
  const show = (name: string, bids: TextLevels, asks: TextLevels): number => {
    const slot = slotOf(name)
    const instrument = board.instruments[slot]!
    const book = books.get(instrument) ?? new OrderBook(instrument)
    books.set(instrument, book)
    board.onBook(setBook(book, bids, asks, clock.nowUs()))
    return slot
  }
  const calm = (exchange = 'alpha'): void => {
    show(`${exchange}:spot:BTC/USDT`, [['999', '50']], [['1000', '50']])
    show(`${exchange}:spot:ETH/USDT`, [['50', '50']], [['50.1', '50']])
    show(`${exchange}:spot:ETH/BTC`, [['0.05', '50']], [['0.0502', '50']])
    show(`${exchange}:spot:SOL/USDT`, [['10', '500']], [['10.02', '500']])
    show(`${exchange}:spot:SOL/BTC`, [['0.01', '500']], [['0.01004', '500']])
  }
  const cheap = (): number => show('alpha:spot:ETH/BTC', [['0.0485', '50']], [['0.049', '50']])
  return { clock, board, account, strategy, books, show, slotOf, calm, cheap }
}

const legsOf = (verdict: unknown): readonly string[] =>
  (verdict as TradePlan).legs.map(({ side, instrument }) => `${side} ${instrument.symbol}`)

const outcomeOf = (plan: TradePlan, end: TradeOutcome['end']): TradeOutcome =>
  ({ ...plan, end, legs: plan.legs }) as unknown as TradeOutcome

describe('the triangular strategy', () => {
  it('knows the triangles of each exchange and the slots that they need', () => {
    const { strategy } = createWorld()
    expect(strategy.triangles.map(({ crossPair }) => crossPair.id)).toEqual([
      'alpha:spot:ETH/BTC',
      'beta:spot:ETH/BTC',
      'alpha:spot:SOL/BTC',
      'beta:spot:SOL/BTC',
    ])
    expect(strategy.slots).toHaveLength(10)
    expect(createWorld({}, ['BTC']).strategy.triangles).toEqual([])
  })

  it('buys a cheap cross in the way of the money, and sells a dear one the other way round', () => {
    const { strategy, calm, cheap, show } = createWorld()
    calm()
    const plan = strategy.evaluate(cheap()) as TradePlan
    expect(legsOf(plan)).toEqual(['buy BTC/USDT', 'buy ETH/BTC', 'sell ETH/USDT'])
    expect(plan).toMatchObject({
      symbol: 'ETH/BTC',
      profitAsset: 'USDT',
      sending: 'concurrent',
      strategy: 'triangular',
    })
    expect([...plan.surplusPrices.keys()]).toEqual(['BTC', 'ETH'])
    // 50 × 0.999 out, 1000 × 0.049 × 1.001² in: 173 basis points.
    expect(plan.netEdgeBps).toBeCloseTo(173.2, 0)
    const dear = show('alpha:spot:ETH/BTC', [['0.0512', '50']], [['0.0514', '50']])
    expect(legsOf(strategy.evaluate(dear))).toEqual(['buy ETH/USDT', 'sell ETH/BTC', 'sell BTC/USDT'])
  })

  it('sees an edge from a change of any of the three pairs, and none from a pair of another triangle', () => {
    const { strategy, calm, cheap, slotOf } = createWorld()
    calm()
    calm('beta')
    cheap()
    for (const pair of ['BTC/USDT', 'ETH/USDT', 'ETH/BTC'])
      expect(legsOf(strategy.evaluate(slotOf(`alpha:spot:${pair}`)))).toHaveLength(3)
    for (const pair of ['alpha:spot:SOL/BTC', 'alpha:spot:SOL/USDT', 'beta:spot:ETH/BTC'])
      expect(strategy.evaluate(slotOf(pair))).toBe('no_edge')
  })

  it('sees no edge while any of the books quotes nothing', () => {
    const { strategy, calm, cheap, show, slotOf, books, board } = createWorld()
    expect(strategy.evaluate(slotOf('alpha:spot:ETH/BTC'))).toBe('no_edge')
    show('alpha:spot:ETH/USDT', [['50', '50']], [['50.1', '50']])
    expect(strategy.evaluate(slotOf('alpha:spot:ETH/USDT'))).toBe('no_edge')
    calm()
    const slot = cheap()
    const book = books.get(board.instruments[slotOf('alpha:spot:BTC/USDT')]!)!
    book.quarantine('gap')
    board.onBook(book)
    expect(strategy.evaluate(slot)).toBe('no_edge')
  })

  it('tells why books may not be quoted from', async () => {
    const { strategy, calm, cheap, clock, books, board } = createWorld({
      maxAgeSkewUs: 100_000,
      edgeMarginBpsPerSecond: 0,
    })
    calm()
    await clock.advance(200)
    const slot = cheap()
    expect(strategy.evaluate(slot)).toBe('age_skew')
    const book = books.get(board.instruments[slot]!)!
    book.trust = 'syncing'
    expect(strategy.evaluate(slot)).toBe('untrusted_book')
    book.trust = 'trusted'
    await clock.advance(2_000)
    expect(strategy.evaluate(slot)).toBe('stale_quote')
  })

  it('asks for more edge from older books', async () => {
    const { strategy, calm, cheap, clock } = createWorld({ edgeMarginBpsPerSecond: 400 })
    calm()
    const slot = cheap()
    expect(legsOf(strategy.evaluate(slot))).toHaveLength(3)
    await clock.advance(500)
    expect(strategy.evaluate(slot)).toBe('no_edge')
  })

  it('lets the way round that was traded rest, longer after a failure, and no other', async () => {
    const { strategy, calm, cheap, show, clock } = createWorld({ coolDownMs: 100, failureCoolDownMs: 300 })
    calm()
    const plan = strategy.evaluate(cheap()) as TradePlan
    strategy.onOutcome(outcomeOf(plan, 'completed'))
    expect(strategy.evaluate(cheap())).toBe('cool_down')
    const dear = show('alpha:spot:ETH/BTC', [['0.0512', '50']], [['0.0514', '50']])
    expect(legsOf(strategy.evaluate(dear))).toHaveLength(3)
    await clock.advance(100)
    expect(legsOf(strategy.evaluate(cheap()))).toHaveLength(3)
    strategy.onOutcome(outcomeOf(plan, 'unwound'))
    await clock.advance(200)
    calm()
    expect(strategy.evaluate(cheap())).toBe('cool_down')
    strategy.onOutcome({ ...outcomeOf(plan, 'completed'), legs: [] })
  })

  it('takes the best way round, and the next best when it is refused', () => {
    const { strategy, calm, cheap, show, account, slotOf } = createWorld()
    calm()
    cheap()
    show('alpha:spot:SOL/BTC', [['0.0095', '500']], [['0.0097', '500']])
    const btc = slotOf('alpha:spot:BTC/USDT')
    expect((strategy.evaluate(btc) as TradePlan).symbol).toBe('SOL/BTC')
    account.balances['alpha:SOL'] = '0'
    expect((strategy.evaluate(btc) as TradePlan).symbol).toBe('ETH/BTC')
    account.balances['alpha:ETH'] = '0'
    expect(strategy.evaluate(btc)).toBe('balance')
  })

  it('needs nothing but the start asset when its legs wait for each other', () => {
    const { strategy, calm, cheap, account } = createWorld({ legOrder: 'sequential' })
    for (const asset of ['BTC', 'ETH', 'SOL']) account.balances[`alpha:${asset}`] = '0'
    calm()
    expect(strategy.evaluate(cheap())).toMatchObject({ sending: 'sequential' })
  })

  it('refuses a size whose rounding eats the edge', () => {
    const { strategy, calm, cheap } = createWorld({
      maxNotional: testStrategyOptions.minNotional,
      minNotional: testStrategyOptions.minNotional.times(testStrategyOptions.maxSurplusNotional),
      maxSurplusNotional: testStrategyOptions.slackShare,
    })
    calm()
    expect(typeof strategy.evaluate(cheap())).toBe('string')
  })
})
