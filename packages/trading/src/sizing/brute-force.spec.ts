import { Decimal, OrderBook, type FeeAssetRule, type Instrument } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { setBook, type TextLevels } from '../testing/simulated-market-data-feed.js'
import { createSizingRequest, decimal } from '../testing/sizing-world.js'
import { orderBreach } from './order-rules.js'
import { sizeJointTrade } from './size-joint-trade.js'
import type { SizingRequest } from './sizing-request.js'

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
        const request = createSizingRequest({
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
