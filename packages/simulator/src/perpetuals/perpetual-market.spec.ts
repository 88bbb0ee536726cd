import { Decimal } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'

import { manualMarket } from '../market/market-driver.js'
import type { OrderInput, VenueOrder } from '../matching/venue-order.js'
import { describePerpetuals } from '../truth/perpetual-truth.js'
import { BookPrices } from './book-prices.js'
import { PerpetualMarket } from './perpetual-market.js'
import type { PerpetualSpec } from './perpetual-spec.js'
import type { WalletEntry } from './wallet-entry.js'

const name = 'BTC/USDT:USDT'
const intervalMs = 3_600_000
const spec: PerpetualSpec = {
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.1',
  lotSize: '1',
  contractSize: '0.01',
  minNotional: '0',
  makerFee: '0.0002',
  takerFee: '0.0005',
  referencePrice: 1_000,
  maintenanceRate: '0.005',
  maxLeverage: 100,
  maxContracts: 1_000_000,
  priceDeviation: '0.05',
}

let clock: ManualClock
let market: PerpetualMarket
let entries: WalletEntry[]

beforeEach(() => {
  clock = new ManualClock()
  market = createMarket(clock)
  entries = []
  market.listen({ onWallet: (entry) => entries.push(entry) })
})

function createMarket(time: ManualClock): PerpetualMarket {
  const made = new PerpetualMarket({
    clock: time,
    specs: [spec],
    rules: { formatOrderId: String },
    fundingIntervalMs: intervalMs,
    prices: (core) => new BookPrices(core),
    driver: () => manualMarket,
  })
  for (const id of ['ann', 'bob']) made.open({ id, uid: 1, keys: [], balances: {}, wallet: { USDT: '1000' } })
  return made
}

function place(
  accountId: string,
  side: 'buy' | 'sell',
  price: number,
  contracts: number,
  more: Partial<OrderInput> = {},
): VenueOrder {
  const input: OrderInput = {
    accountId,
    symbol: name,
    side,
    kind: 'limit',
    timeInForce: 'gtc',
    priceTicks: Math.round(price * 10),
    quantityLots: contracts,
    ...more,
  }
  const result = market.core.place(input)
  if ('refusal' in result) throw new Error(result.refusal)
  return result.order
}

const position = (accountId: string) => market.positions.get(accountId, market.core.engine(name).symbol)
const wallet = (accountId: string) => describePerpetuals(market).wallets[accountId]!['USDT']!
const mark = (price: string) => market.steer(name, { markPrice: Decimal.parse(price) })

