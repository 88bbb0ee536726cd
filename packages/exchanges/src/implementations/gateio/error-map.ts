import {
  AuthenticationException,
  ClockSkewException,
  type CorrelationId,
  ExchangeDataException,
  type ExchangeException,
  type ExchangeExceptionOptions,
  ExchangeRequestException,
  ExchangeUnavailableException,
  InsufficientFundsException,
  MarketClosedException,
  OrderNotFoundException,
  OrderRejectedException,
  OrderWouldTakeException,
  PermissionException,
  RateLimitException,
  SymbolException,
} from '@cex-arbitrage/common'
import type { RawResponse } from '@cex-arbitrage/networking'
import { apiPrefix, gateioExchangeId } from './constants.js'
import { retryAfterOf } from './rate-limits.js'
import { gateioErrorBodySchema, type GateioErrorBody } from './schemas.js'

/** What a label says happened. */
export type GateioErrorCategory =
  | 'auth'
  | 'permission'
  | 'insufficient_funds'
  | 'invalid_order'
  | 'order_not_found'
  | 'rate_limit'
  | 'market_closed'
  | 'timestamp'
  | 'server_error'
  | 'invalid_symbol'

/** The one table: label -> category. Labels that are not here are judged by their HTTP status. */
const labelsOf: Readonly<Record<GateioErrorCategory, string>> = {
  auth: 'AUTHENTICATION_FAILED MISSING_REQUIRED_HEADER INVALID_KEY INVALID_SIGNATURE INVALID_CREDENTIALS',
  timestamp: 'REQUEST_EXPIRED',
  permission: `ORDER_NOT_OWNED USER_NOT_FOUND SUB_ACCOUNT_NOT_FOUND SUB_ACCOUNT_LOCKED ACCOUNT_EXCEPTION
    MARGIN_BALANCE_EXCEPTION CROSS_ACCOUNT_NOT_FOUND IP_FORBIDDEN FORBIDDEN READ_ONLY ACCOUNT_LOCKED`,
  rate_limit: 'TOO_MANY_REQUESTS TOO_FAST',
  invalid_symbol: 'INVALID_CURRENCY INVALID_CURRENCY_PAIR CONTRACT_NOT_FOUND',
  insufficient_funds: `BALANCE_NOT_ENOUGH MARGIN_BALANCE_NOT_ENOUGH AUTO_BORROW_TOO_MUCH TRADE_RESTRICTED
    INITIAL_MARGIN_TOO_LOW USER_LOAN_EXCEEDED INSUFFICIENT_AVAILABLE FUTURES_BALANCE_NOT_ENOUGH`,
  order_not_found: `ORDER_FINISHED ORDER_CLOSED ORDER_CANCELLED ORDER_NOT_FOUND CLIENT_ID_NOT_FOUND
    POSITION_NOT_FOUND`,
  market_closed: 'CONTRACT_IN_DELISTING',
  server_error: 'SERVER_ERROR INTERNAL FAILED_RETRIEVE_ASSETS TOO_BUSY',
  invalid_order: `CONTRACT_NO_COUNTER RISK_LIMIT_EXCEEDED LIQUIDATE_IMMEDIATELY LEVERAGE_TOO_HIGH LEVERAGE_TOO_LOW
    POSITION_CROSS_MARGIN POSITION_IN_LIQUIDATION POSITION_IN_CLOSE POSITION_EMPTY REMOVE_TOO_MUCH
    RISK_LIMIT_NOT_MULTIPLE RISK_LIMIT_TOO_HIGH RISK_LIMIT_TOO_lOW RISK_LIMIT_TOO_LOW PRICE_TOO_DEVIATED
    SIZE_TOO_LARGE SIZE_TOO_SMALL PRICE_OVER_LIQUIDATION PRICE_OVER_BANKRUPT ORDER_POC_IMMEDIATE INCREASE_POSITION
    POSITION_DUAL_MODE ORDER_PENDING POSITION_HOLDING REDUCE_EXCEEDED AMEND_WITH_STOP ORDER_FOK
    PRICE_THRESHOLD_EXCEEDED AUTO_TRIGGER_PRICE_LESS_LAST AUTO_TRIGGER_PRICE_GREATE_LAST ERR_QUOTA_LOWER_LIMIT
    INVALID_PARAM_VALUE MISSING_REQUIRED_PARAM INVALID_ARGUMENT INVALID_PROTOCOL INVALID_REQUEST_BODY BAD_REQUEST
    INVALID_PRECISION POC_FILL_IMMEDIATELY QUANTITY_NOT_ENOUGH MARGIN_NOT_SUPPORTED AMOUNT_TOO_LITTLE AMOUNT_TOO_MUCH
    REPEATED_CREATION NO_CHANGE TOO_MANY_CURRENCY_PAIRS TOO_MANY_ORDERS MIXED_ACCOUNT_TYPE FOK_NOT_FILL
    ORDER_BOOK_NOT_FOUND CANCEL_FAIL DUPLICATE_REQUEST ORDER_EXISTS INVALID_CLIENT_ORDER_ID
    MARKET_PRICE_TOO_DEVIATED NOT_FOUND METHOD_NOT_ALLOWED NOT_ACCEPTABLE INVALID_CONTENT_TYPE`,
}

