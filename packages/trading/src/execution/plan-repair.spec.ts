import {
  createAssetId,
  Decimal,
  type AssetId,
  type ExchangeId,
  type Instrument,
  type Side,
} from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-instrument.js'
import { createTradingWorld } from '../testing/create-trading-world.js'
import { SimulatedBook } from '../testing/simulated-book.js'
import type { AccountView } from '../types/account-view.js'
import type { LegPlan } from '../types/trade-plan.js'
import { planRepair, type RepairContext } from './plan-repair.js'
import { createQuoteValuation } from './quote-valuation.js'

const btc = createAssetId('BTC')
const plan = createTradingWorld().createPlan('t1')
const d = (text: string): Decimal => Decimal.parse(text)

type Levels = readonly (readonly [string, string])[]
interface Venue {
  readonly instrument: Instrument
  readonly bids?: Levels
  readonly asks?: Levels
}

function createContext(
  venues: readonly Venue[],
  available = '1000000',
  overrides: Partial<RepairContext> = {},
): RepairContext {
  const books = new Map(
    venues.map(({ instrument, bids, asks }) => {
      const book = new SimulatedBook(instrument)
      book.set(bids ?? [], asks ?? [])
      return [instrument.id, book]
    }),
  )
  return {
    plan,
    instruments: venues.map(({ instrument }) => instrument),
    quotes: { quote: (instrument, side, lots) => books.get(instrument.id)!.quote(side, lots) },
    accounts: { available: (_exchange: ExchangeId, _asset: AssetId) => d(available) } as AccountView,
    valuation: () => undefined,
    maxResidualNotional: d('0.999'),
    slippageBps: 10,
    avoid: new Set(),
    resting: [],
    ...overrides,
  }
}

const surplus = (amount: string) => [{ asset: btc, amount: d(amount) }]

