import {
  AuthenticationException,
  ExchangeDataException,
  ExchangeRequestException,
  ExchangeUnavailableException,
  PermissionException,
  RateLimitException,
  type CexArbitrageException,
  type ExchangeId,
} from '@cex-arbitrage/common'
import type { RawResponse } from './error-mapper.js'
import { parseRetryAfterMs } from './retry-after.js'

/**
 * What an HTTP status means where nobody knows better; `undefined` for a 2xx. A 4xx is a refusal; what comes from a
 * gateway in between (408, 5xx, a redirect) proves nothing.
 */
export function mapStatus(response: RawResponse, exchange: ExchangeId | undefined): CexArbitrageException | undefined {
  const { status, endpoint, correlationId } = response
  if (status >= 200 && status < 300) return undefined
  const options = (advice: string) => ({
    message: `${endpoint} was answered with HTTP ${status}. ${advice}`,
    httpStatus: status,
    correlationId,
    exchange,
  })
  if (status === 429 || status === 418)
    return new RateLimitException({
      ...options('Ask less often.'),
      retryAfterMs: parseRetryAfterMs(response.headers, response.nowMs),
    })
  if (status === 401) return new AuthenticationException(options('Check key, secret and signature.'))
  if (status === 403) return new PermissionException(options('Check the rights of the key and the allowed addresses.'))
  if (status === 408 || status >= 500)
    return new ExchangeUnavailableException(options('What was asked may have been done: ask before deciding.'))
  if (status >= 400) return new ExchangeRequestException(options('Check path and parameters.'))
  return new ExchangeDataException(options('Check the address: an answer with this status cannot be used.'))
}