const categoryOf = new Map<string, GateioErrorCategory>(
  Object.entries(labelsOf).flatMap(([category, labels]) =>
    labels.split(/\s+/).map((label): [string, GateioErrorCategory] => [label, category as GateioErrorCategory]),
  ),
)

/** Every label of the table, for tests and documents. */
export const gateioErrorLabels: readonly string[] = [...categoryOf.keys()]

/** The order existed and has ended; a cancel came too late. */
const alreadyFinalLabels = new Set(['ORDER_FINISHED', 'ORDER_CLOSED', 'ORDER_CANCELLED'])

/** A post-only order would have met another at once. */
const wouldTakeLabels = new Set(['POC_FILL_IMMEDIATELY', 'ORDER_POC_IMMEDIATE'])

/** An order with this client order id is there already: evidence that an earlier sending arrived. */
export const duplicateOrderLabels: ReadonlySet<string> = new Set([
  'ORDER_EXISTS',
  'DUPLICATE_REQUEST',
  'REPEATED_CREATION',
])

/** Codes of the `error` member of a channel answer. */
const channelCodes: Readonly<Record<number, GateioErrorCategory>> = {
  1: 'invalid_order',
  2: 'invalid_order',
  3: 'server_error',
  4: 'auth',
}

/** What an answer of the exchange says went wrong. */
export interface GateioFailure {
  readonly httpStatus: number
  readonly label?: string | undefined
  readonly message?: string | undefined
  readonly correlationId?: CorrelationId | undefined
  /** What was asked: `order` makes a refusal an `OrderRejectedException`. */
  readonly about: 'order' | 'query'
  /** Named in the message: `POST /spot/orders`. */
  readonly endpoint: string
  /** Milliseconds until the exchange takes requests again, where it said so. */
  readonly retryAfterMs?: number | undefined
}

/** Judges by label first, by status second. */
export function categorizeGateioError(httpStatus: number, label: string | undefined): GateioErrorCategory {
  const known = label === undefined ? undefined : categoryOf.get(label)
  if (known !== undefined) return known
  if (httpStatus === 401) return 'auth'
  if (httpStatus === 403) return 'permission'
  if (httpStatus === 404) return 'order_not_found'
  if (httpStatus === 418 || httpStatus === 429) return 'rate_limit'
  if (httpStatus === 408 || httpStatus >= 500) return 'server_error'
  return 'invalid_order'
}

/** Judges the `error` member of a channel answer; its message may name an unknown symbol, or be an error body itself. */
export function categorizeGateioChannelError(code: number, message: string): GateioErrorCategory {
  if (/unknown (currency pair|contract)/.test(message)) return 'invalid_symbol'
  const label = /"label"\s*:\s*"([A-Z_a-z]+)"/.exec(message)?.[1]
  return (label === undefined ? undefined : categoryOf.get(label)) ?? channelCodes[code] ?? 'invalid_order'
}

