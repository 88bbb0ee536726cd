import type { Random } from '../types/random.js'

export interface BackoffOptions {
  readonly initialMs: number
  readonly maxMs: number
  /** Growth per attempt; 2 by default. */
  readonly factor?: number
}

/**
 * Exponential backoff with full jitter: uniform between 0 and the attempt's ceiling, so that clients that failed
 * together do not come back together.
 *
 * @param attempt - 0 for the first wait.
 * @returns milliseconds to wait.
 */
export function backoffDelayMs(attempt: number, options: BackoffOptions, random: Random): number {
  // Bounded, since an initial wait of nothing times infinity is no number.
  const growth = Math.min((options.factor ?? 2) ** attempt, Number.MAX_VALUE)
  return random.next() * Math.min(options.maxMs, options.initialMs * growth)
}
