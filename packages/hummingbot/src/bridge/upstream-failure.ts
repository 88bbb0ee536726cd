import { ExchangeException, ExchangeUnavailableException, type ErrorCode, type Recovery } from '@cex-arbitrage/common'
import type { RawResponse } from '@cex-arbitrage/networking'
import { categorizeError, type HummingbotErrorCategory } from '../client/error-category.js'
import { BridgeRefusal } from './bridge-refusal.js'
import { parseTolerantJson } from './tolerant-json.js'
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
    return new BridgeRefusal(categoryOf(cause.status, cause.detail), cause.detail, undefined, { cause })
  const message = cause instanceof Error ? cause.message : String(cause)
  return new BridgeRefusal('connection_error', `Hummingbot API did not answer: ${message}`, undefined, { cause })
}

/** Whether the upstream could not be reached, or its answer was lost. */
export const isUnreachable = (cause: unknown): boolean =>
  cause instanceof ExchangeUnavailableException ||
  !(cause instanceof UpstreamRefusedException || cause instanceof BridgeRefusal)

function categoryOf(status: number, detail: string): HummingbotErrorCategory {
  if (status === 401 || status === 403) return 'auth_failed'
  if (status === 429) return 'rate_limit'
  if (status === 400 || status === 404 || status === 422)
    return /funds|balance|insufficient/i.test(detail) ? 'insufficient_funds' : 'invalid_order'
  if (status !== 500) return status > 500 ? 'server_error' : 'unknown_error'
  const category = categorizeError(detail)
  return category === 'unknown_error' ? 'server_error' : category
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
