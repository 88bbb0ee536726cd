import type { SymbolSpec } from '../matching/trading-symbol.js'

const fees = { makerFee: '0.001', takerFee: '0.001' }

/** Pairs that every simulated venue lists unless told otherwise, with steps like those of real venues. */
export const defaultSymbols: readonly SymbolSpec[] = [
  row('BTC', '0.1', '0.00001', 65_000),
  row('ETH', '0.01', '0.0001', 3_200),
  row('SOL', '0.01', '0.001', 150),
  row('XRP', '0.0001', '0.1', 1.4),
  row('LUNC', '0.00000001', '1', 0.000036),
  {
    base: 'ETH',
    quote: 'BTC',
    tickSize: '0.000001',
    lotSize: '0.0001',
    minNotional: '0.00005',
    maxNotional: '80',
    referencePrice: 3_200 / 65_000,
    ...fees,
  },
]

function row(base: string, tickSize: string, lotSize: string, referencePrice: number): SymbolSpec {
  return { base, quote: 'USDT', tickSize, lotSize, minNotional: '3', maxNotional: '5000000', referencePrice, ...fees }
}
