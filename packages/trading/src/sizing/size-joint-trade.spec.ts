import { Decimal, OrderBook, type FeeAssetRule, type Instrument } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-instrument.js'
import { setBook, type TextLevels } from '../testing/simulated-market-data-feed.js'
import { orderBreach } from './order-rules.js'
import { PairTerms } from './pair-terms.js'
import { sizeJointTrade } from './size-joint-trade.js'
import type { SizedPair, SizingLimits, SizingRefusal, SizingRequest } from './sizing-request.js'

const decimal = (text: string): Decimal => Decimal.parse(text)

const generous: SizingLimits = {
  minNotional: decimal('0'),
  maxNotional: decimal('1000000'),
  maxPriceDeviation: decimal('0.5'),
  unwindMargin: decimal('0.02'),
  maxSurplusNotional: decimal('1000'),
  slackShare: Decimal.zero,
}

interface World {
  readonly buy?: Parameters<typeof createTestInstrument>[0]
  readonly sell?: Parameters<typeof createTestInstrument>[0]
  readonly buyBook?: readonly [bids: TextLevels, asks: TextLevels]
  readonly sellBook?: readonly [bids: TextLevels, asks: TextLevels]
  readonly funds?: readonly [buyQuote: string, sellBase: string, sellQuote: string]
  readonly limits?: Partial<SizingLimits>
  readonly requiredEdgeBps?: number
}

function requestOf(world: World): SizingRequest {
  const buy = createTestInstrument({ exchange: 'alpha', ...world.buy })
  const sell = createTestInstrument({ exchange: 'beta', ...world.sell })
  const [buyBids, buyAsks] = world.buyBook ?? [[['99.9', '5']], [['100', '5']]]
  const [sellBids, sellAsks] = world.sellBook ?? [[['101', '5']], [['101.1', '5']]]
  const [buyQuote, sellBase, sellQuote] = world.funds ?? ['100000', '1000', '100000']
  return {
    terms: new PairTerms(buy, sell),
    buyBook: setBook(new OrderBook(buy), buyBids, buyAsks),
    sellBook: setBook(new OrderBook(sell), sellBids, sellAsks),
    funds: { buyQuote: decimal(buyQuote), sellBase: decimal(sellBase), sellQuote: decimal(sellQuote) },
    limits: { ...generous, ...world.limits },
    requiredEdgeBps: world.requiredEdgeBps ?? 0,
  }
}

function sized(world: World): SizedPair {
  const pair = sizeJointTrade(requestOf(world))
  if (typeof pair === 'string') throw new Error(`refused: ${pair}`)
  return pair
}

const refusalOf = (world: World): SizingRefusal | SizedPair => sizeJointTrade(requestOf(world))

