import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-test-instrument.js'
import { Decimal } from './decimal.js'
import { createExchangeId } from './ids.js'

const steps = fc.constantFrom('0.00000001', '0.0001', '0.01', '0.05', '0.25', '1', '5', '100')
const values = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 0, max: 8 }))
  .map(([mantissa, scale]) => Decimal.of(mantissa, scale))

describe('Instrument on its grids', () => {
  it('rounds a price to the neighbouring multiple of the tick size, down below and up above', () => {
    fc.assert(
      fc.property(steps, values, fc.integer({ min: 0, max: 4 }), (tick, price, finer) => {
        const tickSize = Decimal.parse(tick)
        const instrument = createTestInstrument({ tickSize, priceDecimals: tickSize.decimals + finer })
        fc.pre(price.lessThan(Decimal.parse('1000000')))
        fc.pre(instrument.priceDecimals <= 9)
        const down = instrument.ticksToPrice(instrument.priceToTicks(price, 'down'))
        const up = instrument.ticksToPrice(instrument.priceToTicks(price, 'up'))
        expect(down.greaterThan(price)).toBe(false)
        expect(up.lessThan(price)).toBe(false)
        const gap = up.minus(down)
        expect(gap.isZero || gap.equals(tickSize)).toBe(true)
        expect(instrument.priceToTicks(down, 'exact') % instrument.tickStep).toBe(0)
      }),
    )
  })

  it('rounds a quantity in the same way', () => {
    fc.assert(
      fc.property(values, (quantity) => {
        const instrument = createTestInstrument({ lotSize: Decimal.parse('0.005'), quantityDecimals: 4 })
        fc.pre(quantity.lessThan(Decimal.parse('1000000000')))
        const down = instrument.lotsToQuantity(instrument.quantityToLots(quantity, 'down'))
        expect(down.greaterThan(quantity)).toBe(false)
        expect(quantity.minus(down).lessThan(instrument.lotSize)).toBe(true)
        expect(instrument.quantityToLots(quantity, 'up') % instrument.lotStep).toBe(0)
      }),
    )
  })

  it('values exactly what price times quantity is, contracts included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 1e9 }), (ticks, lots) => {
        const instrument = createTestInstrument({ contractSize: Decimal.parse('0.001') })
        const product = instrument.ticksToPrice(ticks).times(instrument.lotsToQuantity(lots))
        expect(instrument.notional(ticks, lots).equals(product.times(Decimal.parse('0.001')))).toBe(true)
      }),
    )
  })
})

describe('Instrument', () => {
  it('keeps market data and orders on two grids of one unit', () => {
    const instrument = createTestInstrument({
      tickSize: Decimal.parse('0.05'),
      priceDecimals: 3,
      lotSize: Decimal.parse('10'),
    })
    expect([instrument.tickStep, instrument.pricePerTick]).toEqual([50, 0.001])
    expect([instrument.lotStep, instrument.quantityDecimals]).toEqual([10, 0])
    expect(instrument.basePerLot).toBe(1)
  })

  it('names itself by exchange, market and pair', () => {
    expect(createTestInstrument({ exchange: createExchangeId('mexc') }).id).toBe('mexc:spot:BTC/USDT')
  })

  it('fills in limits that do not exist', () => {
    const { minQuantity, maxQuantity, maxNotional, contractSize, priceBand } = createTestInstrument()
    expect(minQuantity.isZero).toBe(true)
    expect([maxQuantity, maxNotional, priceBand]).toEqual([undefined, undefined, undefined])
    expect(contractSize.equals(Decimal.one)).toBe(true)
  })

  it('refuses a grid that is not positive or finer than its data', () => {
    expect(() => createTestInstrument({ tickSize: Decimal.zero })).toThrow(RangeError)
    expect(() => createTestInstrument({ lotSize: Decimal.parse('-1') })).toThrow(RangeError)
    expect(() => createTestInstrument({ tickSize: Decimal.parse('0.01'), priceDecimals: 1 })).toThrow(RangeError)
  })

  it('refuses what is off the grid, negative, or too large for a double', () => {
    const instrument = createTestInstrument()
    expect(() => instrument.priceToTicks(Decimal.parse('0.015'), 'exact')).toThrow(RangeError)
    expect(() => instrument.priceToTicks(Decimal.parse('-1'), 'down')).toThrow(/negative or too large/)
    expect(() => instrument.quantityToLots(Decimal.parse('1e15'), 'down')).toThrow(/negative or too large/)
  })

  it("takes the account's fees and keeps everything else", () => {
    const band = { buyAboveRatio: Decimal.parse('0.1'), sellBelowRatio: Decimal.parse('0.1') }
    const before = createTestInstrument({ maxQuantity: Decimal.one, maxNotional: Decimal.one, priceBand: band })
    const fees = { maker: Decimal.zero, taker: Decimal.parse('0.0005'), assetRule: 'received' } as const
    const after = before.withFees(fees)
    expect(after).toEqual(Object.assign(createTestInstrument(), before, { fees }))
    expect(createTestInstrument().withFees(fees).maxQuantity).toBeUndefined()
  })
})
