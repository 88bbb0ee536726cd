import { Decimal, type Side } from '@cex-arbitrage/common'

import type { ExchangeCore } from '../../matching/exchange-core.js'
import type { TradingSymbol } from '../../matching/trading-symbol.js'
import type { OrderInput } from '../../matching/venue-order.js'
import type { Caller } from './authentication.js'
import { maxTextBytes } from './constants.js'
import { GateioRefusal, invalidParam, missingParam, textOf } from './gateio-refusal.js'
import { findPair } from './pairs.js'
import { type JsonObject, optionalEnum, requiredAmount, requiredText } from './parameters.js'

const textPattern = /^t-[0-9A-Za-z_.-]+$/
const originTexts = ['101', '102', '103', '104', '2', '3', 'api', 'apiv4', 'apiv4-ws', 'app', 'web']
const stpActions = ['cn', 'co', 'cb', '-'] as const

export interface OrderRequestContext {
  readonly core: ExchangeCore
  readonly caller: Caller
  /** What stands for a missing `text`. */
  readonly defaultText: string
  /** Self-trade prevention group of the callers; 0 for none. */
  readonly stpGroup: number
}

/**
 * Reads and checks the body of a new order, in the venue's order of checks.
 *
 * @throws {@link GateioRefusal} naming the first thing that is wrong.
 */
export function readOrderRequest(body: JsonObject, context: OrderRequestContext): OrderInput {
  const symbol = findPair(context.core, body['currency_pair'])
  const side = requiredSide(body)
  const kind = optionalEnum(body, 'type', ['limit', 'market'], 'limit')
  const text = readText(body['text']) ?? context.defaultText
  const account = readAccount(body)
  const stpAct = readStpAct(body, context.stpGroup)
  const timeInForce = readTimeInForce(body, kind)
  refuseUnsupported(body)
  checkOpen(symbol, side)
  const common = {
    accountId: context.caller.account.id,
    symbol: symbol.name,
    side,
    kind,
    timeInForce: timeInForce === 'poc' ? 'gtc' : timeInForce,
    clientOrderId: text,
    attributes: { apiKey: context.caller.apiKey.key, account, stpAct, stpId: String(context.stpGroup), timeInForce },
  } as const
  if (kind === 'market') return { ...common, ...readMarketSize(body, symbol, side, context.core) }
  const amount = requiredAmount(body, 'amount')
  const price = requiredAmount(body, 'price')
  const quantityLots = checkedLots(symbol, amount)
  const priceTicks = checkedTicks(symbol, price)
  checkSize(symbol, amount, amount.times(price))
  if (timeInForce === 'poc' && context.core.engine(symbol.name).wouldCross(side, priceTicks)) throw crossing()
  return { ...common, postOnly: timeInForce === 'poc', priceTicks, quantityLots }
}

export const crossing = (): GateioRefusal =>
  new GateioRefusal(400, 'POC_FILL_IMMEDIATELY', 'POC order would be filled immediately')

/** @throws {@link GateioRefusal} when the price has too many decimals. */
export function checkedTicks(symbol: TradingSymbol, price: Decimal): number {
  const ticks = symbol.toTicks(price)
  if (ticks === undefined) throw badPrecision('price', symbol.priceDecimals)
  return ticks
}

/** @throws {@link GateioRefusal} when the amount has too many decimals. */
export function checkedLots(symbol: TradingSymbol, amount: Decimal): number {
  const lots = symbol.toLots(amount)
  if (lots === undefined) throw badPrecision('amount', symbol.quantityDecimals)
  return lots
}

/** @throws {@link GateioRefusal} when an order is too small or too large. */
export function checkSize(symbol: TradingSymbol, amount: Decimal | undefined, value: Decimal): void {
  if (value.lessThan(symbol.minNotional)) throw tooSmall(value, symbol.quote, symbol.minNotional)
  if (amount?.lessThan(symbol.minQuantity) === true) throw tooSmall(amount, symbol.base, symbol.minQuantity)
  if (symbol.maxNotional !== undefined && value.greaterThan(symbol.maxNotional))
    throw new GateioRefusal(400, 'AMOUNT_TOO_MUCH', `The maximum is ${symbol.maxNotional.toString()} ${symbol.quote}`)
}

function tooSmall(value: Decimal, unit: string, minimum: Decimal): GateioRefusal {
  const text = `Your order size ${value.toString()} ${unit} is too small. The minimum is ${minimum.toString()} ${unit}`
  return new GateioRefusal(400, 'INVALID_PARAM_VALUE', text)
}

