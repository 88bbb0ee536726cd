import type { ExchangeId } from '@cex-arbitrage/common'
import type { ServerTime } from '@cex-arbitrage/exchanges'

/** The last measured difference to each exchange's clock. */
export class ClockOffsets {
  private readonly measured = new Map<ExchangeId, ServerTime>()

  record(exchange: ExchangeId, serverTime: ServerTime): void {
    this.measured.set(exchange, serverTime)
  }

  /** The last measurement; `undefined` before the first. */
  latest(exchange: ExchangeId): ServerTime | undefined {
    return this.measured.get(exchange)
  }

  /**
   * The least that the difference can be, in milliseconds, the error of the measurement (half its round trip) given in our
   * favour; 0 where nothing has been measured.
   */
  certainOffsetMs(exchange: ExchangeId): number {
    const time = this.measured.get(exchange)
    return time === undefined ? 0 : Math.max(0, Math.abs(time.offsetMs) - time.roundTripMs / 2)
  }
}
