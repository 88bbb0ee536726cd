import {
  AuthenticationException,
  ClockSkewException,
  ExchangeDataException,
  ExchangeRequestException,
  ExchangeUnavailableException,
  InsufficientFundsException,
  MarketClosedException,
  OrderNotFoundException,
  OrderRejectedException,
  PermissionException,
  RateLimitException,
  SymbolException,
  msPerSecond,
  type CorrelationId,
  type ExchangeException,
} from '@cex-arbitrage/common'
import type { RawResponse } from '@cex-arbitrage/networking'
import { firewallPauseMs, mexcExchangeId } from './constants.js'
import { mexcErrorSchema, type MexcError } from './schemas.js'

/** What kinds of refusal there are; each has one exception. */
export type MexcErrorCategory =
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

/** Codes of spot, and of the wallet and account endpoints beside it. */
const spotCodes: Readonly<Record<MexcErrorCategory, readonly number[]>> = {
  auth: [401, 402, 602, 10001, 10015, 10072, 140001, 700001, 700002, 730706, 730707],
  permission: [
    26, 403, 406, 10098, 10099, 10100, 10103, 10206, 10211, 10212, 10265, 20001, 30020, 60005, 70011, 140002, 700006,
    700007, 730003, 730100,
  ],
  insufficient_funds: [10101, 30004, 30005, 88004, 88015],
  invalid_order: [
    -1128, -1127, 400, 600, 10095, 10096, 10097, 10102, 10222, 10268, 30002, 30003, 30010, 30018, 30019, 30025, 30029,
    30032, 30041, 30087, 33333, 44444, 88013, 700004, 700008, 700013, 730002, 730101, 730600, 730601, 730602, 730700,
    730701, 730702, 730703, 730704, 730705,
  ],
  order_not_found: [-2013, -2011, 22222, 30026, 88009],
  rate_limit: [429],
  market_closed: [30000, 30001, 30016, 30027, 30028],
  timestamp: [10073, 700003, 700005],
  server_error: [500, 501, 503, 504, 604, 801, 10200, 10201, 10202, 10216, 10219, 10259, 11444, 20002, 730000],
  invalid_symbol: [-1121, 10007, 10232, 30014, 30021, 730001],
}

/** Codes of the futures envelope; the same numbers mean other things there. */
const futuresCodes: Readonly<Record<MexcErrorCategory, readonly number[]>> = {
  auth: [401, 402, 602, 1000],
  permission: [406, 506, 511, 701, 702, 703, 704, 6001, 6002, 8817],
  insufficient_funds: [2005, 2018],
  invalid_order: [
    600, 601, 603, 1003, 1004, 2001, 2002, 2003, 2004, 2006, 2007, 2008, 2011, 2013, 2014, 2015, 2016, 2019, 2021, 2022,
    2023, 2024, 2025, 2026, 2027, 2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035, 2036, 2038, 3001, 3002, 3003, 3004,
    5001, 5003, 5004, 6003, 6004,
  ],
  order_not_found: [2009, 2040, 2041, 5002],
  rate_limit: [510, 2037],
  market_closed: [1002, 6005],
  timestamp: [513],
  server_error: [500, 501, 9999],
  invalid_symbol: [1001, 4001],
}

/** Codes with two meanings, told apart by their text. */
const textRules: readonly (readonly [code: number, contains: string, category: MexcErrorCategory])[] = [
  [400, 'api key', 'auth'],
  [700004, "'signature'", 'auth'],
  [700004, "'timestamp'", 'timestamp'],
  [730001, 'User information', 'auth'],
  [30018, '账号暂时不能下单', 'permission'],
]

const categoryOf = {
  spot: invert(spotCodes),
  futures: invert(futuresCodes),
} as const

/** Which envelope an answer came in: `{code,msg}` of spot or `{success,code,message}` of futures. */
export type MexcEnvelope = keyof typeof categoryOf

/** Every code of the table, for tests and documents. */
export const mexcErrorCodes = (envelope: MexcEnvelope): readonly number[] => [...categoryOf[envelope].keys()]

/** What a code means; `undefined` for one that the table does not know. */
export function categorizeMexcCode(
  envelope: MexcEnvelope,
  code: number,
  message: string,
): MexcErrorCategory | undefined {
  if (envelope === 'spot')
    for (const [ruled, contains, category] of textRules)
      if (code === ruled && message.toLowerCase().includes(contains.toLowerCase())) return category
  return categoryOf[envelope].get(code)
}

/** What an HTTP status alone says. @param isJson - A firewall's page is HTML, the exchange's own refusal JSON. */
export function categorizeMexcStatus(status: number, isJson: boolean): MexcErrorCategory {
  if (status === 401) return 'auth'
  if (status === 403) return isJson ? 'permission' : 'rate_limit'
  if (status === 418 || status === 429) return 'rate_limit'
  if (status >= 500 || status === 408) return 'server_error'
  return 'invalid_order'
}

