import { Decimal, type Side } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { OrderInput } from '../../../matching/venue-order.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { Caller } from '../authentication.js'
import { marketSlipRatio, maxFuturesOpenOrders } from '../constants.js'
import { FuturesRefusal, invalidParam, missingParam, textOf } from '../gateio-refusal.js'
import { readStpAct, readText } from '../order-request.js'
import { findContract } from '../pairs.js'
import { type JsonObject, optionalEnum } from '../parameters.js'

export interface FuturesRequestContext {
  readonly market: PerpetualMarket
  readonly caller: Caller
  readonly stpGroup: number
}

/**
 * Reads and checks the body of a new order, as far as that is possible without its money.
 *
 * @throws {@link FuturesRefusal} naming the first thing that is wrong.
 */
export function readFuturesOrder(body: JsonObject, context: FuturesRequestContext): OrderInput {
  const { caller, market, stpGroup } = context
  const symbol = findContract(market.core, body['contract'])
  const held = market.positions.find(caller.account.id, symbol.name)?.lots ?? 0
  const close = body['close'] === true
  refuseUnsupported(body)
  const tif = optionalEnum(body, 'tif', ['gtc', 'ioc', 'poc', 'fok'], 'gtc')
  const size = close ? closingSize(body, held) : readSize(body['size'], 'size')
  const text = readText(body['text']) ?? 'api'
  const stpAct = readStpAct(body, stpGroup)
  const quantityLots = Math.abs(size)
  const side: Side = size > 0 ? 'buy' : 'sell'
  checkContracts(market, symbol, quantityLots)
  if (market.core.openOrders(caller.account.id, symbol.name).length >= maxFuturesOpenOrders)
    throw new FuturesRefusal(400, 'TOO_MANY_ORDERS')
  const reduceOnly = close || body['reduce_only'] === true
  if (reduceOnly && held * size >= 0) throw new FuturesRefusal(400, 'INCREASE_POSITION')
  if (!symbol.tradable && !reduceOnly) throw new FuturesRefusal(400, 'CONTRACT_IN_DELISTING')
  const common = {
    accountId: caller.account.id,
    symbol: symbol.name,
    side,
    timeInForce: tif === 'poc' ? 'gtc' : tif,
    postOnly: tif === 'poc',
    reduceOnly,
    quantityLots,
    clientOrderId: text,
    attributes: {
      apiKey: caller.apiKey.key,
      stpAct,
      stpId: String(stpGroup),
      timeInForce: tif,
      ...(close && { close: 'true' }),
    },
  } as const
  const price = readPrice(body)
  if (price.isZero) return { ...common, kind: 'market', ...protection(market, symbol, side, tif, body) }
  const input: OrderInput = { ...common, kind: 'limit', priceTicks: checkedPrice(market, symbol, price) }
  if (tif === 'poc') refuseCrossing(market, symbol, side, input.priceTicks!)
  if (tif === 'fok' && !market.core.wouldFill(input)) throw new FuturesRefusal(400, 'ORDER_FOK')
  return input
}

/** @throws {@link FuturesRefusal} when an order has too few or too many contracts. */
export function checkContracts(market: PerpetualMarket, symbol: TradingSymbol, contracts: number): void {
  if (contracts < 1) throw new FuturesRefusal(400, 'SIZE_TOO_SMALL')
  if (contracts > market.spec(symbol).maxContracts) throw new FuturesRefusal(400, 'SIZE_TOO_LARGE')
}

/**
 * Ticks of a limit price, which is rounded to the nearest.
 *
 * @throws {@link FuturesRefusal} when it is too far from the mark price.
 */
export function checkedPrice(market: PerpetualMarket, symbol: TradingSymbol, price: Decimal): number {
  const mark = market.prices.markPrice(symbol)
  const allowed = mark.times(Decimal.parse(market.spec(symbol).priceDeviation))
  if (price.minus(mark).abs().greaterThan(allowed))
    throw new FuturesRefusal(
      400,
      'PRICE_TOO_DEVIATED',
      `order price ${price.toString()} while mark price ${mark.toString()} and deviation-rate limit ${market.spec(symbol).priceDeviation}`,
    )
  const half = symbol.tickSize.dividedBy(Decimal.of(2), symbol.tickSize.scale + 1, 'down')
  return Number(price.plus(half).stepsOf(symbol.tickSize, 'down'))
}

