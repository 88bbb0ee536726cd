import { ExchangeException, type ErrorCode, type Recovery } from '@cex-arbitrage/common'
import type { RawResponse } from '@cex-arbitrage/networking'
import { categorizeStatus } from '../direct/api-error.js'
import { parseTolerantJson } from '../direct/tolerant-json.js'
import { BridgeRefusal } from './bridge-refusal.js'
import { errorSchema } from './upstream-schemas.js'

/** hummingbot-api answered with an error status; `message` is its `detail`. */
export class UpstreamRefusedException extends ExchangeException {
  readonly code: ErrorCode
  readonly recovery: Recovery

  constructor(
    readonly status: number,
    readonly detail: string,
    cause?: unknown,
  ) {
    super({ message: detail, httpStatus: status, ...(cause !== undefined && { cause }) })
    this.code = status >= 500 ? 'EXCHANGE_UNAVAILABLE' : 'EXCHANGE_REQUEST_INVALID'
    this.recovery = status >= 500 ? 'reconcile' : 'reject'
  }
}

/** Turns an answer with an error status into an exception that keeps its `detail`. */
export function mapUpstreamError({ status, bodyText }: RawResponse): UpstreamRefusedException | undefined {
  return status >= 200 && status < 300 ? undefined : new UpstreamRefusedException(status, detailOf(status, bodyText))
}

/** What the client is told of a failed upstream call (B5.3). */
export function toRefusal(cause: unknown): BridgeRefusal {
  if (cause instanceof BridgeRefusal) return cause
  if (cause instanceof UpstreamRefusedException)
    return new BridgeRefusal(categorizeStatus(cause.status, cause.detail), cause.detail, undefined, { cause })
  const message = cause instanceof Error ? cause.message : String(cause)
  return new BridgeRefusal('connection_error', `Hummingbot API did not answer: ${message}`, undefined, { cause })
}

function detailOf(status: number, bodyText: string): string {
  const absent = `Hummingbot API answered with HTTP ${status}`
  let body: unknown
  try {
    body = parseTolerantJson(bodyText)
  } catch {
    return absent
  }
  const parsed = errorSchema.safeParse(body)
  if (!parsed.success) return absent
  const { detail } = parsed.data
  if (typeof detail === 'string') return detail
  const first = detail[0]
  return first === undefined ? absent : `${first.loc.join('.')}: ${first.msg}`
}
