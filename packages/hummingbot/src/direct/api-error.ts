import { CexArbitrageException, ExchangeConnectionException } from '@cex-arbitrage/common'
import type { RawResponse } from '@cex-arbitrage/networking'
import { categorizeError, type HummingbotErrorCategory } from '../client/error-category.js'
import { HummingbotException } from '../client/hummingbot-exception.js'
import type { Redactor } from '../client/redactor.js'

/** What an answer of hummingbot-api means when it is an error (B1, B5.3); `undefined` for a 2xx. */
export function readApiError(response: RawResponse, redactor: Redactor): HummingbotException | undefined {
  const { status, bodyText, endpoint, correlationId } = response
  if (status >= 200 && status < 300) return undefined
  const detail = redactor.redactText(readDetail(bodyText) ?? `HTTP ${status}`)
  return new HummingbotException({
    message: detail,
    serverMessage: detail,
    category: categorizeStatus(status, detail),
    requestType: endpoint,
    httpStatus: status,
    correlationId,
    attempts: 1,
  })
}

/** A failure that hides in a 200. */
export function createInnerFailure(endpoint: string, message: string | undefined): HummingbotException {
  const text = message ?? 'The answer says that it failed'
  const category = categorizeError(text)
  return new HummingbotException({
    message: text,
    serverMessage: text,
    category: category === 'unknown_error' ? 'invalid_order' : category,
    requestType: endpoint,
    httpStatus: 200,
    attempts: 1,
  })
}

/** Whatever the transport threw, as one of ours. */
export function asApiException(error: unknown, endpoint: string): HummingbotException {
  if (error instanceof HummingbotException) return error
  const isFamily = error instanceof CexArbitrageException
  return new HummingbotException({
    message: isFamily ? error.message : `Request failed: ${String(error)}`,
    category: isFamily && error.code === 'EXCHANGE_DATA_UNREADABLE' ? 'server_error' : 'connection_error',
    requestType: endpoint,
    isUnsent: error instanceof ExchangeConnectionException || (isFamily && error.recovery === 'retry'),
    attempts: 1,
    cause: error,
    ...(isFamily && { correlationId: error.correlationId }),
  })
}

export function categorizeStatus(status: number, detail: string): HummingbotErrorCategory {
  if (status === 401 || status === 403) return 'auth_failed'
  if (status === 429) return 'rate_limit'
  if (status === 400 || status === 404 || status === 422)
    return /funds|balance|insufficient/i.test(detail) ? 'insufficient_funds' : 'invalid_order'
  if (status !== 500) return 'server_error'
  const byText = categorizeError(detail)
  return byText === 'unknown_error' ? 'server_error' : byText
}

/** `detail` as text; of a list of problems every one, as `body.amount: Input should be positive`. */
function readDetail(bodyText: string): string | undefined {
  let body: unknown
  try {
    body = JSON.parse(bodyText)
  } catch {
    return undefined
  }
  const detail = (body as { readonly detail?: unknown } | null)?.detail
  if (typeof detail === 'string') return detail
  if (!Array.isArray(detail)) return undefined
  return detail
    .map((problem: { readonly loc?: unknown; readonly msg?: unknown }) => {
      const at = Array.isArray(problem.loc) ? `${problem.loc.map(String).join('.')}: ` : ''
      return at + String(problem.msg)
    })
    .join('; ')
}
