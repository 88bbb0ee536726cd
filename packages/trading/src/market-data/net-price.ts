import type { Instrument, LiquidityRole } from '@cex-arbitrage/common'

/** Quote paid per base received, as a factor on the price: the fee in quote, or the base that does not arrive. */
export function buyFactor(instrument: Instrument, role: LiquidityRole): number {
  const rate = instrument.fees[role].toNumber()
  return instrument.fees.assetRule === 'received' && instrument.marketType !== 'futures' ? 1 / (1 - rate) : 1 + rate
}

/** Quote received per base sold, as a factor on the price. A sale pays its fee in quote under either rule. */
export function sellFactor(instrument: Instrument, role: LiquidityRole): number {
  return 1 - instrument.fees[role].toNumber()
}