describe('a position', () => {
  it('has the mean price of what was bought, and realises the difference when it is sold', () => {
    place('house', 'sell', 1_000, 10)
    place('house', 'sell', 1_010, 10)
    place('ann', 'buy', 1_010, 20)
    expect(position('ann').entryPrice?.toString()).toBe('1005')
    place('house', 'buy', 1_020, 30)
    const sale = place('ann', 'sell', 1_020, 5)
    expect(sale.fills[0]).toMatchObject({ closedLots: 5, quantityLots: 5 })
    expect(entries.find(({ type }) => type === 'pnl')?.change.toString()).toBe('0.75')
    expect(position('ann').lots).toBe(15)
  })

  it('turns over when more is sold than held', () => {
    place('house', 'sell', 1_000, 10)
    place('ann', 'buy', 1_000, 10)
    place('house', 'buy', 990, 40)
    const sale = place('ann', 'sell', 990, 25)
    expect(sale.fills[0]?.closedLots).toBe(10)
    expect([position('ann').lots, position('ann').entryPrice?.toString()]).toEqual([-15, '990'])
    expect(wallet('ann').paid.pnl).toBe('-1')
  })

  it('pays its fees out of the wallet, by role', () => {
    place('bob', 'sell', 1_000, 10)
    place('ann', 'buy', 1_000, 10)
    expect([wallet('ann').paid.fee, wallet('bob').paid.fee]).toEqual(['-0.05', '-0.02'])
    expect(describePerpetuals(market).fees).toEqual({ USDT: '0.07' })
  })

  it('takes nothing from the sum of all wallets and contracts, whatever is traded', () => {
    const step = fc.record({
      who: fc.constantFrom('ann', 'bob', 'house'),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      price: fc.integer({ min: 9_900, max: 10_100 }),
      contracts: fc.integer({ min: 1, max: 60 }),
      reduceOnly: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const time = new ManualClock()
        const tried = createMarket(time)
        for (const { contracts, price, reduceOnly, side, who } of steps) {
          const reduce = who !== 'house' && reduceOnly
          const before = tried.positions.get(who, tried.core.engine(name).symbol).lots
          const result = tried.core.place({
            accountId: who,
            symbol: name,
            side,
            kind: 'limit',
            timeInForce: reduce ? 'ioc' : 'gtc',
            priceTicks: price,
            quantityLots: contracts,
            reduceOnly: reduce,
          })
          if (reduce && 'order' in result) {
            const after = tried.positions.get(who, result.order.symbol).lots
            expect(Math.abs(after)).toBeLessThanOrEqual(Math.abs(before))
            expect(after * before).toBeGreaterThanOrEqual(0)
          }
        }
        const truth = describePerpetuals(tried)
        expect(truth.sums).toEqual({ USDT: '0' })
        expect(truth.contracts).toEqual({ [name]: 0 })
        const unrealised = tried.positions.all.reduce(
          (sum, held) => sum.plus(held.unrealised(Decimal.of(1_000))),
          Decimal.zero,
        )
        expect(tried.core.accounts.get('clearing').balance('USDT').free.toString()).toBe(unrealised.toString())
      }),
    )
  })
})

describe('margin', () => {
  it('is set aside for what opens a position, not for what closes one', () => {
    place('house', 'sell', 1_000, 100)
    place('ann', 'buy', 1_000, 100)
    mark('1000')
    expect(wallet('ann')).toMatchObject({ total: '999.5', available: '899.5' })
    place('ann', 'sell', 1_100, 100)
    expect(wallet('ann').available).toBe('899.5')
    place('ann', 'sell', 1_100, 10)
    expect(wallet('ann').available).toBe('888.445')
  })

  it('bounds what may be opened by the leverage', () => {
    mark('1000')
    expect(() => place('ann', 'buy', 1_000, 1_000)).toThrow('insufficient_funds')
    expect(market.setLeverage(position('ann'), Decimal.of(20))).toBe(true)
    const order = place('ann', 'buy', 1_000, 1_000)
    expect(market.setLeverage(position('ann'), Decimal.of(5))).toBe(false)
    expect(position('ann').leverage.toString()).toBe('20')
    expect(market.core.amend(order, 10_000, 4_000)).toBe('insufficient_funds')
    expect(market.core.amend(order, 10_000, 900)).toBeUndefined()
  })

  it('is shared by cross positions', () => {
    place('house', 'sell', 1_000, 100)
    place('ann', 'buy', 1_000, 100)
    market.setLeverage(position('ann'), Decimal.zero, Decimal.of(10))
    mark('900')
    expect(position('ann').lots).toBe(100)
    expect(wallet('ann').available).toBe('809.5')
    expect(market.margin.liquidationPrice(position('ann'), market.account('ann'))?.toNumber()).toBeCloseTo(0.5025, 3)
  })

  it('of an isolated position takes more, and gives back what it does not need', () => {
    place('house', 'sell', 1_000, 100)
    place('ann', 'buy', 1_000, 100)
    mark('1000')
    expect(market.addMargin(position('ann'), Decimal.of(50))).toBe(true)
    expect(wallet('ann').available).toBe('849.5')
    expect(market.addMargin(position('ann'), Decimal.of(-60))).toBe(false)
    expect(market.addMargin(position('ann'), Decimal.of(2_000))).toBe(false)
    expect(market.addMargin(position('ann'), Decimal.of(-50))).toBe(true)
  })
})

