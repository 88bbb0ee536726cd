/**
 * What goes wrong with one submission, one cancel or one query of a simulated exchange. Delays are milliseconds of its
 * clock.
 */
export interface SubmitFault {
  /**
   * `refuse`: rejected, nothing rests. `would_take`: refused as a post-only order that crosses. `retry`: rate limited, nothing was done. `lost_request`: never arrives, no answer.
   * `lost_answer`: accepted, but the caller learns nothing. `hang`: accepted, and the call never returns.
   * `error_after_accept`: accepted, and answered by a 5xx. `late_refusal`: acknowledged, then refused on the stream.
   */
  readonly kind?:
    | 'refuse'
    | 'would_take'
    | 'retry'
    | 'lost_request'
    | 'lost_answer'
    | 'hang'
    | 'error_after_accept'
    | 'late_refusal'
  readonly ackDelayMs?: number
  /** The request reaches the matching so much later, whatever the caller is told. */
  readonly arrivalDelayMs?: number
  /** Order and fill events come so much later than the matching. */
  readonly eventDelayMs?: number
  /** Each event comes so many times; 1 by default, 0 for none. */
  readonly eventCopies?: number
  /** Events come in reverse. */
  readonly reversed?: boolean
  /** Matches at most so many lots now; an IOC remainder is cancelled. */
  readonly matchLots?: number
  /** What is not matched at once rests, though it was to end. */
  readonly rests?: boolean
  /** Tells `cancelled` with nothing filled first, and the true fills so much later (a late fill). */
  readonly lateFillMs?: number
}

export interface QueryFault {
  /** `error`: a 5xx. `not_found`: denies an order that is there. `hang`: never answers. */
  readonly kind: 'error' | 'not_found' | 'hang'
}

export interface CancelFault {
  /** `error`: a 5xx, not done. `fills_first`: the order fills just before. `done_unanswered`: done, answered by a 5xx. */
  readonly kind: 'error' | 'fills_first' | 'done_unanswered'
}

/** A script of faults: the next call takes the first; a function decides per call. */
export type FaultScript<Fault, Call> = Fault[] | ((call: Call) => Fault | undefined)

/** The fault of this call, taken off a list. */
export function nextFault<Fault, Call>(script: FaultScript<Fault, Call>, call: Call): Fault | undefined {
  return typeof script === 'function' ? script(call) : script.shift()
}
