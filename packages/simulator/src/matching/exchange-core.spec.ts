import { Decimal } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { OrderEvent } from './exchange-listener.js'
import { ExchangeCore, type ExchangeRules } from './exchange-core.js'
import type { OrderInput, VenueOrder } from './venue-order.js'

const spec = {
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.1',
  lotSize: '0.001',
  minNotional: '1',
  makerFee: '0.001',
  takerFee: '0.002',
  referencePrice: 100,
}

function createCore(rules: Partial<ExchangeRules> = {}): ExchangeCore {
  const core = new ExchangeCore(
    new ManualClock(),
    { feeRule: 'received', formatOrderId: (n) => String(n), firstSequence: 10, ...rules },
    [spec],
  )
  for (const id of ['ann', 'bob']) core.accounts.open({ id, uid: 1, keys: [], balances: { BTC: '10', USDT: '10000' } })
  return core
}

const limit = (
  accountId: string,
  side: 'buy' | 'sell',
  priceTicks: number,
  quantityLots: number,
  more: Partial<OrderInput> = {},
): OrderInput => ({
  accountId,
  symbol: 'BTC/USDT',
  side,
  kind: 'limit',
  timeInForce: 'gtc',
  priceTicks,
  quantityLots,
  ...more,
})

const market = (accountId: string, side: 'buy' | 'sell', more: Partial<OrderInput>): OrderInput => ({
  accountId,
  symbol: 'BTC/USDT',
  side,
  kind: 'market',
  timeInForce: 'ioc',
  ...more,
})

function placed(core: ExchangeCore, input: OrderInput): VenueOrder {
  const result = core.place(input)
  if ('refusal' in result) throw new Error(result.refusal)
  return result.order
}

const balance = (core: ExchangeCore, account: string, asset: string): [string, string] => {
  const { free, locked } = core.accounts.get(account).balance(asset)
  return [free.toString(), locked.toString()]
}