/** @throws {@link FuturesRefusal} when a post-only order would trade. */
export function refuseCrossing(market: PerpetualMarket, symbol: TradingSymbol, side: Side, priceTicks: number): void {
  const engine = market.core.engine(symbol.name)
  if (!engine.wouldCross(side, priceTicks)) return
  const counter = symbol.price(engine.ladder(side === 'buy' ? 'sell' : 'buy').best!.priceTicks)
  const detail = `order price ${symbol.price(priceTicks).toString()} while counter price ${counter.toString()}`
  throw new FuturesRefusal(400, 'ORDER_POC_IMMEDIATE', detail)
}

/** A whole number of contracts, sent as a number or as text. */
export function readSize(value: unknown, name: string): number {
  if (value === undefined || value === null || value === '') throw missingParam(name)
  const isPlain = typeof value === 'number' ? Number.isSafeInteger(value) : /^-?\d+(\.0+)?$/.test(textOf(value))
  if (!isPlain || !Number.isSafeInteger(Number(value)))
    throw new FuturesRefusal(400, 'INVALID_ARGUMENT', `invalid argument: #4 and invalid ${name}`)
  return Number(value)
}

/** A price of zero or more; zero stands for the market. */
export function readPrice(body: JsonObject): Decimal {
  const { price } = body
  if (price === undefined || price === null || price === '') return Decimal.zero
  const parsed = typeof price === 'string' || typeof price === 'number' ? Decimal.tryParse(String(price)) : undefined
  if (parsed === undefined || parsed.sign < 0) throw invalidParam('price', price)
  return parsed
}

function closingSize(body: JsonObject, lots: number): number {
  if (body['size'] !== undefined && readSize(body['size'], 'size') !== 0) throw invalidParam('size', body['size'])
  if (lots === 0) throw new FuturesRefusal(400, 'POSITION_EMPTY')
  return -lots
}

/** A market order stops at the cap on its slippage. */
function protection(
  market: PerpetualMarket,
  symbol: TradingSymbol,
  side: Side,
  tif: 'gtc' | 'ioc' | 'poc' | 'fok',
  body: JsonObject,
): { readonly timeInForce: 'ioc' | 'fok'; readonly priceTicks: number } {
  if (tif !== 'ioc' && tif !== 'fok') throw invalidParam('price', body['price'] ?? '0')
  const best = market.core.engine(symbol.name).ladder(side === 'buy' ? 'sell' : 'buy').best
  if (best === undefined) throw new FuturesRefusal(400, 'CONTRACT_NO_COUNTER')
  const ratio = Number(body['market_order_slip_ratio'] ?? marketSlipRatio)
  if (!(ratio > 0 && ratio < 1)) throw invalidParam('market_order_slip_ratio', body['market_order_slip_ratio'])
  const lastTicks = market.core.trades(symbol.name).at(-1)?.priceTicks ?? best.priceTicks
  const priceTicks = side === 'buy' ? Math.floor(lastTicks * (1 + ratio)) : Math.ceil(lastTicks * (1 - ratio))
  return { timeInForce: tif, priceTicks }
}

/** What a simulated order cannot do is refused, never ignored. */
function refuseUnsupported(body: JsonObject): void {
  if (body['auto_size'] !== undefined && body['auto_size'] !== '') throw new FuturesRefusal(400, 'POSITION_DUAL_MODE')
  for (const name of ['iceberg', 'tpsl_tp_trigger_price', 'tpsl_sl_trigger_price', 'limit_vip', 'pid']) {
    const value = body[name]
    if (value !== undefined && value !== null && value !== '' && Number(value) !== 0) throw invalidParam(name, value)
  }
}
