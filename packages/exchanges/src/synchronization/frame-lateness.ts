import { usPerMs } from '@cex-arbitrage/common'

/** Length of one of the two periods whose quickest frame counts. */
const periodUs = 60_000_000
/** Lateness below this is the stream's own rhythm: exchanges collect changes before they send them. */
const toleranceUs = 250_000

/**
 * Tells frames that come late from those that come in time, by the exchange's own times: a frame is as late as its way
 * took longer than that of the quickest of the last one or two minutes. No synchronised clock is needed. A stream that is
 * late from its first frame on looks punctual, and a step back of the exchange's clock looks late until it is forgotten.
 */
export class FrameLateness {
  private leastUs = Number.POSITIVE_INFINITY
  private leastBeforeUs = Number.POSITIVE_INFINITY
  private periodStartUs = Number.NEGATIVE_INFINITY

  /**
   * @param exchangeTimeMs - Unix milliseconds of the frame; 0 where it has none.
   * @returns microseconds; 0 for a frame in time.
   */
  measureUs(receivedAtUs: number, exchangeTimeMs: number): number {
    if (exchangeTimeMs <= 0) return 0
    const wayUs = receivedAtUs - exchangeTimeMs * usPerMs
    if (receivedAtUs - this.periodStartUs >= periodUs) {
      this.leastBeforeUs = this.leastUs
      this.leastUs = wayUs
      this.periodStartUs = receivedAtUs
    } else if (wayUs < this.leastUs) this.leastUs = wayUs
    const lateUs = wayUs - Math.min(this.leastUs, this.leastBeforeUs)
    return lateUs > toleranceUs ? lateUs : 0
  }
}