describe('orders that only reduce', () => {
  it('trade no more than there is, and end with the position', () => {
    place('house', 'sell', 1_000, 10)
    place('ann', 'buy', 1_000, 10)
    const resting = place('ann', 'sell', 1_050, 30, { reduceOnly: true })
    place('house', 'buy', 990, 100)
    const sale = place('ann', 'sell', 990, 40, { reduceOnly: true })
    expect([sale.filledLots, sale.endReason, position('ann').lots]).toEqual([10, 'reduce_only', 0])
    expect(resting.endReason).toBe('reduce_only')
  })

  it('are filled no further when they rest', () => {
    place('house', 'sell', 1_000, 10)
    place('ann', 'buy', 1_000, 10)
    const resting = place('ann', 'sell', 1_050, 30, { reduceOnly: true })
    place('house', 'buy', 1_060, 25)
    expect([resting.filledLots, resting.endReason, position('ann').lots]).toEqual([10, 'reduce_only', 0])
  })

  it('do not begin a position', () => {
    expect(place('ann', 'sell', 1_000, 10, { reduceOnly: true }).endReason).toBe('reduce_only')
  })
})

describe('funding', () => {
  it('goes from longs to shorts at the end of each interval, and sums to zero', async () => {
    place('bob', 'sell', 1_000, 100)
    place('ann', 'buy', 1_000, 100)
    mark('1000')
    market.steer(name, { fundingRate: Decimal.parse('0.0004') })
    market.wake()
    const dueMs = market.funding.nextAtMs
    await clock.advance(dueMs - clock.nowMs() - 1)
    expect(wallet('ann').paid.funding).toBe('0')
    await clock.advance(1)
    expect([wallet('ann').paid.funding, wallet('bob').paid.funding]).toEqual(['-0.4', '0.4'])
    expect(entries.at(-1)).toMatchObject({ type: 'funding', symbol: name, atMs: dueMs })
    expect(describePerpetuals(market).funding.settled[name]).toEqual([
      { atMs: dueMs, rate: '0.0004', markPrice: '1000' },
    ])
    expect(describePerpetuals(market).sums).toEqual({ USDT: '0' })
    market.steer(name, { fundingRate: Decimal.parse('-0.0001') })
    await clock.advance(intervalMs)
    expect(wallet('ann').paid.funding).toBe('-0.3')
    expect(market.funding.rateAt(market.core.engine(name).symbol, dueMs).toString()).toBe('0.0004')
    market.stop()
  })
})

describe('liquidation', () => {
  it('comes when the maintenance margin breaks, after the orders are gone', () => {
    place('house', 'sell', 1_000, 100)
    place('ann', 'buy', 1_000, 100)
    place('house', 'buy', 905, 500)
    const resting = place('ann', 'buy', 890, 10)
    const price = market.margin.liquidationPrice(position('ann'), market.account('ann'))!
    expect(price.toNumber()).toBeCloseTo(904.52, 2)
    mark('905')
    expect(position('ann').lots).toBe(100)
    mark('904.5')
    expect([position('ann').lots, resting.endReason]).toEqual([0, 'liquidated'])
    expect(market.core.ordersOf('ann').at(-1)).toMatchObject({ clientOrderId: 'liquidation', status: 'filled' })
    expect(wallet('ann').paid.pnl).toBe('-95')
  })

  it('leaves no wallet below zero', () => {
    market.setLeverage(position('ann'), Decimal.of(100))
    place('house', 'sell', 1_000, 5_000)
    place('ann', 'buy', 1_000, 5_000)
    place('house', 'buy', 700, 9_000)
    mark('980')
    expect(wallet('ann')).toMatchObject({ total: '0', available: '0' })
    expect(Number(wallet('ann').paid.insurance)).toBeGreaterThan(0)
    expect(describePerpetuals(market).sums).toEqual({ USDT: '0' })
  })
})
