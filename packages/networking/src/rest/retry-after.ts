import { msPerSecond } from '@cex-arbitrage/common'
import type { ResponseHeaders } from './rest-request.js'

/**
 * Milliseconds that a `Retry-After` header asks to wait, given in seconds or as a date; `undefined` where there is none
 * that can be read.
 *
 * @param nowMs - Unix milliseconds.
 */
export function parseRetryAfterMs(headers: ResponseHeaders, nowMs: number): number | undefined {
  const text = headers['retry-after']?.trim()
  if (text === undefined || text === '') return undefined
  const seconds = Number(text)
  const delayMs = Number.isNaN(seconds) ? Date.parse(text) - nowMs : seconds * msPerSecond
  return Number.isFinite(delayMs) ? Math.max(0, delayMs) : undefined
}
