import { Decimal, Instrument, createExchangeId, parseSymbol, type InstrumentSpec } from '@cex-arbitrage/common'

/** An instrument for specs: BTC/USDT with a tick of 0.01 and a lot of 0.00000001 unless told otherwise. */
export function createTestInstrument(overrides: Partial<InstrumentSpec> = {}): Instrument {
  return new Instrument({
    exchange: createExchangeId('example'),
    marketType: 'spot',
    ...parseSymbol('BTC/USDT'),
    exchangeSymbol: 'BTCUSDT',
    tickSize: Decimal.parse('0.01'),
    lotSize: Decimal.parse('0.00000001'),
    fees: { maker: Decimal.zero, taker: Decimal.parse('0.0005'), assetRule: 'quote' },
    status: 'trading',
    ...overrides,
  })
}
