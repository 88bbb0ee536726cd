import { Decimal, type FeeAssetRule, type Instrument, type OrderBook, type Side } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TestInstrumentSpec } from '../testing/create-instrument.js'
import { createCycleRequest } from '../testing/cycle-sizing-world.js'
import type { TextLevels } from '../testing/simulated-market-data-feed.js'
import { decimal } from '../testing/sizing-world.js'
import type { LegSending } from '../types/trade-plan.js'
import type { CycleRequest } from './cycle-request.js'
import { orderBreach } from './order-rules.js'
import { sizeCycle } from './size-cycle.js'

const one = Decimal.one

type SpecRules = Pick<TestInstrumentSpec, 'lotSize' | 'takerFee' | 'feeAssetRule' | 'minQuantity' | 'maxQuantity'>

describe('sizing of cycles against brute force', () => {
  const levels = (prices: readonly string[], direction: 1 | -1): fc.Arbitrary<TextLevels> =>
    fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...prices), { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: 2, max: 16 }), { minLength: 3, maxLength: 3 }),
      )
      .map(([chosen, quantities]) =>
        chosen
          .toSorted((a, b) => direction * (Number(a) - Number(b)))
          .map((price, i): [string, string] => [price, String(quantities[i]! / 2)]),
      )
  /** Mostly the first, so that most worlds have a legal size. */
  const mostly = (usual: string, ...others: readonly string[]): fc.Arbitrary<string> =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })
  const spec = fc.record({
    lotSize: fc.constantFrom('0.1', '0.2', '0.5', '1', '0.3'),
    takerFee: fc.constantFrom('0', '0.001', '0.02', '-0.01'),
    feeAssetRule: fc.constantFrom<FeeAssetRule>('received', 'quote'),
    minQuantity: mostly('0', '0.5', '2'),
    maxQuantity: mostly('100', '3'),
  })
  // ETH at about 20, BTC at about 10, so that the cross is at about 2.
  const world = fc.record({
    crossSide: fc.constantFrom<Side>('buy', 'sell'),
    sending: fc.constantFrom<LegSending>('concurrent', 'sequential'),
    base: fc.tuple(spec, mostly('1', '20', '45'), fc.constantFrom('0.1', '0.5')),
    quote: fc.tuple(spec, mostly('1', '20'), fc.constantFrom('0.1', '0.5')),
    cross: fc.tuple(spec, mostly('0.1', '4'), fc.constantFrom('0.01', '0.05')),
    baseBook: fc.tuple(levels(['18', '19', '20', '21', '22'], -1), levels(['22.5', '23', '24'], 1)),
    quoteBook: fc.tuple(levels(['8.5', '9', '9.5'], -1), levels(['10', '10.5', '11'], 1)),
    crossBuy: fc.tuple(levels(['1.5', '1.6', '1.7'], -1), levels(['1.75', '1.8', '1.9', '2'], 1)),
    crossSell: fc.tuple(levels(['2.4', '2.5', '2.6', '2.8'], -1), levels(['2.9', '3'], 1)),
    funds: fc.tuple(mostly('1000', '60', '25'), mostly('1000', '4', '1.25'), mostly('1000', '6', '0')),
    maxNotional: mostly('1000', '50'),
    maxPriceDeviation: mostly('0.5', '0.1'),
    slackShare: fc.constantFrom('0', '0.6'),
    requiredEdgeBps: fc.constantFrom(0, 200),
  })

  it('finds a legal size whenever there is one, never an illegal one, and gives away less than one step of each order', () => {
    let found = 0
    fc.assert(
      fc.property(world, (w) => {
        const pair = ([rules, minNotional, tickSize]: readonly [SpecRules, string, string]) => ({
          ...rules,
          minNotional,
          tickSize,
          quantityDecimals: 1,
        })
        const request = createCycleRequest({
          crossSide: w.crossSide,
          sending: w.sending,
          basePair: { ...pair(w.base), priceDecimals: 1 },
          quotePair: { ...pair(w.quote), priceDecimals: 1 },
          crossPair: { ...pair(w.cross), priceDecimals: 2 },
          baseBook: w.baseBook,
          quoteBook: w.quoteBook,
          crossBook: w.crossSide === 'buy' ? w.crossBuy : w.crossSell,
          funds: w.funds,
          limits: {
            maxNotional: decimal(w.maxNotional),
            maxPriceDeviation: decimal(w.maxPriceDeviation),
            slackShare: decimal(w.slackShare),
          },
          requiredEdgeBps: w.requiredEdgeBps,
        })
        const result = sizeCycle(request)
        const legal = bruteForce(request)
        if (typeof result === 'string') {
          expect(legal).toEqual([])
          return
        }
        found++
        const { opening, cross, closing } = result
        expect(
          illegality(
            request,
            opening.lots,
            cross.lots,
            closing.lots,
            [opening, cross, closing].map(({ limitTicks }) => limitTicks),
          ),
        ).toBeUndefined()
        expect(result.openingSurplus.sign).toBeGreaterThanOrEqual(0)
        expect(result.closingSurplus.sign).toBeGreaterThanOrEqual(0)
        const best = Math.max(...legal.map(({ profit }) => profit))
        const steps = request.terms.legs.map(({ instrument }) => instrument.lotSize.toNumber())
        const wasted = (steps[0]! + steps[1]! + steps[2]!) * 25
        expect(result.profit.toNumber()).toBeGreaterThanOrEqual(best - wasted)
        const most = Math.max(...legal.map(({ closingLots }) => closingLots))
        expect(most - closing.lots).toBeLessThanOrEqual(request.terms.closing.instrument.lotStep)
      }),
      { numRuns: 400 },
    )
    expect(found).toBeGreaterThan(80)
  })

  /** Takes lots level by level, in plain decimals. */
  function take(book: OrderBook, side: Side, lots: number): { worst: number; notional: Decimal } | undefined {
    const levelsOf = side === 'buy' ? book.asks : book.bids
    let left = lots
    let worst = Number.NaN
    let notional = Decimal.zero
    for (let rank = 0; rank < levelsOf.depth && left > 0; rank++) {
      const taken = Math.min(left, levelsOf.quantityLotsAt(rank))
      worst = levelsOf.priceTicksAt(rank)
      notional = notional.plus(book.instrument.notional(worst, taken))
      left -= taken
    }
    return left === 0 && lots > 0 ? { worst, notional } : undefined
  }

  /** What the fee leaves of a buy's base, what a notional becomes in quote, and the share of proceeds before rebates. */
  function fees(
    instrument: Instrument,
    side: Side,
  ): { keep: Decimal; quote: Decimal; funds: Decimal; atOnce: Decimal } {
    const { taker, assetRule } = instrument.fees
    const least = Decimal.min(one, one.minus(taker))
    if (side === 'sell') return { keep: one, quote: one.minus(taker), funds: one, atOnce: least }
    const quote = assetRule === 'received' ? one : one.plus(taker)
    const inBase = assetRule === 'received'
    return {
      keep: inBase ? one.minus(taker) : one,
      quote,
      funds: Decimal.max(one, quote),
      atOnce: inBase ? least : one,
    }
  }

  const middle = (book: OrderBook): Decimal =>
    book.instrument
      .ticksToPrice(book.bids.priceTicksAt(0))
      .plus(book.instrument.ticksToPrice(book.asks.priceTicksAt(0)))
      .times(decimal('0.5'))

  /** Every rule once more, written from the words and not from the code under test; the first that is broken. */
  function illegality(
    request: CycleRequest,
    openingLots: number,
    crossLots: number,
    closingLots: number,
    limits: readonly number[],
  ): string | undefined {
    const { terms, openingBook, crossBook, closingBook, funds } = request
    const isBuy = terms.crossSide === 'buy'
    const margin = one.plus(request.limits.unwindMargin)
    const legs = [
      { book: openingBook, side: 'buy' as Side, lots: openingLots, limit: limits[0]! },
      { book: crossBook, side: terms.crossSide, lots: crossLots, limit: limits[1]! },
      { book: closingBook, side: 'sell' as Side, lots: closingLots, limit: limits[2]! },
    ].map((leg) => {
      const { instrument } = leg.book
      const fee = fees(instrument, leg.side)
      return {
        ...leg,
        instrument,
        fee,
        walked: take(leg.book, leg.side, leg.lots),
        quantity: instrument.lotsToQuantity(leg.lots),
        atLimit: instrument.notional(leg.limit, leg.lots),
      }
    })
    const [opening, cross, closing] = legs as [(typeof legs)[0], (typeof legs)[0], (typeof legs)[0]]
    for (const { book, instrument, side, lots, limit, walked, quantity, fee } of legs) {
      if (walked === undefined) return `no depth on ${instrument.symbol}`
      if (side === 'buy' ? limit < walked.worst : limit > walked.worst) return `limit of ${instrument.symbol}`
      const breach = orderBreach(instrument, side, limit, lots)
      if (breach !== undefined) return `${breach} on ${instrument.symbol}`
      const band = request.limits.maxPriceDeviation
      const price = instrument.ticksToPrice(limit)
      if (
        side === 'buy'
          ? price.greaterThan(middle(book).times(one.plus(band)))
          : price.lessThan(middle(book).times(one.minus(band)))
      )
        return `band of ${instrument.symbol}`
      const back = side === 'sell' ? lots : instrument.quantityToLots(quantity.times(fee.keep), 'down')
      if (back <= 0 || take(book, side === 'buy' ? 'sell' : 'buy', back) === undefined)
        return `unwind depth of ${instrument.symbol}`
      const low = instrument.notional(book.bids.priceTicksAt(0), back).times(one.minus(request.limits.unwindMargin))
      if (low.lessThan(instrument.minNotional) || instrument.lotsToQuantity(back).lessThan(instrument.minQuantity))
        return `unwind minimum of ${instrument.symbol}`
    }
    // Each order brings at its limit what the next one takes.
    const crossTakes = isBuy ? cross.atLimit.times(cross.fee.funds) : cross.quantity
    if (opening.quantity.times(opening.fee.atOnce).lessThan(crossTakes)) return 'opening brings too little'
    const crossBrings = (isBuy ? cross.quantity : cross.atLimit).times(cross.fee.atOnce)
    if (crossBrings.lessThan(closing.quantity)) return 'cross brings too little'
    const payment = opening.atLimit.times(opening.fee.funds)
    if (payment.greaterThan(funds.profitAsset)) return 'profit asset'
    const [bought, third] = isBuy ? [funds.crossQuote, funds.crossBase] : [funds.crossBase, funds.crossQuote]
    if (request.sending === 'concurrent') {
      if (crossTakes.greaterThan(bought) || closing.quantity.greaterThan(third)) return 'inventory'
      const backFee = (instrument: Instrument): Decimal => fees(instrument, 'buy').quote
      const worst = (leg: (typeof legs)[0]): Decimal =>
        leg.instrument
          .notional(take(leg.book, 'buy', leg.lots)!.worst, leg.lots)
          .times(margin)
          .times(backFee(leg.instrument))
      const proceeds = closing.atLimit.times(closing.fee.atOnce)
      if (worst(closing).greaterThan(funds.profitAsset.minus(payment).plus(proceeds))) return 'buying back the closing'
      if (
        !isBuy &&
        worst(cross).greaterThan(funds.crossQuote.minus(closing.quantity).plus(cross.atLimit.times(cross.fee.atOnce)))
      )
        return 'buying back the cross'
    }
    const largest = request.limits.maxNotional
    if (opening.atLimit.greaterThan(largest) || closing.walked!.notional.greaterThan(largest)) return 'largest notional'
    const crossWorth = Decimal.max(cross.atLimit, cross.walked!.notional).times(
      middle(isBuy ? openingBook : closingBook),
    )
    if (crossWorth.greaterThan(largest)) return 'largest notional of the cross'
    // The last unit pays: what it brings for what it costs.
    const price = (leg: (typeof legs)[0]): Decimal => leg.instrument.ticksToPrice(leg.walked!.worst)
    const edge = one.plus(Decimal.of(request.requiredEdgeBps, 4))
    const crossGain = isBuy ? cross.fee.keep : price(cross).times(cross.fee.quote)
    const crossCost = isBuy ? price(cross).times(cross.fee.quote) : one
    const gain = price(closing).times(closing.fee.quote).times(crossGain).times(opening.fee.keep)
    return gain.lessThan(price(opening).times(opening.fee.quote).times(crossCost).times(edge)) ? 'no edge' : undefined
  }

  /** All sizes in which each order is the least that brings what the next one takes, at tight limits. */
  function bruteForce(request: CycleRequest): { closingLots: number; profit: number }[] {
    const { terms, openingBook, crossBook, closingBook } = request
    const { opening, cross, closing } = terms
    const isBuy = terms.crossSide === 'buy'
    const [openingFee, crossFee, closingFee] = terms.legs.map(({ instrument, side }) => fees(instrument, side)) as [
      ReturnType<typeof fees>,
      ReturnType<typeof fees>,
      ReturnType<typeof fees>,
    ]
    const tight = (book: OrderBook, side: Side, worst: number): number => {
      const { tickStep } = book.instrument
      return (side === 'buy' ? Math.ceil(worst / tickStep) : Math.floor(worst / tickStep)) * tickStep
    }
    /** The least lots whose walked order satisfies. */
    const least = (book: OrderBook, side: Side, isEnough: (lots: number, limit: number) => boolean) => {
      for (let lots = book.instrument.lotStep; ; lots += book.instrument.lotStep) {
        const walked = take(book, side, lots)
        if (walked === undefined) return undefined
        const limit = tight(book, side, walked.worst)
        if (limit > 0 && isEnough(lots, limit)) return { lots, limit, notional: walked.notional }
      }
    }
    const found: { closingLots: number; profit: number }[] = []
    for (let closingLots = closing.instrument.lotStep; ; closingLots += closing.instrument.lotStep) {
      const walked = take(closingBook, 'sell', closingLots)
      if (walked === undefined) return found
      const closingLimit = tight(closingBook, 'sell', walked.worst)
      const sold = closing.instrument.lotsToQuantity(closingLots)
      const crossed = least(crossBook, terms.crossSide, (lots, limit) =>
        isBuy
          ? !cross.instrument.lotsToQuantity(lots).times(crossFee.atOnce).lessThan(sold)
          : !cross.instrument.notional(limit, lots).times(crossFee.atOnce).lessThan(sold),
      )
      if (crossed === undefined) return found
      const taken = isBuy
        ? cross.instrument.notional(crossed.limit, crossed.lots).times(crossFee.funds)
        : cross.instrument.lotsToQuantity(crossed.lots)
      const opened = least(
        openingBook,
        'buy',
        (lots) => !opening.instrument.lotsToQuantity(lots).times(openingFee.atOnce).lessThan(taken),
      )
      if (opened === undefined) return found
      const broken = illegality(request, opened.lots, crossed.lots, closingLots, [
        opened.limit,
        crossed.limit,
        closingLimit,
      ])
      if (broken !== undefined) continue
      const bestBid = (book: OrderBook): Decimal =>
        book.instrument.ticksToPrice(book.bids.priceTicksAt(0)).times(one.minus(book.instrument.fees.taker))
      const bought = opening.instrument.lotsToQuantity(opened.lots).times(openingFee.keep)
      const crossQuote = crossed.notional.times(crossFee.quote)
      const crossQuantity = cross.instrument.lotsToQuantity(crossed.lots)
      const [used, brought] = isBuy ? [crossQuote, crossQuantity.times(crossFee.keep)] : [crossQuantity, crossQuote]
      const profit = walked.notional
        .times(closingFee.quote)
        .minus(opened.notional.times(openingFee.quote))
        .plus(bought.minus(used).times(bestBid(openingBook)))
        .plus(brought.minus(sold).times(bestBid(closingBook)))
      found.push({ closingLots, profit: profit.toNumber() })
    }
  }
})