describe('joint sizing', () => {
  it('takes as much as both books pay for', () => {
    const pair = sized({
      buyBook: [
        [['99.9', '9']],
        [
          ['100', '1'],
          ['100.5', '2'],
          ['102', '5'],
        ],
      ],
      sellBook: [[['101', '9']], [['101.1', '9']]],
    })
    expect([pair.buyLots, pair.sellLots]).toEqual([30_000, 30_000])
    expect(pair.buyNotional.toString()).toBe('301')
    expect(pair.sellNotional.toString()).toBe('303')
    expect(pair.profit.toString()).toBe(
      decimal('303')
        .times(decimal('0.999'))
        .minus(decimal('301').times(decimal('1.001')))
        .toString(),
    )
    expect([pair.buyLimitTicks, pair.sellLimitTicks]).toEqual([10_050, 10_100])
  })

  it('leaves out the levels that do not bring the required edge', () => {
    const world: World = {
      buyBook: [
        [['99.9', '9']],
        [
          ['100', '1'],
          ['100.5', '2'],
        ],
      ],
    }
    expect(sized({ ...world, requiredEdgeBps: 70 }).sellLots).toBe(10_000)
    expect(refusalOf({ ...world, requiredEdgeBps: 90 })).toBe('thin_depth')
  })

  it('buys more than it sells where the fee is taken from what arrives', () => {
    const pair = sized({ buy: { feeAssetRule: 'received', takerFee: '0.002' }, funds: ['100000', '1', '100000'] })
    expect(pair.sellLots).toBe(10_000)
    expect(pair.buyLots).toBe(10_021)
    expect(pair.surplus.toString()).toBe(decimal('1.0021').times(decimal('0.998')).minus(decimal('1')).toString())
    expect(pair.surplusPrice.toString()).toBe(decimal('99.9').times(decimal('0.998')).toString())
  })

  it('buys what it sells where a rebate is paid in quote', () => {
    const pair = sized({ buy: { takerFee: '-0.0001' } })
    expect(pair.buyLots).toBe(pair.sellLots)
  })

  it('does not spend a rebate before it has come', () => {
    expect(sized({ buy: { takerFee: '-0.01' }, funds: ['100', '5', '100000'] }).buyLots).toBe(10_000)
  })

  it('keeps to the coarser of two lots and wastes less than one of the finer', () => {
    const pair = sized({ buy: { lotSize: '0.5' }, sell: { lotSize: '0.0001' }, funds: ['100000', '1.7', '100000'] })
    expect([pair.buyLots, pair.sellLots]).toEqual([15, 15_000])
    expect(pair.surplus.isZero).toBe(true)
  })

  it('refuses to leave more over than the bound on residuals', () => {
    const world: World = { buy: { lotSize: '1' }, funds: ['100000', '0.6', '100000'] }
    expect(sized(world).surplus.toString()).toBe('0.4')
    expect(refusalOf({ ...world, limits: { maxSurplusNotional: decimal('10') } })).toBe('rounding')
  })

  it.each([
    ['base to sell', { funds: ['100000', '2.5', '100000'] }, 25_000],
    ['quote to buy with, fee included', { funds: ['100.1', '1000', '100000'] }, 10_000],
    ['the largest notional of the strategy', { limits: { maxNotional: decimal('202') } }, 20_000],
    ['the largest quantity of a venue', { sell: { maxQuantity: '0.75' } }, 7_500],
    ['what can be bought back where it was sold', { sellBook: [[['101', '5']], [['101.1', '0.4']]] }, 4_000],
    ['what can be sold back where it was bought', { buyBook: [[['99.9', '0.3']], [['100', '5']]] }, 3_000],
  ] satisfies [string, World, number][])('is bounded by %s', (_, world, lots) => {
    const { sellLots } = sized(world)
    expect(sellLots).toBeLessThanOrEqual(lots)
    expect(sellLots).toBeGreaterThan(lots * 0.999)
  })

  it.each([
    ['nothing is held to sell', { funds: ['100000', '0', '0'] }, 'balance'],
    ['nothing is there to buy with', { funds: ['0', '5', '0'] }, 'balance'],
    ['buying back needs quote that is not there', { funds: ['100000', '5', '0'] }, 'unwind'],
    ['depth is below the least notional', { buy: { minNotional: '1000' } }, 'thin_depth'],
    [
      'the least notional is above the largest',
      { buy: { minNotional: '300' }, limits: { maxNotional: decimal('200') } },
      'below_minimum',
    ],
    ['the least quantity is not held', { sell: { minQuantity: '3' }, funds: ['100000', '2', '100000'] }, 'balance'],
    ['prices leave the band', { limits: { maxPriceDeviation: decimal('0.0001') } }, 'price_band'],
    ['books do not cross', { sellBook: [[['100', '5']], [['100.1', '5']]] }, 'thin_depth'],
  ] satisfies [string, World, SizingRefusal][])('refuses when %s', (_, world, refusal) => {
    expect(refusalOf(world)).toBe(refusal)
  })

  it('refuses a size whose unwind falls below the least notional once prices are worse by the margin', () => {
    const world: World = { buy: { minNotional: '99' }, funds: ['100000', '1', '100000'] }
    expect(sized({ ...world, limits: { unwindMargin: decimal('0.005') } }).sellLots).toBe(10_000)
    expect(refusalOf(world)).toBe('balance')
  })

  it('keeps the larger quantity of a buy with its fee in base below the largest of its venue', () => {
    const pair = sized({ buy: { feeAssetRule: 'received', maxQuantity: '1' } })
    expect(pair.buyLots).toBeLessThanOrEqual(10_000)
    expect(pair.sellLots).toBe(9_990)
  })

  it('counts the least notional of a sale at its own limit, which lies on a coarser grid than the bids', () => {
    const world: World = {
      sell: { tickSize: '1', priceDecimals: 1, minNotional: '101.5' },
      sellBook: [[['101.9', '5']], [['102', '5']]],
      funds: ['100000', '1', '100000'],
      limits: { unwindMargin: Decimal.zero },
    }
    expect(refusalOf(world)).toBe('balance')
    expect(sized({ ...world, funds: ['100000', '1.01', '100000'] }).sellLimitTicks).toBe(1010)
  })

  it('does not trade where a venue takes no orders of a side, nor where it would take no unwind', () => {
    const request = requestOf({})
    const withStatus = (side: 'buy' | 'sell', status: Instrument['status']): SizingRequest => {
      const instrument = Object.assign(Object.create(Object.getPrototypeOf(request.terms[side])), request.terms[side], {
        status,
      }) as Instrument
      const terms =
        side === 'buy' ? new PairTerms(instrument, request.terms.sell) : new PairTerms(request.terms.buy, instrument)
      return { ...request, terms }
    }
    expect(sizeJointTrade(withStatus('buy', 'halted'))).toBe('instrument_status')
    expect(sizeJointTrade(withStatus('sell', 'buy_only'))).toBe('instrument_status')
    expect(sizeJointTrade(withStatus('buy', 'buy_only'))).toBe('unwind')
    expect(sizeJointTrade(withStatus('sell', 'sell_only'))).toBe('unwind')
  })

  it('loosens both limits by its share of the profit, and still pays at the worst', () => {
    const tight = sized({ funds: ['100000', '1', '100000'] })
    const loose = sized({ funds: ['100000', '1', '100000'], limits: { slackShare: decimal('0.5') } })
    expect(loose.buyLimitTicks).toBeGreaterThan(tight.buyLimitTicks)
    expect(loose.sellLimitTicks).toBeLessThan(tight.sellLimitTicks)
    const worst = decimal('0.999')
      .times(Decimal.of(loose.sellLimitTicks, 2))
      .minus(decimal('1.001').times(Decimal.of(loose.buyLimitTicks, 2)))
    expect(worst.toNumber()).toBeGreaterThanOrEqual(tight.profit.toNumber() / 2)
  })

  it('never lets a loosened limit cost more than there is', () => {
    const pair = sized({ funds: ['100.15', '1', '100000'], limits: { slackShare: Decimal.one } })
    expect([pair.buyLots, pair.buyLimitTicks]).toEqual([10_000, 10_004])
  })

  it('sizes within a thousandth where there are more steps than can be tried', () => {
    const many = Array.from({ length: 40 }, (_, i): [string, string] => [(100 + i / 100).toFixed(2), '0.5'])
    const pair = sized({
      buyBook: [[['99.9', '99']], many],
      sellBook: [[['102', '99']], [['102.1', '99']]],
      limits: { maxNotional: decimal('1000') },
    })
    const atLimit = (pair.buyLimitTicks / 100) * (pair.buyLots / 10_000)
    expect(Math.max(atLimit, pair.sellNotional.toNumber())).toBeGreaterThan(998.9)
    expect(Math.max(atLimit, pair.sellNotional.toNumber())).toBeLessThanOrEqual(1000)
  })
})

