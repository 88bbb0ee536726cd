import { Decimal, type FeeAssetRule, type Side } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { walkDepth } from '../market-data/depth-walk.js'
import { createSizingRequest, decimal, type SizingWorld } from '../testing/sizing-world.js'
import { orderBreach } from './order-rules.js'
import { PairTerms } from './pair-terms.js'
import { sizeQuote } from './size-quote.js'
import type { QuoteSizingRequest, SizedPair } from './sizing-request.js'

/** Quotes `side` on one of alpha and beta: alpha buys, beta sells. */
function createQuoteRequest(side: Side, world: SizingWorld = {}, bound = '10'): QuoteSizingRequest {
  const request = createSizingRequest(world)
  const { buy, sell } = request.terms
  const roles = side === 'buy' ? ({ buy: 'maker', sell: 'taker' } as const) : ({ buy: 'taker', sell: 'maker' } as const)
  return { ...request, side, terms: new PairTerms(buy, sell, roles), maxResidualNotional: decimal(bound) }
}

function size(request: QuoteSizingRequest): SizedPair {
  const sized = sizeQuote(request)
  if (typeof sized === 'string') throw new Error(sized)
  return sized
}

describe('a quote', () => {
  it('to buy is priced by what the hedge brings, less both fees and the edge, rounded down', () => {
    const request = createQuoteRequest('buy', {
      buy: { makerFee: '0.002' },
      requiredEdgeBps: 10,
      buyBook: [[['90', '5']], [['120', '5']]],
    })
    const quote = size(request)
    // 101 × (1 − 0.001) ÷ (1 + 0.002) ÷ (1 + 0.001) = 100.5970…
    expect([quote.buyLimitTicks, quote.buyLots, quote.sellLots]).toEqual([10_059, 50_000, 50_000])
    expect(quote.sellNotional.toString()).toBe('505')
    expect(quote.buyNotional.toString()).toBe('502.95')
  })

  it('to sell is priced by what the hedge costs, more both fees and the edge, rounded up', () => {
    const request = createQuoteRequest('sell', {
      sell: { makerFee: '0' },
      requiredEdgeBps: 10,
      sellBook: [[['90', '5']], [['120', '5']]],
    })
    // 100 × (1 + 0.001) × (1 + 0.001) = 100.2001
    expect(size(request).sellLimitTicks).toBe(10_021)
  })

  it('stays a tick off the other side of its book', () => {
    expect(size(createQuoteRequest('buy', { buyBook: [[['99.9', '5']], [['100', '5']]] })).buyLimitTicks).toBe(9_999)
    expect(size(createQuoteRequest('sell', { sellBook: [[['101', '5']], [['101.1', '5']]] })).sellLimitTicks).toBe(
      10_101,
    )
    const coarse = createQuoteRequest('buy', {
      buy: { tickSize: '0.5', priceDecimals: 2 },
      buyBook: [[['99.9', '5']], [['100.2', '5']]],
    })
    expect(size(coarse).buyLimitTicks).toBe(10_000)
  })

  it('is as large as the depth for its hedge, the funds of both sides and the largest notional allow', () => {
    expect(
      size(
        createQuoteRequest('buy', {
          sellBook: [
            [
              ['101', '2'],
              ['100.5', '1'],
            ],
            [['101.1', '5']],
          ],
        }),
      ).sellLots,
    ).toBe(30_000)
    expect(size(createQuoteRequest('buy', { funds: ['1000000', '1.5', '100000'] })).buyLots).toBe(15_000)
    expect(size(createQuoteRequest('buy', { funds: ['100', '1000', '100000'] })).buyNotional.toNumber()).toBeLessThan(
      100,
    )
    expect(
      size(createQuoteRequest('buy', { limits: { maxNotional: decimal('50') } })).sellNotional.toNumber(),
    ).toBeLessThanOrEqual(50)
    expect(sizeQuote(createQuoteRequest('buy', { funds: ['100000', '0', '100000'] }))).toBe('balance')
    expect(sizeQuote(createQuoteRequest('sell', { funds: ['0', '1000', '100000'] }))).toBe('balance')
  })

  it('is refused where a fill that is worth more than the bound would have no legal hedge', () => {
    const hedge = { minNotional: '9' }
    expect(sizeQuote(createQuoteRequest('buy', { sell: hedge }, '9.1'))).toBe('below_minimum')
    expect(typeof sizeQuote(createQuoteRequest('buy', { sell: hedge }, '9.3'))).toBe('object')
    expect(sizeQuote(createQuoteRequest('buy', { sell: { minQuantity: '0.2' } }))).toBe('below_minimum')
    expect(sizeQuote(createQuoteRequest('buy', { sell: { lotSize: '0.1' } }))).toBe('below_minimum')
  })

  it('is refused below the least notional, and where it could not be unwound', () => {
    expect(sizeQuote(createQuoteRequest('buy', { limits: { minNotional: decimal('600') } }))).toBe('thin_depth')
    expect(sizeQuote(createQuoteRequest('buy', { buyBook: [[['99.9', '0.0001']], [['100', '5']]] }))).toBe('unwind')
    expect(
      sizeQuote(createQuoteRequest('buy', { limits: { maxNotional: decimal('5'), minNotional: decimal('6') } })),
    ).toBe('below_minimum')
  })

  it('asks the venue for its largest and least orders, its band, and whether it takes them', () => {
    expect(size(createQuoteRequest('buy', { buy: { maxQuantity: '2' } })).buyLots).toBe(20_000)
    expect(
      sizeQuote(createQuoteRequest('sell', { requiredEdgeBps: 900, limits: { maxPriceDeviation: decimal('0.02') } })),
    ).toBe('price_band')
  })
})

