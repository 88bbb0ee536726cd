/** A refusal in MEXC's own words: what the body says and under which HTTP status it travels. */
export interface MexcError {
  readonly status: number
  readonly code: number
  readonly msg: string
}

const refusal = (code: number, msg: string, status = 400): MexcError => ({ status, code, msg })

/** Refusals that never vary. Texts and codes as listed in the venue's documents and seen in captures. */
export const mexcErrors = {
  apiKeyRequired: refusal(400, 'api key required'),
  apiKeyExpired: refusal(402, 'API key expired'),
  apiKeyInvalid: refusal(10072, 'Api key info invalid'),
  badSymbol: refusal(10007, 'bad symbol'),
  badCombination: refusal(-1128, 'Combination of optional parameters invalid'),
  directionClosed: refusal(30001, 'The current transaction direction is not allowed to place an order'),
  forbidden: refusal(700007, 'No permission to access the endpoint'),
  illegalCharacters: refusal(700008, 'Illegal characters found in parameter'),
  insufficientPosition: refusal(30004, 'Insufficient position'),
  internalError: refusal(500, 'Internal error', 500),
  invalidContentType: refusal(700013, 'Invalid content Type.'),
  invalidOrderSymbol: refusal(30014, 'invalid symbol'),
  invalidSymbol: refusal(-1121, 'Invalid symbol.'),
  marketOrderDisabled: refusal(30019, 'api market order is disabled'),
  missingOrderId: refusal(700004, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null"),
  noValidPrice: refusal(30010, 'no valid trade price'),
  noOpponentOrder: refusal(30025, 'no exist opponent order'),
  noSymbolPermission: refusal(30020, 'no permission for the symbol'),
  orderNotFound: refusal(-2013, 'Order does not exist.'),
  orderTypeNotAllowed: refusal(30041, 'current order type can not place order'),
  oversold: refusal(30005, 'Oversold'),
  invalidInput: refusal(730002, 'Your input param is invalid'),
  paramError: refusal(33333, 'param is error'),
  priceOutOfRange: refusal(30087, 'Order price exceeds allowed range'),
  recvWindowTooLarge: refusal(700005, 'recvWindow must less than 60000'),
  signatureInvalid: refusal(700002, 'Signature for this request is not valid.'),
  suspended: refusal(30000, 'suspended transaction for the symbol'),
  timestampOutside: refusal(700003, 'Timestamp for this request is outside of the recvWindow.'),
  tooManyOrders: refusal(30029, 'Cannot exceed the maximum order limit'),
  tooManyRequests: refusal(429, 'Too Many Requests', 429),
  tradingDisabled: refusal(30016, 'trading disabled'),
  unknownOrder: refusal(-2011, 'Unknown order sent.'),
  windowTooLong: refusal(-1127, 'More than 1 hours between startTime and endTime.'),
} as const satisfies Record<string, MexcError>

/** A mandatory parameter is missing, empty or unreadable. */
export const missingParameter = (name: string): MexcError =>
  refusal(700004, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`)

/** `what` is `price`, `quantity` or `amount`; the leading space is the venue's. */
export const invalidScale = (what: 'price' | 'quantity' | 'amount'): MexcError =>
  refusal(400, ` ${what} scale is invalid`)

/** The colon is the full-width U+FF1A. */
export const belowMinimum = (amount: string, asset: string): MexcError =>
  refusal(30002, `The minimum transaction volume cannot be less than：${amount}${asset}`)

export const aboveMaximum = (amount: string, asset: string): MexcError =>
  refusal(30003, `The maximum transaction volume cannot be greater than：${amount}${asset}`)

export const ipNotAllowed = (address: string): MexcError => refusal(700006, `IP [${address}] not in the whitelist`)

/** The JSON text of a refusal. Order rejections carry `msg` first, everything else `code` first, as on the wire. */
export function errorBody({ code, msg }: MexcError): string {
  if (code === mexcErrors.badCombination.code) return JSON.stringify({ code, msg, _extend: null })
  const msgFirst = code === 400 || code === mexcErrors.windowTooLong.code || (code >= 30000 && code <= 30999)
  return JSON.stringify(msgFirst ? { msg, code } : { code, msg })
}

/** Thrown inside a route; the router turns it into the answer. */
export class MexcRefusal extends Error {
  constructor(readonly error: MexcError) {
    super(error.msg)
  }
}
