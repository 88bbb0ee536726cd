import {
  AuthenticationException,
  ClockSkewException,
  ExchangeRequestException,
  ExchangeUnavailableException,
  InsufficientFundsException,
  MarketClosedException,
  OrderNotFoundException,
  OrderRejectedException,
  RateLimitException,
  SymbolException,
  type ExchangeException,
} from '@cex-arbitrage/common'
import type { RawResponse } from '@cex-arbitrage/networking'
import { sampleExchangeId } from './constants.js'
import { sampleErrorSchema } from './schemas.js'

/** What each code of the exchange means. */
const classOf = {
  BAD_KEY: AuthenticationException,
  BAD_SIGNATURE: AuthenticationException,
  BAD_TIME: ClockSkewException,
  BAD_SYMBOL: SymbolException,
  CLOSED: MarketClosedException,
  NO_FUNDS: InsufficientFundsException,
  NO_ORDER: OrderNotFoundException,
  OFF_GRID: OrderRejectedException,
  TOO_MANY: RateLimitException,
  TOO_SMALL: OrderRejectedException,
  WOULD_TAKE: OrderRejectedException,
} as const

/** An answer as an error; `undefined` for a success. A 5xx never says what was done, whatever its body says. */
export function mapSampleError(response: RawResponse): ExchangeException | undefined {
  const { status, endpoint, correlationId } = response
  if (status < 400) return undefined
  const { error: code, text } = readError(response.bodyText)
  const context = { exchange: sampleExchangeId, correlationId, httpStatus: status, exchangeCode: code }
  if (status >= 500)
    return new ExchangeUnavailableException({
      ...context,
      message: `Sample could not say what it did with ${endpoint} (HTTP ${status}). Ask before doing it again.`,
    })
  const exception = classOf[code as keyof typeof classOf] ?? ExchangeRequestException
  return new exception({ ...context, message: `Sample refused ${endpoint} (${code}, ${text}).` })
}

function readError(bodyText: string): { readonly error: string; readonly text: string } {
  try {
    return sampleErrorSchema.parse(JSON.parse(bodyText))
  } catch {
    return { error: 'UNREADABLE', text: 'no readable reason' }
  }
}