/** The exception that an answer of the exchange means. */
export function mapGateioError(failure: GateioFailure): ExchangeException {
  return createGateioException(categorizeGateioError(failure.httpStatus, failure.label), failure)
}

/** The exception of a category already known. */
export function createGateioException(category: GateioErrorCategory, failure: GateioFailure): ExchangeException {
  const { label, message, endpoint, httpStatus } = failure
  const said = label ?? `status ${httpStatus}`
  const options: ExchangeExceptionOptions = {
    exchange: gateioExchangeId,
    correlationId: failure.correlationId,
    exchangeCode: label,
    httpStatus,
    message: `Gate.io answered ${said} to ${endpoint}${message ? `: ${message.trim().slice(0, 300)}` : '.'}`,
  }
  switch (category) {
    case 'auth':
      return new AuthenticationException(options)
    case 'permission':
      return new PermissionException(options)
    case 'insufficient_funds':
      return new InsufficientFundsException(options)
    case 'order_not_found':
      return new OrderNotFoundException({ ...options, alreadyFinal: alreadyFinalLabels.has(label ?? '') })
    case 'rate_limit':
      return new RateLimitException({ ...options, retryAfterMs: failure.retryAfterMs })
    case 'market_closed':
      return new MarketClosedException(options)
    case 'timestamp':
      return new ClockSkewException(options)
    case 'server_error':
      return new ExchangeUnavailableException(options)
    case 'invalid_symbol':
      return new SymbolException(options)
    case 'invalid_order':
      if (wouldTakeLabels.has(label ?? '')) return new OrderWouldTakeException(options)
      return failure.about === 'order' ? new OrderRejectedException(options) : new ExchangeRequestException(options)
  }
}

/** An answer whose shape is not the documented one. */
export function createUnreadableAnswer(
  endpoint: string,
  cause: unknown,
  correlationId?: CorrelationId,
): ExchangeDataException {
  const detail = cause instanceof Error ? cause.message.slice(0, 300) : String(cause)
  return new ExchangeDataException({
    exchange: gateioExchangeId,
    correlationId,
    cause,
    message: `Gate.io's answer to ${endpoint} does not have the documented shape: ${detail}`,
  })
}

/** Paths on which a refusal is one of an order. */
const orderPaths = [`${apiPrefix}/spot/orders`, `${apiPrefix}/futures/usdt/orders`]

/** Statuses that say by themselves that nothing was done. */
const refusingStatuses: ReadonlySet<number> = new Set([401, 403, 418, 429])

/**
 * Reads an answer as an error; `undefined` for a success. A refusal of a command that carries no label proves nothing,
 * unless its status does.
 */
export function mapGateioResponse(response: RawResponse, serverNowMs: number): ExchangeException | undefined {
  const { status, method, endpoint, correlationId } = response
  if (status >= 200 && status < 300) return undefined
  const body = readErrorBody(response.bodyText)
  if (body === undefined && method !== 'GET' && status < 500 && !refusingStatuses.has(status))
    return new ExchangeDataException({
      exchange: gateioExchangeId,
      correlationId,
      httpStatus: status,
      message: `Gate.io answered ${endpoint} with HTTP ${status} and no readable reason. It may have been done.`,
    })
  return mapGateioError({
    // A 5xx never proves that nothing was done, whatever its body says.
    label: status >= 500 ? undefined : body?.label,
    message: body === undefined ? undefined : [body.label, body.message ?? body.detail].filter(Boolean).join(' '),
    httpStatus: status,
    about: method !== 'GET' && orderPaths.some((path) => response.path.startsWith(path)) ? 'order' : 'query',
    endpoint,
    correlationId,
    retryAfterMs: retryAfterOf(response.headers, serverNowMs),
  })
}

function readErrorBody(text: string): GateioErrorBody | undefined {
  try {
    return gateioErrorBodySchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
