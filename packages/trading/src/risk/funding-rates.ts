import { bpsPerUnit, msPerHour, type Clock, type Instrument, type InstrumentId, usPerMs } from '@cex-arbitrage/common'
import type { FundingRate } from '@cex-arbitrage/exchanges'

const msPerDay = 24 * msPerHour

/** A rate that was not asked for again so long is none, microseconds. */
const maxAgeUs = 300_000 * usPerMs

/** What funding is expected to bring. */
export interface FundingView {
  /** Of the notional a day, as things stand; a short position receives it while positive. `undefined` where it is not known. */
  bpsPerDay(instrument: Instrument): number | undefined
}

/** The funding rates that exchanges told last. */
export class FundingRates implements FundingView {
  private readonly told = new Map<InstrumentId, { readonly bpsPerDay: number; readonly atUs: number }>()

  constructor(private readonly clock: Pick<Clock, 'nowUs'>) {}

  record({ instrument, rate, intervalMs }: FundingRate): void {
    const bpsPerDay = (rate.toNumber() * bpsPerUnit * msPerDay) / intervalMs
    this.told.set(instrument.id, { bpsPerDay, atUs: this.clock.nowUs() })
  }

  bpsPerDay({ id }: Instrument): number | undefined {
    const rate = this.told.get(id)
    return rate === undefined || this.clock.nowUs() - rate.atUs > maxAgeUs ? undefined : rate.bpsPerDay
  }
}
