import { readDecimal, type PlainDecimal } from './decimal-text.js'
import type { FrameObject } from './frame-codec.js'
import { HummingbotValidationException } from './hummingbot-exception.js'
import { CLIENT_ORDER_ID_PATTERN } from './protocol-constants.js'

/** An order to be created. Prices and amounts are decimal text; a number is taken by its shortest form. */
export interface HummingbotOrderRequest {
  readonly exchange: string
  readonly market: string
  readonly side: 'buy' | 'sell'
  readonly order_type: 'limit' | 'market'
  /** In base. */
  readonly amount: string | number
  /** In quote per base; only for a limit order. */
  readonly price?: string | number | null
  /** Makes the order known before it is answered; minted where the caller gives none. */
  readonly client_order_id?: string
}

/** An order that has been checked, as it goes out. */
export interface CheckedOrder {
  readonly exchange: string
  readonly market: string
  readonly side: 'buy' | 'sell'
  readonly order_type: 'limit' | 'market'
  readonly amount: string
  readonly price?: string
  readonly client_order_id?: string
}

/**
 * Checks an order in the order of R5.
 *
 * @throws {@link HummingbotValidationException} The first rule that fails, with the protocol's own text.
 */
export function checkOrder(order: HummingbotOrderRequest): CheckedOrder {
  const given = order as unknown as FrameObject
  const exchange = requireText(given['exchange'], 'Exchange is required')
  const market = requireText(given['market'], 'Market is required')
  const side = given['side']
  if (side !== 'buy' && side !== 'sell') throw invalid(`Invalid order side: ${show(side)}`)
  const type = given['order_type']
  if (type !== 'limit' && type !== 'market') throw invalid(`Invalid order type: ${show(type)}`)
  const amount = requirePositive(given['amount'], 'amount')
  const price = type === 'limit' ? requirePrice(given['price']) : undefined
  const clientOrderId = given['client_order_id']
  if (clientOrderId !== undefined) assertClientOrderId(clientOrderId)
  return {
    exchange,
    market,
    side,
    order_type: type,
    amount: amount.text,
    ...(price !== undefined && { price: price.text }),
    ...(clientOrderId !== undefined && { client_order_id: clientOrderId as string }),
  }
}

/** @throws {@link HummingbotValidationException} */
export function assertClientOrderId(value: unknown): void {
  if (typeof value !== 'string' || !CLIENT_ORDER_ID_PATTERN.test(value)) throw invalid('Invalid client order id')
}

/** @throws {@link HummingbotValidationException} with `message` when `value` is no text or empty. */
export function requireText(value: unknown, message: string): string {
  if (typeof value !== 'string' || value === '') throw invalid(message)
  return value
}

function requirePrice(value: unknown): PlainDecimal {
  if (value === undefined || value === null) throw invalid('Price is required for limit orders')
  return requirePositive(value, 'price')
}

function requirePositive(value: unknown, name: 'amount' | 'price'): PlainDecimal {
  const decimal = readDecimal(value)
  if (decimal === undefined) throw invalid(`Invalid ${name}: ${show(value)}`)
  if (decimal.sign <= 0) throw invalid(`${name === 'amount' ? 'Amount' : 'Price'} must be positive`)
  return decimal
}

/** A text as it is, a number as written, anything else as JSON. */
function show(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || value === undefined) return String(value)
  try {
    return JSON.stringify(value) ?? typeof value
  } catch {
    return typeof value
  }
}

const invalid = (message: string): HummingbotValidationException => new HummingbotValidationException(message)
