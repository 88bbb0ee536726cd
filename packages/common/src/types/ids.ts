import type { Brand } from './brand.js'

/** Lower-case name of an exchange as it appears in configuration: `mexc`, `gateio`, or a plug-in's own. */
export type ExchangeId = Brand<string, 'ExchangeId'>
/** Asset ticker as one exchange uses it. The same ticker may be another coin elsewhere. */
export type AssetId = Brand<string, 'AssetId'>
/** `exchange:market:BASE/QUOTE`, for example `mexc:spot:BTC/USDT`. */
export type InstrumentId = Brand<string, 'InstrumentId'>
/** Ours, minted before sending; the key under which an order without an answer is asked for. */
export type ClientOrderId = Brand<string, 'ClientOrderId'>
/** The exchange's own, opaque; never parsed as a number. */
export type ExchangeOrderId = Brand<string, 'ExchangeOrderId'>
/** The exchange's id of one execution, unique within the instrument. */
export type FillId = Brand<string, 'FillId'>
/** Minted with an opportunity; follows it through orders, fills, logs, errors and the journal. */
export type CorrelationId = Brand<string, 'CorrelationId'>

const exchangeIdPattern = /^[a-z][a-z0-9_-]*$/

/** @throws TypeError when `name` is not a lower-case word of letters, digits, `_` and `-`. */
export function createExchangeId(name: string): ExchangeId {
  if (!exchangeIdPattern.test(name))
    throw new TypeError(`'${name}' is no exchange name: use lower-case letters, digits, '_' and '-'.`)
  return name as ExchangeId
}

/** @throws TypeError when `ticker` is empty. */
export function createAssetId(ticker: string): AssetId {
  if (ticker === '') throw new TypeError('An asset needs a ticker.')
  return ticker as AssetId
}

/** Takes an id received from an exchange as it is. */
export const asExchangeOrderId = (text: string): ExchangeOrderId => text as ExchangeOrderId
/** Takes a client order id received from an exchange, or minted by an `IdSource`, as it is. */
export const asClientOrderId = (text: string): ClientOrderId => text as ClientOrderId
/** Takes an execution id received from an exchange as it is. */
export const asFillId = (text: string): FillId => text as FillId
/** Takes a correlation id received or minted as text as it is. */
export const asCorrelationId = (text: string): CorrelationId => text as CorrelationId
