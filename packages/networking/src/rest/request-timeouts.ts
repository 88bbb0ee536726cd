/** Milliseconds that each phase of one attempt may take, and the whole call with its waits and retries. */
export interface RequestTimeouts {
  /** Waiting for the rate limiter; 5,000 by default. */
  readonly queueMs: number
  /** Until a connection takes the request; 3,000 by default. */
  readonly connectMs: number
  /** From the request written to the answer's head; 5,000 by default. */
  readonly headersMs: number
  /** From the head to the last byte; 10,000 by default. */
  readonly bodyMs: number
  /** Everything together; 15,000 by default. */
  readonly totalMs: number
}

export const defaultRequestTimeouts: RequestTimeouts = {
  queueMs: 5_000,
  connectMs: 3_000,
  headersMs: 5_000,
  bodyMs: 10_000,
  totalMs: 15_000,
}