describe('joint sizing against brute force', () => {
  const level = (prices: readonly number[]): fc.Arbitrary<TextLevels> =>
    fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...prices), { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 4, maxLength: 4 }),
      )
      .map(([chosen, quantities]) =>
        chosen.map((price, i): [string, string] => [String(price), String(quantities[i]! / 2)]),
      )
  const side = (levels: TextLevels, direction: 1 | -1): TextLevels =>
    levels.toSorted((a, b) => direction * (Number(a[0]) - Number(b[0])))
  const spec = fc.record({
    lotSize: fc.constantFrom('0.1', '0.2', '0.5', '1', '0.3'),
    tickSize: fc.constantFrom('0.1', '0.5', '1'),
    takerFee: fc.constantFrom('0', '0.001', '0.02', '0.05', '-0.01'),
    feeAssetRule: fc.constantFrom<FeeAssetRule>('received', 'quote'),
    minQuantity: fc.constantFrom('0', '0.5', '2'),
    maxQuantity: fc.constantFrom('100', '3'),
    minNotional: fc.constantFrom('1', '20', '45'),
  })
  const world = fc.record({
    buy: spec,
    sell: spec,
    buyBids: level([8, 8.5, 9]),
    buyAsks: level([9.5, 10, 10.5, 11]),
    sellBids: level([10, 10.5, 11, 12]),
    sellAsks: level([12.5, 13, 14]),
    buyQuote: fc.constantFrom('1000', '60', '25'),
    sellBase: fc.constantFrom('1000', '4', '1.25'),
    sellQuote: fc.constantFrom('1000', '5', '0'),
    maxNotional: fc.constantFrom('1000', '50'),
    maxPriceDeviation: fc.constantFrom('0.5', '0.1'),
    slackShare: fc.constantFrom('0', '0.6'),
    requiredEdgeBps: fc.constantFrom(0, 200),
  })

  it('finds a legal size whenever there is one, never an illegal one, and gives away less than one lot', () => {
    fc.assert(
      fc.property(world, (w) => {
        // The books' data is finer than the order grids.
        const request = requestOf({
          buy: { ...w.buy, priceDecimals: 1, quantityDecimals: 1 },
          sell: { ...w.sell, priceDecimals: 1, quantityDecimals: 1 },
          funds: [w.buyQuote, w.sellBase, w.sellQuote],
          limits: {
            maxNotional: decimal(w.maxNotional),
            maxPriceDeviation: decimal(w.maxPriceDeviation),
            slackShare: decimal(w.slackShare),
          },
          requiredEdgeBps: w.requiredEdgeBps,
        })
        const books = withBooks(request, w.buyBids, w.buyAsks, w.sellBids, w.sellAsks, side)
        const result = sizeJointTrade(books)
        const legal = bruteForce(books)
        if (typeof result === 'string') {
          expect(legal).toEqual([])
          return
        }
        expect(isLegal(books, result.buyLots, result.sellLots, result.buyLimitTicks, result.sellLimitTicks)).toBe(true)
        expect(result.surplus.sign).toBeGreaterThanOrEqual(0)
        const best = legal.reduce((a, b) => (b.profit > a.profit ? b : a))
        const mostSold = Math.max(...legal.map(({ sellLots }) => sellLots))
        const coarsest = Math.max(books.terms.buy.lotSize.toNumber(), books.terms.sell.lotSize.toNumber())
        const wasted = coarsest * (11 / (1 - 0.05)) * 1.05
        expect(result.profit.toNumber()).toBeGreaterThanOrEqual(best.profit - wasted)
        expect(books.terms.sell.lotsToQuantity(mostSold - result.sellLots).toNumber()).toBeLessThanOrEqual(
          coarsest * 1.06 + 1e-9,
        )
      }),
      { numRuns: 400 },
    )
  })

  function withBooks(
    request: SizingRequest,
    buyBids: TextLevels,
    buyAsks: TextLevels,
    sellBids: TextLevels,
    sellAsks: TextLevels,
    sort: (levels: TextLevels, direction: 1 | -1) => TextLevels,
  ): SizingRequest {
    const fit = (instrument: Instrument, levels: TextLevels): TextLevels =>
      levels
        .map(([price, quantity]): [string, string] => [
          decimal(price).toMultipleOf(instrument.ticksToPrice(1), 'down').toString(),
          decimal(quantity).toMultipleOf(instrument.lotsToQuantity(1), 'up').toString(),
        ])
        .filter(([price], i, all) => all.findIndex((other) => other[0] === price) === i)
    const { terms } = request
    return {
      ...request,
      buyBook: setBook(new OrderBook(terms.buy), sort(fit(terms.buy, buyBids), -1), sort(fit(terms.buy, buyAsks), 1)),
      sellBook: setBook(
        new OrderBook(terms.sell),
        sort(fit(terms.sell, sellBids), -1),
        sort(fit(terms.sell, sellAsks), 1),
      ),
    }
  }

  /** Takes lots level by level, in plain decimals. */
  function take(
    book: OrderBook,
    from: 'asks' | 'bids',
    lots: number,
  ): { worst: number; notional: Decimal } | undefined {
    let left = lots
    let worst = Number.NaN
    let notional = Decimal.zero
    for (let rank = 0; rank < book[from].depth && left > 0; rank++) {
      const taken = Math.min(left, book[from].quantityLotsAt(rank))
      worst = book[from].priceTicksAt(rank)
      notional = notional.plus(book.instrument.notional(worst, taken))
      left -= taken
    }
    return left === 0 && lots > 0 ? { worst, notional } : undefined
  }

  /** Every rule once more, written from the words and not from the code under test. */
  function isLegal(
    request: SizingRequest,
    buyLots: number,
    sellLots: number,
    buyTicks: number,
    sellTicks: number,
  ): boolean {
    const { terms, buyBook, sellBook, funds, limits } = request
    const { buy, sell } = terms
    const asks = take(buyBook, 'asks', buyLots)
    const bids = take(sellBook, 'bids', sellLots)
    if (asks === undefined || bids === undefined) return false
    if (buyTicks < asks.worst || sellTicks > bids.worst) return false
    if (orderBreach(buy, 'buy', buyTicks, buyLots) !== undefined) return false
    if (orderBreach(sell, 'sell', sellTicks, sellLots) !== undefined) return false
    const one = Decimal.one
    const buyFee = buy.fees.taker
    const inBase = buy.fees.assetRule === 'received'
    const keep = inBase ? one.minus(buyFee) : one
    const quoteFactor = inBase ? one : one.plus(buyFee)
    const arrives = buy.lotsToQuantity(buyLots).times(keep)
    const sold = sell.lotsToQuantity(sellLots)
    if (arrives.lessThan(sold)) return false
    const edge = one.plus(Decimal.of(request.requiredEdgeBps, 4))
    const revenue = sell.ticksToPrice(bids.worst).times(one.minus(sell.fees.taker)).times(keep)
    if (revenue.lessThan(buy.ticksToPrice(asks.worst).times(quoteFactor).times(edge))) return false
    const atLimit = buy.notional(buyTicks, buyLots)
    const needed = quoteFactor.lessThan(one) ? atLimit : atLimit.times(quoteFactor)
    if (needed.greaterThan(funds.buyQuote) || sold.greaterThan(funds.sellBase)) return false
    if (atLimit.greaterThan(limits.maxNotional) || bids.notional.greaterThan(limits.maxNotional)) return false
    const middle = (book: OrderBook): Decimal =>
      book.instrument
        .ticksToPrice(book.bids.priceTicksAt(0))
        .plus(book.instrument.ticksToPrice(book.asks.priceTicksAt(0)))
        .times(decimal('0.5'))
    if (buy.ticksToPrice(buyTicks).greaterThan(middle(buyBook).times(one.plus(limits.maxPriceDeviation)))) return false
    if (sell.ticksToPrice(sellTicks).lessThan(middle(sellBook).times(one.minus(limits.maxPriceDeviation)))) return false
    const back = buy.quantityToLots(arrives, 'down')
    const low = one.minus(limits.unwindMargin)
    const enough = (book: OrderBook, lots: number): boolean =>
      lots > 0 &&
      !book.instrument.lotsToQuantity(lots).lessThan(book.instrument.minQuantity) &&
      !(book.instrument.maxQuantity?.lessThan(book.instrument.lotsToQuantity(lots)) ?? false) &&
      !book.instrument.notional(book.bids.priceTicksAt(0), lots).times(low).lessThan(book.instrument.minNotional)
    if (take(buyBook, 'bids', back) === undefined || !enough(buyBook, back) || !enough(sellBook, sellLots)) return false
    const buyBack = take(sellBook, 'asks', sellLots)
    if (buyBack === undefined) return false
    const backFee = sell.fees.assetRule === 'received' ? one : one.plus(sell.fees.taker)
    const cost = sell.notional(buyBack.worst, sellLots).times(one.plus(limits.unwindMargin)).times(backFee)
    const tightSell = Math.floor(bids.worst / sell.tickStep) * sell.tickStep
    const proceeds = sell.notional(tightSell, sellLots).times(one.minus(sell.fees.taker))
    return !cost.greaterThan(funds.sellQuote.plus(proceeds))
  }

  /** All pairs in which the buy is the least that covers the sale, at tight limits. */
  function bruteForce(request: SizingRequest): { sellLots: number; profit: number }[] {
    const { buy, sell } = request.terms
    const found: { sellLots: number; profit: number }[] = []
    const depth = (book: OrderBook, from: 'asks' | 'bids'): number => {
      let lots = 0
      for (let rank = 0; rank < book[from].depth; rank++) lots += book[from].quantityLotsAt(rank)
      return lots
    }
    const inBase = buy.fees.assetRule === 'received'
    const keep = inBase ? Decimal.one.minus(buy.fees.taker) : Decimal.one
    let buyLots = buy.lotStep
    for (let sellLots = sell.lotStep; sellLots <= depth(request.sellBook, 'bids'); sellLots += sell.lotStep) {
      const sold = sell.lotsToQuantity(sellLots)
      while (buy.lotsToQuantity(buyLots).times(keep).lessThan(sold)) buyLots += buy.lotStep
      const asks = take(request.buyBook, 'asks', buyLots)
      const bids = take(request.sellBook, 'bids', sellLots)
      if (asks === undefined || bids === undefined) break
      const buyTicks = Math.ceil(asks.worst / buy.tickStep) * buy.tickStep
      const sellTicks = Math.floor(bids.worst / sell.tickStep) * sell.tickStep
      if (!isLegal(request, buyLots, sellLots, buyTicks, sellTicks)) continue
      const cost = asks.notional.times(inBase ? Decimal.one : Decimal.one.plus(buy.fees.taker))
      const surplus = buy.lotsToQuantity(buyLots).times(keep).minus(sold)
      const worth = buy.ticksToPrice(request.buyBook.bids.priceTicksAt(0)).times(Decimal.one.minus(buy.fees.taker))
      const profit = bids.notional.times(Decimal.one.minus(sell.fees.taker)).minus(cost).plus(surplus.times(worth))
      found.push({ sellLots, profit: profit.toNumber() })
    }
    return found
  }
})
