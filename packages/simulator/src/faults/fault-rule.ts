/** Kinds by the place where they act. */
export const restFaultKinds = [
  'request_delay',
  'request_drop',
  'rate_limited',
  'error_before',
  'error_after',
  'lost_acknowledgement',
  'response_delay',
  'response_truncate',
  'stale_response',
  'strange_answer',
] as const
export const streamFaultKinds = ['drop', 'duplicate', 'reorder', 'delay', 'gap', 'truncate'] as const
export const connectionFaultKinds = ['stall', 'half_open', 'disconnect', 'refuse_connection'] as const
export const orderFaultKinds = ['late_fill', 'late_refusal', 'cancel_race'] as const
export const venueFaultKinds = ['clock_skew', 'maintenance', 'session_expiry'] as const

export const faultKinds = [
  ...restFaultKinds,
  ...streamFaultKinds,
  ...connectionFaultKinds,
  ...orderFaultKinds,
  ...venueFaultKinds,
] as const

/** What is in a strange answer. */
export const strangeAnswers = [
  'empty',
  'no_content',
  'html',
  'redirect',
  'half',
  'null',
  'object',
  'list',
  'gzip',
] as const
export type StrangeAnswer = (typeof strangeAnswers)[number]

export type FaultKind = (typeof faultKinds)[number]

/**
 * One fault: what, where, when, how. Every condition that is given must hold; a rule with `kind` alone acts everywhere,
 * always.
 */
export interface FaultRule {
  readonly kind: FaultKind
  /** REST: `METHOD /path` with `*` for any text, e.g. `POST *\/spot/orders*`. WebSocket requests: `WS <channel>`. */
  readonly route?: string
  /** Streams: the venue's channel name, `*` for any text. */
  readonly channel?: string
  /** Streams and connections: those that carry private data, or the others. */
  readonly scope?: 'public' | 'private'
  /** `BASE/QUOTE`. */
  readonly symbol?: string
  readonly apiKey?: string
  /** Lets the first so many occasions pass. */
  readonly skip?: number
  /** Acts on so many occasions, then retires; no limit when absent. */
  readonly count?: number
  /** Chance on each occasion, 0 to 1; always when absent. */
  readonly probability?: number
  /** Milliseconds from adding the rule until it works. */
  readonly afterMs?: number
  /** Milliseconds for which it works; for ever when absent. */
  readonly durationMs?: number
  /** Works again every so many milliseconds, each time for `durationMs`. */
  readonly everyMs?: number
  /** Milliseconds of a delay, or until a late event. */
  readonly delayMs?: number
  /** HTTP status of an error; 503 when absent. */
  readonly status?: number
  /** Seconds in the `Retry-After` header; no header when absent. */
  readonly retryAfterS?: number
  /**
   * Of a lost acknowledgement: the socket is cut (default), or never answered. Of an error: a body as JSON or HTML. Of a
   * strange answer: what comes in place of the true one, `empty` by default.
   */
  readonly mode?: 'cut' | 'hang' | StrangeAnswer
  /** Milliseconds by which the venue's clock is ahead. */
  readonly offsetMs?: number
  /** Part of the order that a cancel race fills, 0 to 1; all when absent. */
  readonly fraction?: number
}

/** A rule that was added, with what it has done. */
export interface ActiveFault {
  readonly id: string
  readonly rule: FaultRule
  /** Occasions on which it acted. */
  readonly injected: number
  readonly retired: boolean
}

/** What is known about an occasion. */
export interface FaultOccasion {
  readonly route?: string
  readonly channel?: string
  readonly scope?: 'public' | 'private'
  readonly symbol?: string
  readonly apiKey?: string
}
