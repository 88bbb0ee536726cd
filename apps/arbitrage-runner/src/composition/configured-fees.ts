import { Decimal, bpsPerUnit, type Instrument } from '@cex-arbitrage/common'
import type { FeeOverride } from '@cex-arbitrage/config'

const feeDecimals = 12

/** The instrument with the rates that the configuration states in place of the exchange's. */
export function withConfiguredFees(instrument: Instrument, fees: FeeOverride): Instrument {
  const fraction = (bps: number): Decimal =>
    Decimal.fromNumber(bps).dividedBy(Decimal.of(bpsPerUnit), feeDecimals, 'up')
  return instrument.withFees({
    maker: fraction(fees.makerBps),
    taker: fraction(fees.takerBps),
    assetRule: instrument.fees.assetRule,
  })
}
