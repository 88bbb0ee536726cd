import { describe, expect, it } from 'vitest'
import { mapMexcInstrument } from './instruments.js'

/** The documentation's own example of a row, with the live value of `isSpotTradingAllowed`. */
const row = {
  symbol: 'BTCUSDT',
  status: '1',
  baseAsset: 'BTC',
  baseAssetPrecision: 8,
  quoteAsset: 'USDT',
  quotePrecision: 2,
  quoteAssetPrecision: 2,
  orderTypes: ['LIMIT', 'MARKET', 'LIMIT_MAKER'],
  isSpotTradingAllowed: true,
  quoteAmountPrecision: '1',
  baseSizePrecision: '0.000001',
  permissions: ['SPOT'],
  filters: [{ filterType: 'PERCENT_PRICE_BY_SIDE', bidMultiplierUp: '0.005', askMultiplierDown: '0.005' }],
  maxQuoteAmount: '4000000',
  makerCommission: '0',
  takerCommission: '0.0005',
  tradeSideType: 1,
}

describe('mapMexcInstrument', () => {
  it('maps grids, limits, fees and band', () => {
    expect(JSON.parse(JSON.stringify(mapMexcInstrument(row)))).toMatchObject({
      id: 'mexc:spot:BTC/USDT',
      exchangeSymbol: 'BTCUSDT',
      tickSize: '0.01',
      lotSize: '0.00000001',
      priceDecimals: 2,
      quantityDecimals: 8,
      tickStep: 1,
      lotStep: 1,
      minQuantity: '0.000001',
      minNotional: '1',
      maxNotional: '4000000',
      fees: { maker: '0', taker: '0.0005', assetRule: 'quote' },
      status: 'trading',
      priceBand: { buyAboveRatio: '0.005', sellBelowRatio: '0.005' },
    })
  })

  it('takes absent and zero limits for none, and standard fees where none are stated', () => {
    const instrument = mapMexcInstrument({
      ...row,
      baseSizePrecision: '0',
      quoteAmountPrecision: null,
      maxQuoteAmount: undefined,
      makerCommission: null,
      takerCommission: undefined,
      filters: [],
      tradeSideType: undefined,
    })!
    expect(JSON.parse(JSON.stringify(instrument))).toMatchObject({
      minQuantity: '0',
      minNotional: '0',
      fees: { maker: '0', taker: '0.0005' },
      status: 'trading',
    })
    expect(instrument.maxNotional).toBeUndefined()
    expect(instrument.priceBand).toBeUndefined()
  })

  it.each([
    [{ tradeSideType: 2 }, 'buy_only'],
    [{ tradeSideType: '3' }, 'sell_only'],
    [{ tradeSideType: 4 }, 'halted'],
    [{ status: '2' }, 'halted'],
    [{ status: 1 }, 'trading'],
    [{ status: 'ENABLED' }, 'trading'],
    [{ isSpotTradingAllowed: false }, 'halted'],
    [{ permissions: [] }, 'halted'],
  ])('reads %o as %s', (more, status) => {
    expect(mapMexcInstrument({ ...row, ...more })!.status).toBe(status)
  })

  it.each(['龙虾USDT', 'GOLD(PAXG)USDT'])('keeps the name %s whole', (symbol) => {
    const baseAsset = symbol.slice(0, -4)
    expect(mapMexcInstrument({ ...row, symbol, baseAsset })).toMatchObject({ exchangeSymbol: symbol, base: baseAsset })
  })

  it('answers nothing for a row that cannot be read', () => {
    expect(mapMexcInstrument({ ...row, quotePrecision: '2' })).toBeUndefined()
    expect(mapMexcInstrument(null)).toBeUndefined()
  })
})
