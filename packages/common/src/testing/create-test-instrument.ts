import { Decimal } from '../types/decimal.js'
import { createAssetId, createExchangeId } from '../types/ids.js'
import { Instrument, type InstrumentSpec } from '../types/instrument.js'
import { createSymbol } from '../types/symbol.js'

/** A spot BTC/USDT of exchange `test`: tick 0.01, lot 0.0001, minimum notional 5, fees 10 bps; override what matters. */
export function createTestInstrument(overrides: Partial<InstrumentSpec> = {}): Instrument {
  const base = overrides.base ?? createAssetId('BTC')
  const quote = overrides.quote ?? createAssetId('USDT')
  return new Instrument({
    exchange: createExchangeId('test'),
    marketType: 'spot',
    symbol: createSymbol(base, quote),
    base,
    quote,
    exchangeSymbol: `${base}${quote}`,
    tickSize: Decimal.parse('0.01'),
    lotSize: Decimal.parse('0.0001'),
    minNotional: Decimal.parse('5'),
    fees: { maker: Decimal.parse('0.001'), taker: Decimal.parse('0.001'), assetRule: 'quote' },
    status: 'trading',
    ...overrides,
  })
}