describe('quotes of any instruments and books', () => {
  const spec = fc.record({
    lotSize: fc.constantFrom('0.0001', '0.0005', '0.001', '0.003'),
    tickSize: fc.constantFrom('0.01', '0.05', '0.1'),
    takerFee: fc.constantFrom('0', '0.001', '0.004'),
    makerFee: fc.constantFrom('0', '0.001', '0.002', '-0.0005'),
    feeAssetRule: fc.constantFrom<FeeAssetRule>('received', 'quote'),
    minQuantity: fc.constantFrom('0', '0.01'),
    minNotional: fc.constantFrom('1', '5', '8'),
    maxQuantity: fc.constantFrom('100', '3'),
  })
  const quantity = fc.integer({ min: 1, max: 40 }).map((tenths) => String(tenths / 10))
  const world = fc.record({
    side: fc.constantFrom<Side>('buy', 'sell'),
    buy: spec,
    sell: spec,
    quantities: fc.array(quantity, { minLength: 8, maxLength: 8 }),
    funds: fc.constantFrom<readonly [string, string, string]>(
      ['100000', '1000', '100000'],
      ['90', '2', '50'],
      ['400', '0.3', '1000'],
    ),
    requiredEdgeBps: fc.constantFrom(0, 5, 60),
    bound: fc.constantFrom('6', '10', '20'),
  })
  const requestOf = (w: typeof world extends fc.Arbitrary<infer T> ? T : never): QuoteSizingRequest => {
    const q = w.quantities as string[]
    return createQuoteRequest(
      w.side,
      {
        buy: { ...w.buy, priceDecimals: 2, quantityDecimals: 4 },
        sell: { ...w.sell, priceDecimals: 2, quantityDecimals: 4 },
        buyBook: [
          [
            ['99.9', q[0]!],
            ['99.5', q[1]!],
          ],
          [
            ['100', q[2]!],
            ['100.3', q[3]!],
          ],
        ],
        sellBook: [
          [
            ['100.1', q[4]!],
            ['99.8', q[5]!],
          ],
          [
            ['100.2', q[6]!],
            ['100.5', q[7]!],
          ],
        ],
        funds: w.funds,
        requiredEdgeBps: w.requiredEdgeBps,
      },
      w.bound,
    )
  }
  /** What comes in less what goes out, and what goes out, when the quote makes at this price and all of it is hedged by depth. */
  const settle = (
    { terms, side, buyBook, sellBook }: QuoteSizingRequest,
    { buyLots, sellLots }: SizedPair,
    priceTicks: number,
  ) => {
    const { buy, sell } = terms
    const paid =
      side === 'buy'
        ? buy.notional(priceTicks, buyLots)
        : buy.tickLotsToNotional(walkDepth(buyBook.asks, buyLots).tickLots)
    const brought =
      side === 'sell'
        ? sell.notional(priceTicks, sellLots)
        : sell.tickLotsToNotional(walkDepth(sellBook.bids, sellLots).tickLots)
    const buyFee =
      buy.fees.assetRule === 'quote' ? paid.times(buy.fees[side === 'buy' ? 'maker' : 'taker']) : Decimal.zero
    const sellFee = brought.times(sell.fees[side === 'sell' ? 'maker' : 'taker'])
    const cost = paid.plus(buyFee)
    return { profit: brought.minus(sellFee).minus(cost), cost }
  }

  it('are legal orders, post-only, with the edge after fees, and not one tick further off than they need to be', () => {
    let sized = 0
    fc.assert(
      fc.property(world, (w) => {
        const request = requestOf(w)
        const quote = sizeQuote(request)
        if (typeof quote === 'string') return
        sized++
        const { terms, side, buyBook, sellBook, requiredEdgeBps } = request
        const { buy, sell } = terms
        expect(orderBreach(buy, 'buy', quote.buyLimitTicks, quote.buyLots)).toBeUndefined()
        expect(orderBreach(sell, 'sell', quote.sellLimitTicks, quote.sellLots)).toBeUndefined()
        const bestAsk = buyBook.asks.priceTicksAt(0)
        const bestBid = sellBook.bids.priceTicksAt(0)
        const [priceTicks, nearer, crosses] =
          side === 'buy'
            ? [quote.buyLimitTicks, quote.buyLimitTicks + buy.tickStep, (ticks: number) => ticks >= bestAsk]
            : [quote.sellLimitTicks, quote.sellLimitTicks - sell.tickStep, (ticks: number) => ticks <= bestBid]
        expect(crosses(priceTicks)).toBe(false)
        const edge = Decimal.fromNumber(requiredEdgeBps).dividedBy(Decimal.of(10_000), 10, 'down')
        const paysAt = (ticks: number): boolean => {
          const { profit, cost } = settle(request, quote, ticks)
          return !profit.lessThan(cost.times(edge))
        }
        expect(paysAt(priceTicks)).toBe(true)
        expect(crosses(nearer) || !paysAt(nearer)).toBe(true)
        expect(quote.profit.toNumber()).toBeCloseTo(
          settle(request, quote, priceTicks).profit.plus(quote.surplus.times(quote.surplusPrice)).toNumber(),
          9,
        )
      }),
      { numRuns: 200 },
    )
    expect(sized).toBeGreaterThan(40)
  })

  it('have a legal hedge, with depth and funds for it, of every fill that is worth more than the bound', () => {
    fc.assert(
      fc.property(world, fc.double({ min: 0, max: 1, noNaN: true }), (w, share) => {
        const request = requestOf(w)
        const quote = sizeQuote(request)
        if (typeof quote === 'string') return
        const { terms, side, buyBook, sellBook, funds, maxResidualNotional } = request
        const [maker, hedge] = side === 'buy' ? [terms.buy, terms.sell] : [terms.sell, terms.buy]
        const lots = Math.max(1, Math.floor((side === 'buy' ? quote.buyLots : quote.sellLots) * share))
        const filled = maker.lotsToQuantity(lots)
        const arrives = side === 'buy' && terms.buyFeeInBase ? filled.times(terms.keep) : filled
        if (!arrives.times(quote.surplusPrice).greaterThan(maxResidualNotional)) return
        const planned = side === 'buy' ? quote.sellLots : quote.buyLots
        const hedgeLots = Math.min(hedge.quantityToLots(arrives, 'down'), planned)
        const book = side === 'buy' ? sellBook.bids : buyBook.asks
        const walk = walkDepth(book, hedgeLots)
        expect(walk.quantityLots).toBe(hedgeLots)
        const limit = Math.round(walk.worstPriceTicks / hedge.tickStep) * hedge.tickStep
        expect(orderBreach(hedge, side === 'buy' ? 'sell' : 'buy', limit, hedgeLots)).toBeUndefined()
        if (side === 'buy') expect(hedge.lotsToQuantity(hedgeLots).greaterThan(funds.sellBase)).toBe(false)
        else expect(hedge.tickLotsToNotional(walk.tickLots).greaterThan(funds.buyQuote)).toBe(false)
        const left = arrives.minus(hedge.lotsToQuantity(hedgeLots)).times(quote.surplusPrice)
        expect(left.greaterThan(maxResidualNotional)).toBe(false)
      }),
      { numRuns: 200 },
    )
  })
})