describe('the exchange core', () => {
  it('fills the oldest order at the best price first, at the price of the maker', () => {
    const core = createCore()
    const second = placed(core, limit('ann', 'sell', 1001, 100))
    const first = placed(core, limit('ann', 'sell', 1000, 100))
    const later = placed(core, limit('ann', 'sell', 1000, 100))
    const taker = placed(core, limit('bob', 'buy', 1001, 250))
    expect([first.status, later.status, second.status]).toEqual(['filled', 'filled', 'open'])
    expect(second.filledLots).toBe(50)
    expect(taker.fills.map((fill) => [fill.orderId, fill.priceTicks, fill.quantityLots, fill.role])).toEqual([
      [taker.id, 1000, 100, 'taker'],
      [taker.id, 1000, 100, 'taker'],
      [taker.id, 1001, 50, 'taker'],
    ])
    expect(taker.filledNotional.toString()).toBe('25.005')
  })

  it('takes the fee from what is received and gives back what a better price left over', () => {
    const core = createCore()
    placed(core, limit('ann', 'sell', 1000, 1000))
    placed(core, limit('bob', 'buy', 1100, 1000))
    expect(balance(core, 'bob', 'BTC')).toEqual(['10.998', '0'])
    expect(balance(core, 'bob', 'USDT')).toEqual(['9900', '0'])
    expect(balance(core, 'ann', 'USDT')).toEqual(['10099.9', '0'])
    expect(balance(core, 'fees', 'BTC')[0]).toBe('0.002')
  })

  it('holds room for the fee where the venue takes it in quote', () => {
    const core = createCore({ feeRule: 'quote' })
    const resting = placed(core, limit('bob', 'buy', 1000, 1000))
    expect(balance(core, 'bob', 'USDT')).toEqual(['9899.8', '100.2'])
    placed(core, limit('ann', 'sell', 1000, 400))
    expect(resting.locked.toString()).toBe('60.12')
    expect(balance(core, 'bob', 'BTC')).toEqual(['10.4', '0'])
    core.cancel(resting)
    expect(balance(core, 'bob', 'USDT')).toEqual(['9959.96', '0'])
  })

  it('refuses what an account cannot pay, and changes nothing', () => {
    const core = createCore()
    expect(core.place(limit('bob', 'buy', 1000, 200_000))).toEqual({ refusal: 'insufficient_funds' })
    expect(core.place({ ...limit('bob', 'buy', 1, 1), symbol: 'X/Y' })).toEqual({ refusal: 'unknown_symbol' })
    core.symbols.get('BTC/USDT')!.tradable = false
    expect(core.place(limit('bob', 'buy', 1000, 1))).toEqual({ refusal: 'not_tradable' })
    expect(balance(core, 'bob', 'USDT')).toEqual(['10000', '0'])
    expect(core.allOrders).toHaveLength(0)
  })

  it('ends ioc, fok and post-only orders as their kind demands', () => {
    const core = createCore()
    placed(core, limit('ann', 'sell', 1000, 100))
    expect(placed(core, limit('bob', 'buy', 1000, 200, { timeInForce: 'fok' })).endReason).toBe('fok')
    expect(placed(core, limit('bob', 'buy', 1000, 200, { postOnly: true })).endReason).toBe('post_only')
    const ioc = placed(core, limit('bob', 'buy', 1000, 200, { timeInForce: 'ioc' }))
    expect([ioc.status, ioc.endReason, ioc.filledLots]).toEqual(['cancelled', 'ioc', 100])
    placed(core, limit('ann', 'sell', 1000, 100))
    expect(placed(core, limit('bob', 'buy', 1000, 100, { timeInForce: 'fok' })).endReason).toBe('filled')
    expect(placed(core, limit('bob', 'buy', 1000, 5, { postOnly: true })).status).toBe('open')
  })

  it('spends a budget down to less than one lot', () => {
    const core = createCore()
    placed(core, limit('ann', 'sell', 1003, 1000))
    const order = placed(core, market('bob', 'buy', { quoteBudget: Decimal.parse('50') }))
    expect([order.status, order.filledLots]).toEqual(['filled', 498])
    expect(order.budgetLeft!.toString()).toBe('0.0506')
    expect(balance(core, 'bob', 'USDT')).toEqual(['9950.0506', '0'])
  })

  it('ends a market order that finds too little, nothing, or only worse than its protective price', () => {
    const core = createCore()
    placed(core, limit('ann', 'sell', 1000, 10))
    const thin = placed(core, market('bob', 'buy', { quantityLots: 20 }))
    expect([thin.status, thin.endReason, thin.filledLots]).toEqual(['cancelled', 'no_liquidity', 10])
    expect(placed(core, market('bob', 'sell', { quantityLots: 20 })).endReason).toBe('no_liquidity')
    placed(core, limit('ann', 'sell', 1000, 10))
    expect(placed(core, market('bob', 'buy', { quantityLots: 5, priceTicks: 900 })).endReason).toBe('price_protection')
    const fok = { timeInForce: 'fok', quoteBudget: Decimal.parse('5') } as const
    expect(placed(core, market('bob', 'buy', fok)).endReason).toBe('fok')
    expect(placed(core, market('bob', 'buy', { ...fok, quoteBudget: Decimal.one })).endReason).toBe('filled')
  })

  it('asks the venue what happens when an account meets itself', () => {
    for (const [action, taker, maker] of [
      ['allow', 'filled', 'filled'],
      ['cancel_taker', 'cancelled', 'open'],
      ['cancel_maker', 'open', 'cancelled'],
      ['cancel_both', 'cancelled', 'cancelled'],
    ] as const) {
      const core = createCore({ selfTrade: () => action })
      const resting = placed(core, limit('ann', 'sell', 1000, 100))
      const order = placed(core, limit('ann', 'buy', 1000, 100))
      expect([order.status, resting.status]).toEqual([taker, maker])
      expect(core.accounts.sum('USDT').isZero).toBe(true)
    }
  })

  it('keeps the place in the queue when only the quantity shrinks, and loses it otherwise', () => {
    const core = createCore()
    const first = placed(core, limit('ann', 'sell', 1000, 100))
    const second = placed(core, limit('ann', 'sell', 1000, 100))
    expect(core.amend(first, 1000, 60)).toBeUndefined()
    placed(core, limit('bob', 'buy', 1000, 60))
    expect(first.status).toBe('filled')
    expect(core.amend(second, 1000, 150)).toBeUndefined()
    const third = placed(core, limit('ann', 'sell', 1000, 10))
    expect(core.amend(second, 1001, 150)).toBeUndefined()
    placed(core, limit('bob', 'buy', 1001, 20))
    expect([third.status, second.filledLots]).toEqual(['filled', 10])
    expect(core.amend(third, 1000, 5)).toBe('not_open')
    expect(core.amend(second, 1001, 1_000_000)).toBe('insufficient_funds')
    expect(core.amend(second, 1001, 10)).toBeUndefined()
    expect([second.status, second.endReason]).toEqual(['cancelled', 'cancelled'])
    expect(balance(core, 'ann', 'BTC')[1]).toBe('0')
  })

  it('refuses an amend that would make a post-only order cross', () => {
    const core = createCore()
    placed(core, limit('ann', 'sell', 1000, 100))
    const order = placed(core, limit('bob', 'buy', 990, 100, { postOnly: true }))
    expect(core.amend(order, 1000, 100)).toBe('post_only')
    const plain = placed(core, limit('bob', 'buy', 990, 100))
    expect(core.amend(plain, 1000, 100)).toBeUndefined()
    expect(plain.status).toBe('filled')
  })

  it('tells of an order before it is matched, then of fills, balances and its end', () => {
    const core = createCore()
    placed(core, limit('ann', 'sell', 1000, 50))
    placed(core, limit('ann', 'sell', 1000, 50))
    const told: [OrderEvent, string, number][] = []
    core.listen({
      onOrder: (order, event) => order.accountId === 'bob' && told.push([event, order.status, order.filledLots]),
    })
    placed(core, limit('bob', 'buy', 1000, 100))
    expect(told).toEqual([
      ['created', 'open', 0],
      ['filled_in_part', 'open', 50],
      ['ended', 'filled', 100],
    ])
  })

  it('finds orders by id, by client id (the newest) and by account', () => {
    const core = createCore()
    const first = placed(core, limit('ann', 'sell', 1000, 1, { clientOrderId: 'a' }))
    const second = placed(core, limit('ann', 'sell', 1000, 1, { clientOrderId: 'a' }))
    expect(core.order(first.id)).toBe(first)
    expect(core.orderByClientId('ann', 'a')).toBe(second)
    expect(core.openOrders()).toHaveLength(2)
    expect(core.cancel(first)).toBe(true)
    expect(core.cancel(first)).toBe(false)
    expect(core.openOrders('ann', 'BTC/USDT')).toEqual([second])
    expect(core.openOrders('ann', 'X/Y')).toEqual([])
    expect(() => core.engine('X/Y')).toThrow(RangeError)
  })

  it('counts every change of a level by one, and no money is made or lost whatever is done', () => {
    const side = fc.constantFrom('buy' as const, 'sell' as const)
    const step = fc.record({
      who: fc.constantFrom('ann', 'bob', 'house'),
      side,
      ticks: fc.integer({ min: 990, max: 1010 }),
      lots: fc.integer({ min: 1, max: 400 }),
      what: fc.constantFrom('gtc', 'ioc', 'fok', 'post', 'market', 'budget', 'cancel', 'amend'),
    })
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom('received' as const, 'quote' as const),
        (steps, feeRule) => {
          const core = createCore({ feeRule })
          const book = { buy: new Map<number, number>(), sell: new Map<number, number>() }
          let sequence = 10
          const absent = placed(core, market('ann', 'sell', { quantityLots: 1 }))
          core.listen({
            onBookChange: (change) => {
              expect(change.sequence).toBe(++sequence)
              if (change.lots === 0) book[change.side].delete(change.priceTicks)
              else book[change.side].set(change.priceTicks, change.lots)
            },
          })
          for (const { who, side, ticks, lots, what } of steps) {
            const open = core.openOrders(who)[0]
            if (what === 'cancel') core.cancel(open ?? absent)
            else if (what === 'amend') core.amend(open ?? absent, ticks, lots)
            else if (what === 'market') core.place(market(who, side, { quantityLots: lots }))
            else if (what === 'budget') core.place(market(who, 'buy', { quoteBudget: Decimal.of(lots, 1) }))
            else if (what === 'post') core.place(limit(who, side, ticks, lots, { postOnly: true }))
            else core.place(limit(who, side, ticks, lots, { timeInForce: what }))
          }
          const engine = core.engine('BTC/USDT')
          for (const side of ['buy', 'sell'] as const)
            expect(new Map(engine.ladder(side).levels.map((level) => [level.priceTicks, level.totalLots]))).toEqual(
              new Map([...book[side]].toSorted(([a], [b]) => (side === 'buy' ? b - a : a - b))),
            )
          const [bid, ask] = [engine.bids.best, engine.asks.best]
          if (bid && ask) expect(bid.priceTicks).toBeLessThan(ask.priceTicks)
          for (const asset of ['BTC', 'USDT']) {
            expect(core.accounts.sum(asset).toString()).toBe('0')
            for (const who of ['ann', 'bob']) {
              const { free, locked } = core.accounts.get(who).balance(asset)
              const held = core
                .openOrders(who)
                .filter((order) => order.lockedAsset === asset)
                .reduce((sum, order) => sum.plus(order.locked), Decimal.zero)
              expect(free.sign).toBeGreaterThanOrEqual(0)
              expect(locked.toString()).toBe(held.toString())
            }
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})