describe('planRepair', () => {
  it('takes a part on a grid that is too fine to count the whole in, and the whole elsewhere', () => {
    const fine = createTestInstrument({ exchange: 'gamma', lotSize: '0.00000000000000001' })
    const coarse = createTestInstrument({ exchange: 'delta' })
    const bids: Levels = [['100', '0.08']]
    const alone = planRepair(
      surplus('1'),
      createContext([{ instrument: fine, bids }], '1000', { maxResidualNotional: d('0.1') }),
    )
    expect(fine.lotsToQuantity(alone!.quantityLots).toString()).toBe('0.08')
    const both = createContext([
      { instrument: fine, bids },
      { instrument: coarse, bids: [['99', '5']] },
    ])
    expect(planRepair(surplus('1'), both)).toMatchObject({ instrument: coarse, quantityLots: 10_000 })
  })

  it('sells a surplus where it brings most after fees', () => {
    const cheap = createTestInstrument({ exchange: 'gamma', takerFee: '0.0001' })
    const dear = createTestInstrument({ exchange: 'delta', takerFee: '0.01' })
    const step = planRepair(
      surplus('1'),
      createContext([
        { instrument: dear, bids: [['100.5', '5']] },
        { instrument: cheap, bids: [['100', '5']] },
      ]),
    )
    expect(step).toMatchObject({
      instrument: cheap,
      side: 'sell',
      role: 'hedge',
      quantityLots: 10_000,
      priceTicks: 9_990,
    })
  })

  it('prefers one order that closes all to a better price for a part', () => {
    const thin = createTestInstrument({ exchange: 'gamma' })
    const deep = createTestInstrument({ exchange: 'delta' })
    const context = createContext([
      { instrument: thin, bids: [['101', '0.5']] },
      { instrument: deep, bids: [['100', '5']] },
    ])
    expect(planRepair(surplus('1'), context)?.instrument).toBe(deep)
    const avoiding = { ...context, avoid: new Set([deep.exchange]) }
    expect(planRepair(surplus('1'), avoiding)?.instrument).toBe(thin)
  })

  it('orders more where the fee is taken from what is bought', () => {
    const instrument = createTestInstrument({ exchange: 'gamma', feeAssetRule: 'received', takerFee: '0.01' })
    const step = planRepair(surplus('-0.99'), createContext([{ instrument, asks: [['100', '5']] }]))
    expect(step).toMatchObject({ side: 'buy', quantityLots: 10_000, priceTicks: 10_010 })
  })

  it('knows completing, unwinding and hedging apart', () => {
    const [buy, sell] = plan.legs as [LegPlan, LegPlan]
    const roleAt = (instrument: Instrument, amount: string): string | undefined =>
      planRepair(surplus(amount), createContext([{ instrument, bids: [['100', '5']], asks: [['100.1', '5']] }]))?.role
    expect(roleAt(buy.instrument, '1')).toBe('unwind')
    expect(roleAt(sell.instrument, '1')).toBe('complete')
    expect(roleAt(buy.instrument, '-1')).toBe('complete')
    expect(roleAt(sell.instrument, '-1')).toBe('unwind')
  })

  it('plans nothing without a trusted book, funds, permission or a legal size', () => {
    const instrument = createTestInstrument({ exchange: 'gamma', minNotional: '50' })
    const bids: Levels = [['100', '5']]
    expect(planRepair(surplus('1'), createContext([{ instrument }]))).toBeUndefined()
    expect(planRepair(surplus('1'), createContext([{ instrument, bids }], '0'))).toBeUndefined()
    expect(planRepair(surplus('0.2'), createContext([{ instrument, bids }]))).toBeUndefined()
    expect(planRepair(surplus('0.00001'), createContext([{ instrument, bids }]))).toBeUndefined()
    expect(
      planRepair(surplus('1'), createContext([{ instrument, bids: [['0.01', '5']] }], '9', { slippageBps: 9_999 })),
    ).toBeUndefined()
    const futures = createTestInstrument({ marketType: 'futures' })
    expect(planRepair(surplus('1'), createContext([{ instrument: futures, bids }]))).toBeUndefined()
    const halted = Object.assign(createTestInstrument(), { status: 'buy_only' })
    expect(planRepair(surplus('1'), createContext([{ instrument: halted, bids }]))).toBeUndefined()
  })

  it('never plans an order that its exchange would refuse or the account cannot pay', () => {
    const price = fc.integer({ min: 1, max: 300 }).map(String)
    const quantity = fc.integer({ min: 1, max: 40 }).map((lots) => (lots / 10).toFixed(1))
    const world = fc.record({
      amount: fc
        .integer({ min: -50, max: 50 })
        .filter((lots) => lots !== 0)
        .map((lots) => (lots / 10).toFixed(1)),
      available: fc.integer({ min: 0, max: 400 }).map(String),
      minNotional: fc.integer({ min: 0, max: 100 }).map(String),
      maxQuantity: fc.integer({ min: 1, max: 60 }).map((lots) => (lots / 10).toFixed(1)),
      feeAssetRule: fc.constantFrom('received' as const, 'quote' as const),
      levels: fc.array(fc.tuple(price, quantity), { maxLength: 4 }),
    })
    fc.assert(
      fc.property(world, ({ amount, available, minNotional, maxQuantity, feeAssetRule, levels }) => {
        const instrument = createTestInstrument({
          tickSize: '1',
          lotSize: '0.1',
          minNotional,
          maxQuantity,
          feeAssetRule,
          takerFee: '0.02',
        })
        const side: Side = amount.startsWith('-') ? 'buy' : 'sell'
        const ordered = [...levels].sort((a, b) => (Number(a[0]) - Number(b[0])) * (side === 'buy' ? 1 : -1))
        const context = createContext([{ instrument, bids: ordered, asks: ordered }], available)
        const step = planRepair(surplus(amount), context)
        if (step === undefined) return
        const size = instrument.lotsToQuantity(step.quantityLots)
        const notional = instrument.notional(step.priceTicks, step.quantityLots)
        expect(step.side).toBe(side)
        expect((step.quantityLots % instrument.lotStep) + (step.priceTicks % instrument.tickStep)).toBe(0)
        expect(notional.lessThan(d(minNotional)) || size.greaterThan(d(maxQuantity))).toBe(false)
        const fee = side === 'buy' && feeAssetRule === 'quote' ? notional.times(d('0.02')) : Decimal.zero
        expect((side === 'buy' ? notional.plus(fee) : size).greaterThan(d(available))).toBe(false)
        // Bought with the fee in base it may be one lot more than is missing, never more than that.
        expect(
          size
            .times(side === 'buy' && feeAssetRule === 'received' ? d('0.98') : Decimal.one)
            .minus(d(amount).abs())
            .lessThan(d('0.1')),
        ).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('createQuoteValuation', () => {
  it('values an asset at what the smallest sale brings on the first trusted book', () => {
    const [untrusted, empty, good] = ['a', 'b', 'c'].map((exchange) =>
      createTestInstrument({ exchange, base: 'MX' }),
    ) as [Instrument, Instrument, Instrument]
    const context = createContext([
      { instrument: untrusted },
      { instrument: empty },
      { instrument: good, bids: [['2.5', '10']] },
    ])
    const valuation = createQuoteValuation(context.instruments, context.quotes)(createAssetId('USDT'))
    expect(valuation(createAssetId('MX'))?.toString()).toBe('2.5')
    expect(valuation(createAssetId('GT'))).toBeUndefined()
  })
})
