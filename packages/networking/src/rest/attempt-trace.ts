import type { HttpAttempt } from './http-attempt.js'
import type { PhaseDurations, RestCallInfo } from './rest-observer.js'

/** What one attempt has been through, for the observer. */
export class AttemptTrace {
  queueUs = 0
  wire: HttpAttempt | undefined
  status: number | undefined

  constructor(
    readonly info: RestCallInfo,
    readonly startedAtUs: number,
  ) {}

  getDurations(nowUs: number): PhaseDurations {
    const { queueUs, wire } = this
    const endUs = wire?.endedAtUs ?? nowUs
    const writtenUs = wire?.writtenAtUs ?? endUs
    const headersUs = wire?.headersAtUs ?? endUs
    return {
      queueUs,
      connectUs: wire === undefined ? 0 : writtenUs - wire.startedAtUs,
      headersUs: headersUs - writtenUs,
      bodyUs: endUs - headersUs,
      totalUs: nowUs - this.startedAtUs,
    }
  }
}
