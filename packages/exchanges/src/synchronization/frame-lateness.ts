import { usPerMs } from '@cex-arbitrage/common'

/** Length of one of the two periods whose quickest frame counts. */
const periodUs = 60_000_000
/** Lateness below this is the stream's own rhythm: exchanges collect changes before they send them. */
const toleranceUs = 250_000
/**
 * Until a stream's rhythm is known, frames may be slower than the quickest that the exchange's clock allows by so much: the
 * way, the error of the measurement, and what an exchange needs between the time it names and its sending.
 */
const firstSlackUs = 750_000

/**
 * Tells frames that come late from those that come in time, by the exchange's own times: a frame is as late as its way
 * took longer than that of the quickest of the last one or two minutes. No synchronised clock is needed; where the exchange's
 * clock has been measured, a stream that is late from its first frame on is told as well, for as long. A step back of the
 * exchange's clock looks late until `bound` knows better.
 */
export class FrameLateness {
  private leastUs = Number.POSITIVE_INFINITY
  private leastBeforeUs = Number.POSITIVE_INFINITY
  private periodStartUs = Number.NEGATIVE_INFINITY
  /** Two periods have begun: quickest frames tell the rhythm. */
  private knowsRhythm = false
  /** What `bound` was told last, and from when on it holds. */
  private boundUs = Number.NEGATIVE_INFINITY
  private boundFromUs = Number.POSITIVE_INFINITY
  /** The last frame was late. */
  isLate = false

  /**
   * @param exchangeTimeMs - Unix milliseconds of the frame; 0 where it has none.
   * @returns microseconds; 0 for a frame in time.
   */
  measureUs(receivedAtUs: number, exchangeTimeMs: number): number {
    if (exchangeTimeMs <= 0) return 0
    if (receivedAtUs >= this.boundFromUs) this.applyBound()
    const wayUs = receivedAtUs - exchangeTimeMs * usPerMs
    if (receivedAtUs - this.periodStartUs >= periodUs) {
      if (this.leastUs !== Number.POSITIVE_INFINITY) {
        this.leastBeforeUs = this.leastUs
        this.knowsRhythm = true
      }
      this.leastUs = wayUs
      this.periodStartUs = receivedAtUs
    } else if (wayUs < this.leastUs) this.leastUs = wayUs
    const lateUs = wayUs - Math.min(this.leastUs, this.leastBeforeUs)
    this.isLate = lateUs > toleranceUs
    return this.isLate ? lateUs : 0
  }

  /**
   * No frame can be quicker than this, by a measurement of the exchange's clock: what seemed to be came from a clock that
   * stood elsewhere. Frames that were sent by that clock and are late by as much as it has been set back since cannot be
   * told from frames in time, so the bound holds only once they must have come.
   *
   * @param quickestWayUs - Time of arrival on our monotonic clock less time of sending on theirs, microseconds.
   */
  bound(quickestWayUs: number, measuredAtUs: number): void {
    const setBackUs = quickestWayUs - Math.min(this.leastUs, this.leastBeforeUs)
    if (setBackUs <= toleranceUs) this.boundFromUs = Number.POSITIVE_INFINITY
    else if (Math.abs(quickestWayUs - this.boundUs) > toleranceUs || this.boundFromUs === Number.POSITIVE_INFINITY)
      this.boundFromUs = measuredAtUs + setBackUs + toleranceUs
    this.boundUs = quickestWayUs
    if (!this.knowsRhythm) this.leastBeforeUs = quickestWayUs + firstSlackUs
  }

  private applyBound(): void {
    this.leastUs = Math.max(this.leastUs, this.boundUs)
    this.leastBeforeUs = Math.max(this.leastBeforeUs, this.boundUs)
    this.boundFromUs = Number.POSITIVE_INFINITY
  }
}
