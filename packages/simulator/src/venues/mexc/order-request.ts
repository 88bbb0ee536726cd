import type { Decimal, Side } from '@cex-arbitrage/common'

import { type MexcError, mexcErrors, missingParameter } from './api-error.js'
import { parsePlainDecimal, writtenDecimals } from './number-text.js'

export type MexcOrderType = 'LIMIT' | 'MARKET' | 'LIMIT_MAKER' | 'IMMEDIATE_OR_CANCEL' | 'FILL_OR_KILL'

const orderTypes: readonly string[] = ['LIMIT', 'MARKET', 'LIMIT_MAKER', 'IMMEDIATE_OR_CANCEL', 'FILL_OR_KILL']
const stpModes: readonly string[] = ['', 'cancel_maker', 'cancel_taker', 'cancel_both']
const clientOrderIdPattern = /^[A-Za-z0-9_-]{1,32}$/

/** A number with the decimals in which it was written, which is what the venue's scale check counts. */
export interface WrittenDecimal {
  readonly value: Decimal
  readonly decimals: number
}

/** The parameters of a new order, read but not yet compared with the pair's rules. */
export interface MexcOrderRequest {
  readonly symbol: string
  readonly side: Side
  /** As sent; not necessarily one of {@link MexcOrderType}. */
  readonly type: string
  readonly price: WrittenDecimal | undefined
  readonly quantity: WrittenDecimal | undefined
  readonly quoteOrderQty: WrittenDecimal | undefined
  readonly clientOrderId: string | undefined
  readonly stpMode: string
}

export const isOrderType = (type: string): type is MexcOrderType => orderTypes.includes(type)

/** Reads a new order's parameters; a refusal names the first that is missing, malformed or contradictory. */
export function parseOrderRequest(values: ReadonlyMap<string, string>): MexcOrderRequest | MexcError {
  const text = (name: string): string => values.get(name) ?? ''
  for (const name of ['symbol', 'side', 'type']) if (text(name) === '') return missingParameter(name)
  const side = text('side')
  if (side !== 'BUY' && side !== 'SELL') return missingParameter('side')
  const type = text('type')
  const isMarket = type === 'MARKET'
  const numbers: Partial<Record<'price' | 'quantity' | 'quoteOrderQty', WrittenDecimal>> = {}
  for (const name of isMarket ? (['quantity', 'quoteOrderQty'] as const) : (['quantity', 'price'] as const)) {
    if (text(name) === '') continue
    const value = parsePlainDecimal(text(name))
    if (value === undefined) return missingParameter(name)
    numbers[name] = { value, decimals: writtenDecimals(text(name)) }
  }
  const { price, quantity, quoteOrderQty } = numbers
  if (isMarket && quantity !== undefined && quoteOrderQty !== undefined) return mexcErrors.badCombination
  if (quantity === undefined && quoteOrderQty === undefined) return missingParameter('quantity')
  if (isOrderType(type) && !isMarket && price === undefined) return missingParameter('price')
  const clientOrderId = text('newClientOrderId')
  if (clientOrderId !== '' && !clientOrderIdPattern.test(clientOrderId)) return mexcErrors.illegalCharacters
  if (!stpModes.includes(text('stpMode'))) return missingParameter('stpMode')
  return {
    symbol: text('symbol'),
    side: side === 'BUY' ? 'buy' : 'sell',
    type,
    price,
    quantity,
    quoteOrderQty,
    clientOrderId: clientOrderId === '' ? undefined : clientOrderId,
    stpMode: text('stpMode'),
  }
}

export const isRefused = <T extends object>(result: T | MexcError): result is MexcError =>
  'code' in result && 'msg' in result