const badPrecision = (name: string, decimals: number): GateioRefusal =>
  new GateioRefusal(400, 'INVALID_PRECISION', `Invalid ${name} precision: at most ${decimals} decimals`)

function requiredSide(body: JsonObject): Side {
  requiredText(body, 'side')
  return optionalEnum(body, 'side', ['buy', 'sell'], 'buy')
}

export function readText(text: unknown): string | undefined {
  if (text === undefined || text === null || text === '') return undefined
  const valid =
    typeof text === 'string' &&
    (originTexts.includes(text) || (textPattern.test(text) && Buffer.byteLength(text) <= maxTextBytes + 2))
  if (!valid) throw new GateioRefusal(400, 'INVALID_CLIENT_ORDER_ID', `Invalid text: ${textOf(text)}`)
  return text
}

function readAccount(body: JsonObject): string {
  const account = optionalEnum(body, 'account', ['spot', 'margin', 'cross_margin', 'unified'], 'spot')
  if (account === 'spot') return account
  throw new GateioRefusal(400, 'MARGIN_NOT_SUPPORTED', `Account ${account} is not enabled`)
}

export function readStpAct(body: JsonObject, stpGroup: number): string {
  const action = optionalEnum(body, 'stp_act', stpActions, stpGroup === 0 ? '-' : 'cn')
  if (action !== '-' && stpGroup === 0)
    throw new GateioRefusal(400, 'INVALID_PARAM_VALUE', 'stp_act needs a self-trade prevention group')
  return action
}

function readTimeInForce(body: JsonObject, kind: 'limit' | 'market'): 'gtc' | 'ioc' | 'poc' | 'fok' {
  const allowed = kind === 'market' ? (['ioc', 'fok'] as const) : (['gtc', 'ioc', 'poc', 'fok'] as const)
  return optionalEnum(body, 'time_in_force', allowed, kind === 'market' ? 'ioc' : 'gtc')
}

/** What a simulated order cannot do is refused, never ignored. */
function refuseUnsupported(body: JsonObject): void {
  const { iceberg, auto_borrow: borrow, auto_repay: repay, stop_profit: profit, stop_loss: loss } = body
  if (iceberg !== undefined && iceberg !== null && Number(iceberg) !== 0) throw invalidParam('iceberg', iceberg)
  if (borrow === true || repay === true)
    throw new GateioRefusal(400, 'MARGIN_NOT_SUPPORTED', 'Borrowing is not enabled for this account')
  if (profit !== undefined && profit !== null) throw invalidParam('stop_profit', profit)
  if (loss !== undefined && loss !== null) throw invalidParam('stop_loss', loss)
}

function checkOpen(symbol: TradingSymbol, side: Side): void {
  if (!symbol.tradable)
    throw new GateioRefusal(400, 'INVALID_CURRENCY_PAIR', `${symbol.base}_${symbol.quote} is not open for ${side}`)
}

function readMarketSize(
  body: JsonObject,
  symbol: TradingSymbol,
  side: Side,
  core: ExchangeCore,
): Pick<OrderInput, 'quoteBudget' | 'quantityLots' | 'priceTicks'> {
  const amount = requiredAmount(body, 'amount')
  const best = core.engine(symbol.name).ladder(side === 'buy' ? 'sell' : 'buy').best
  const priceTicks = worstTicks(body, side, best?.priceTicks)
  const protection = priceTicks === undefined ? {} : { priceTicks }
  if (side === 'buy') {
    checkSize(symbol, undefined, amount)
    return { quoteBudget: amount, ...protection }
  }
  const quantityLots = checkedLots(symbol, amount)
  const bestPrice = best === undefined ? Decimal.fromNumber(symbol.referencePrice) : symbol.price(best.priceTicks)
  checkSize(symbol, amount, amount.times(bestPrice))
  return { quantityLots, ...protection }
}

/** Price beyond which a market order with a `slippage` does not go. */
function worstTicks(body: JsonObject, side: Side, bestTicks: number | undefined): number | undefined {
  const { slippage } = body
  if (slippage === undefined || slippage === null || slippage === '') return undefined
  const ratio = Number(slippage)
  if (!(ratio > 0 && ratio < 1)) throw invalidParam('slippage', slippage)
  if (bestTicks === undefined) return undefined
  return side === 'buy' ? Math.floor(bestTicks * (1 + ratio)) : Math.ceil(bestTicks * (1 - ratio))
}

/** Reads `currency_pair` and an order reference of a cancel, amend or query. */
export function readReference(from: JsonObject, ...names: readonly string[]): string {
  for (const name of names) {
    const value = from[name]
    if (value !== undefined && value !== null && value !== '') return textOf(value)
  }
  throw missingParam(names[0]!)
}
