import { describe, expect, it } from 'vitest'
import { readFixture } from '../../testing/read-fixture.js'
import { bookFeedOf, createGateioCapabilities } from './capabilities.js'
import { bookQuantityDecimals, mapGateioInstrument } from './instruments.js'
import { gateioOptionsSchema } from './schemas.js'
import { parseGateioSymbol, toGateioSymbol } from './symbols.js'

const row = readFixture<Record<string, unknown>>(import.meta.url, './fixtures/rest-currency-pair.json')
const nowMs = 1_764_590_400_000
const statusOf = (change: Record<string, unknown>) => mapGateioInstrument({ ...row, ...change }, nowMs)?.status

describe('instruments of Gate.io', () => {
  it('maps the documented row', () => {
    const instrument = mapGateioInstrument(row, nowMs)!
    expect(instrument).toMatchObject({ id: 'gateio:spot:ETH/USDT', exchangeSymbol: 'ETH_USDT', status: 'trading' })
    expect(
      [instrument.tickSize, instrument.lotSize, instrument.minQuantity, instrument.maxQuantity].map(String),
    ).toEqual(['0.01', '0.001', '0.001', '10000'])
    expect([instrument.minNotional, instrument.maxNotional, instrument.fees.taker].map(String)).toEqual([
      '3',
      '10000000',
      '0.002',
    ])
    expect([instrument.priceDecimals, instrument.quantityDecimals]).toEqual([2, 8])
  })

  it('takes a limit that is absent, null, empty or zero as none', () => {
    for (const value of [undefined, null, '', '0']) {
      const instrument = mapGateioInstrument({ ...row, max_base_amount: value, min_base_amount: value }, nowMs)!
      expect(instrument.maxQuantity).toBeUndefined()
      expect(instrument.minQuantity.isZero).toBe(true)
    }
  })

  it('reads the price band where the row has one', () => {
    const { priceBand } = mapGateioInstrument({ ...row, up_rate: '0.1', down_rate: '0.2' }, nowMs)!
    expect([priceBand!.buyAboveRatio, priceBand!.sellBelowRatio].map(String)).toEqual(['0.1', '0.2'])
    expect(mapGateioInstrument({ ...row, up_rate: '0', down_rate: '0.2' }, nowMs)!.priceBand).toBeUndefined()
  })

  it('tells which sides trade now', () => {
    expect(statusOf({ trade_status: 'buyable' })).toBe('buy_only')
    expect(statusOf({ trade_status: 'sellable' })).toBe('sell_only')
    expect(statusOf({ trade_status: 'untradable' })).toBe('halted')
    expect(statusOf({ sell_start: nowMs / 1000 + 60 })).toBe('buy_only')
    expect(statusOf({ buy_start: nowMs / 1000 + 60 })).toBe('sell_only')
    expect(statusOf({ delisting_time: nowMs / 1000 - 60 })).toBe('halted')
    expect(statusOf({ delisting_time: nowMs / 1000 + 60, buy_start: null })).toBe('trading')
  })

  it('passes over a row that it cannot read, and takes the standard fee where none is stated', () => {
    expect(mapGateioInstrument({ ...row, precision: 'two' }, nowMs)).toBeUndefined()
    expect(mapGateioInstrument({ ...row, min_base_amount: 'x' }, nowMs)).toBeUndefined()
    expect(mapGateioInstrument({ ...row, fee: undefined }, nowMs)!.fees.maker.toString()).toBe('0.002')
  })

  it('leaves room for the amounts of cheap coins and the digits of dear ones', () => {
    expect(bookQuantityDecimals(2, 4)).toBe(8)
    expect(bookQuantityDecimals(8, 3)).toBe(4)
    expect(bookQuantityDecimals(12, 0)).toBe(0)
    expect(bookQuantityDecimals(12, 6)).toBe(6)
  })

  it('splits names at the last underscore only', () => {
    const { base, quote } = parseGateioSymbol('A_B_USDT')
    expect([base, quote]).toEqual(['A_B', 'USDT'])
    expect(toGateioSymbol(base, quote)).toBe('A_B_USDT')
    for (const text of ['USDT', '_USDT', 'BTC_']) expect(() => parseGateioSymbol(text)).toThrow(TypeError)
  })

  it('claims what the options choose', () => {
    const options = gateioOptionsSchema.parse({ bookFeed: 'obu', streamIntervalMs: 100, orderEntry: 'rest' })
    expect(bookFeedOf(options)).toBe('obu-400')
    expect(createGateioCapabilities(options)).toMatchObject({ streamedDepth: 400, orderEntry: ['rest'] })
    expect(createGateioCapabilities(gateioOptionsSchema.parse({})).maxClientOrderIdLength).toBe(28)
  })
})