/**
 * Reads an answer of the exchange as an error: `undefined` when it is none. A 5xx is always taken as not knowing what was
 * done, whatever its body says; so is a refusal of a POST or DELETE that cannot be read.
 */
export function mapMexcError(response: RawResponse): ExchangeException | undefined {
  const { status, bodyText } = response
  const isSuccess = status >= 200 && status < 300
  if (isSuccess && !mayCarryError(bodyText)) return undefined
  const error = readError(bodyText)
  if (isSuccess && (error === undefined || error.code === 0 || error.code === 200)) return undefined
  const envelope = error?.message == null && error?.success == null ? 'spot' : 'futures'
  const message = (error?.msg ?? error?.message ?? '').trim()
  const byStatus = categorizeMexcStatus(status, error !== undefined)
  if (error === undefined && byStatus === 'invalid_order' && response.method !== 'GET')
    return new ExchangeDataException({
      ...contextOf(response, undefined),
      message: `MEXC answered ${response.endpoint} with HTTP ${status} and no readable reason.`,
    })
  const category =
    status >= 500 || error === undefined
      ? byStatus
      : (categorizeMexcCode(envelope, error.code, message) ?? (isSuccess ? 'invalid_order' : byStatus))
  return createMexcException(category, response, error?.code, message)
}

function createMexcException(
  category: MexcErrorCategory,
  response: RawResponse,
  code: number | undefined,
  text: string,
): ExchangeException {
  const said = `${code === undefined ? `HTTP ${response.status}` : `code ${code}`}${text === '' ? '' : `, ${text}`}`
  const context = contextOf(response, code)
  const say = (advice: string): string => `MEXC refused ${response.endpoint} (${said}). ${advice}`
  switch (category) {
    case 'auth':
      return new AuthenticationException({
        ...context,
        message: say('Check key and secret, and that it has not expired.'),
      })
    case 'permission':
      return new PermissionException({ ...context, message: say("Check the key's rights, addresses and pairs.") })
    case 'insufficient_funds':
      return new InsufficientFundsException({ ...context, message: say('Read the balances again.') })
    case 'order_not_found':
      return new OrderNotFoundException({ ...context, message: say('It may have ended: ask for its state.') })
    case 'rate_limit':
      return new RateLimitException({
        ...context,
        retryAfterMs: retryAfterMs(response, code),
        message: say('Send less until the pause is over.'),
      })
    case 'market_closed':
      return new MarketClosedException({ ...context, message: say('Drop the instrument until its status changes.') })
    case 'timestamp':
      return new ClockSkewException({ ...context, message: say("Measure the exchange's clock again.") })
    case 'server_error':
      return new ExchangeUnavailableException({
        ...context,
        message: `MEXC could not say what it did with ${response.endpoint} (${said}). Ask before doing it again.`,
      })
    case 'invalid_symbol':
      return new SymbolException({ ...context, message: say('The pair is unknown or not open to this key.') })
    case 'invalid_order':
      return isOrderCall(response)
        ? new OrderRejectedException({ ...context, message: say('Nothing rests on the book.') })
        : new ExchangeRequestException({ ...context, message: say('Do not repeat it unchanged.') })
  }
}

function contextOf(response: RawResponse, code: number | undefined) {
  return {
    exchange: mexcExchangeId,
    correlationId: response.correlationId satisfies CorrelationId,
    httpStatus: response.status,
    exchangeCode: code === undefined ? undefined : String(code),
  }
}

const isOrderCall = ({ method, path }: RawResponse): boolean =>
  method === 'POST' && (path.endsWith('/order') || path.endsWith('/order/create'))

/** Errors with HTTP 200 are short objects with a code. */
function mayCarryError(bodyText: string): boolean {
  return bodyText.length < 2_000 && bodyText.startsWith('{') && bodyText.includes('"code"')
}

function readError(bodyText: string): MexcError | undefined {
  try {
    return mexcErrorSchema.safeParse(JSON.parse(bodyText)).data
  } catch {
    return undefined
  }
}

/** The firewall names no time; it holds a whole address off. */
function retryAfterMs(response: RawResponse, code: number | undefined): number | undefined {
  const header = response.headers['retry-after']
  const seconds = header === undefined ? Number.NaN : Number(header)
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * msPerSecond
  return response.status === 403 && code === undefined ? firewallPauseMs : undefined
}

function invert(codes: Readonly<Record<MexcErrorCategory, readonly number[]>>): ReadonlyMap<number, MexcErrorCategory> {
  return new Map(
    Object.entries(codes).flatMap(([category, list]) =>
      list.map((code): [number, MexcErrorCategory] => [code, category as MexcErrorCategory]),
    ),
  )
}
