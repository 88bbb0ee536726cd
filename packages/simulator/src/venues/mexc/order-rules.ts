import { Decimal } from '@cex-arbitrage/common'

import type { MatchingEngine } from '../../matching/matching-engine.js'
import type { OrderInput } from '../../matching/venue-order.js'
import { aboveMaximum, belowMinimum, invalidScale, type MexcError, mexcErrors, missingParameter } from './api-error.js'
import type { MexcSymbol } from './mexc-symbol.js'
import { isOrderType, type MexcOrderRequest } from './order-request.js'

/** Protective price of a market order relative to the best opposite price: 5 % beyond it. */
const protectionUp = Decimal.parse('1.05')
const protectionDown = Decimal.parse('0.95')
const one = Decimal.one

/** What the rules look at besides the request. */
export interface OrderContext {
  readonly accountId: string
  /** `undefined` when there is no such pair. */
  readonly symbol: MexcSymbol | undefined
  readonly engine: MatchingEngine | undefined
  /** Price of the latest trade, or of the book when nothing has traded. */
  readonly lastPrice: Decimal | undefined
  /** Whether the key's pair list allows the pair. */
  readonly isPairAllowed: boolean
}

/**
 * Compares an order with the rules of its pair, in the venue's order: pair, its state and side, order type, scale,
 * minimum and maximum, price band. Balance and the number of open orders come after.
 *
 * @returns what the core is to do, or the first refusal.
 */
export function checkOrder(request: MexcOrderRequest, context: OrderContext): OrderInput | MexcError {
  const { symbol, engine } = context
  if (symbol === undefined || engine === undefined) return mexcErrors.invalidOrderSymbol
  return (
    checkState(request, symbol, context.isPairAllowed) ??
    checkType(request, symbol) ??
    checkScale(request, symbol) ??
    (request.type === 'MARKET' ? checkMarket(request, symbol, engine, context) : checkLimit(request, symbol, context))
  )
}

function checkState(request: MexcOrderRequest, symbol: MexcSymbol, isPairAllowed: boolean): MexcError | undefined {
  if (!symbol.isSpotTradingAllowed || !isPairAllowed) return mexcErrors.badSymbol
  if (symbol.status === '2') return mexcErrors.tradingDisabled
  if (symbol.status === '3') return mexcErrors.suspended
  const open = symbol.tradeSideType === 1 || symbol.tradeSideType === (request.side === 'buy' ? 2 : 3)
  return open ? undefined : mexcErrors.directionClosed
}

function checkType({ type }: MexcOrderRequest, symbol: MexcSymbol): MexcError | undefined {
  if (!isOrderType(type)) return mexcErrors.orderTypeNotAllowed
  if (type === 'IMMEDIATE_OR_CANCEL' || type === 'FILL_OR_KILL' || symbol.orderTypes.includes(type)) return undefined
  return type === 'MARKET' ? mexcErrors.marketOrderDisabled : mexcErrors.orderTypeNotAllowed
}

function checkScale(
  { price, quantity, quoteOrderQty }: MexcOrderRequest,
  { trading }: MexcSymbol,
): MexcError | undefined {
  const isPriceFine =
    price === undefined || (price.decimals <= trading.priceDecimals && isOnGrid(price.value, trading.tickSize))
  if (!isPriceFine) return invalidScale('price')
  const isQuantityFine =
    quantity === undefined ||
    (quantity.decimals <= trading.quantityDecimals && isOnGrid(quantity.value, trading.lotSize))
  if (!isQuantityFine) return invalidScale('quantity')
  return quoteOrderQty !== undefined && quoteOrderQty.decimals > trading.priceDecimals
    ? invalidScale('amount')
    : undefined
}

const isOnGrid = (value: Decimal, step: Decimal): boolean => value.toMultipleOf(step, 'down').equals(value)

function checkLimit(request: MexcOrderRequest, symbol: MexcSymbol, context: OrderContext): OrderInput | MexcError {
  const { trading } = symbol
  const { type, side } = request
  const price = request.price!.value
  const quantity = request.quantity?.value
  if (quantity === undefined) return missingParameter('quantity')
  if (price.isZero) return mexcErrors.noValidPrice
  if (quantity.lessThan(trading.minQuantity)) return belowMinimum(trading.minQuantity.toString(), trading.base)
  const limits = checkNotional(price.times(quantity), trading.minNotional, symbol.maxNotional, trading.quote)
  if (limits !== undefined) return limits
  if (type !== 'LIMIT_MAKER' && !isWithinBand(side, price, symbol, context.lastPrice)) return mexcErrors.priceOutOfRange
  const priceTicks = trading.toTicks(price)
  const quantityLots = trading.toLots(quantity)
  if (priceTicks === undefined) return mexcErrors.noValidPrice
  if (quantityLots === undefined) return aboveMaximum(symbol.maxNotional.toString(), trading.quote)
  const timeInForce = type === 'IMMEDIATE_OR_CANCEL' ? 'ioc' : type === 'FILL_OR_KILL' ? 'fok' : 'gtc'
  const postOnly = type === 'LIMIT_MAKER'
  return { ...common(request, context, trading.name), kind: 'limit', timeInForce, postOnly, priceTicks, quantityLots }
}

function checkMarket(
  request: MexcOrderRequest,
  symbol: MexcSymbol,
  engine: MatchingEngine,
  context: OrderContext,
): OrderInput | MexcError {
  const { trading } = symbol
  const { side, quantity, quoteOrderQty } = request
  const best = engine.ladder(side === 'buy' ? 'sell' : 'buy').best
  const reference = best === undefined ? context.lastPrice : trading.price(best.priceTicks)
  const value = quoteOrderQty?.value ?? (reference && quantity!.value.times(reference)) ?? symbol.minMarketNotional
  if (quantity !== undefined && quantity.value.lessThan(trading.minQuantity))
    return belowMinimum(trading.minQuantity.toString(), trading.base)
  const limits = checkNotional(value, symbol.minMarketNotional, symbol.maxMarketNotional, trading.quote)
  if (limits !== undefined) return limits
  if (best === undefined || reference === undefined) return mexcErrors.noOpponentOrder
  const protective = reference.times(side === 'buy' ? protectionUp : protectionDown)
  const priceTicks = Math.max(1, Number(protective.stepsOf(trading.tickSize, 'down')))
  const market = { ...common(request, context, trading.name), kind: 'market', timeInForce: 'ioc', priceTicks } as const
  if (quantity !== undefined) {
    const quantityLots = trading.toLots(quantity.value)
    return quantityLots === undefined
      ? aboveMaximum(symbol.maxMarketNotional.toString(), trading.quote)
      : { ...market, quantityLots }
  }
  if (side === 'buy') return { ...market, quoteBudget: quoteOrderQty!.value }
  const quantityLots = lotsSoldFor(quoteOrderQty!.value, engine)
  return quantityLots > 0
    ? { ...market, quantityLots }
    : belowMinimum(symbol.minMarketNotional.toString(), trading.quote)
}

/** How many lots the bids take for at most `proceeds` (quote). */
function lotsSoldFor(proceeds: Decimal, { bids, symbol }: MatchingEngine): number {
  let left = proceeds
  let lots = 0
  for (const level of bids.levels) {
    const wanted = symbol.lotsFor(left, level.priceTicks)
    const taken = Math.min(wanted, level.totalLots)
    lots += taken
    left = left.minus(symbol.notional(level.priceTicks, taken))
    if (wanted <= level.totalLots) break
  }
  return lots
}

function common(request: MexcOrderRequest, context: OrderContext, symbol: string) {
  const { side, clientOrderId, type, stpMode, quoteOrderQty } = request
  const quote = quoteOrderQty === undefined ? {} : { quoteOrderQty: quoteOrderQty.value.toString() }
  const attributes = { type, stpMode, ...quote }
  return {
    accountId: context.accountId,
    symbol,
    side,
    attributes,
    ...(clientOrderId !== undefined && { clientOrderId }),
  }
}

function checkNotional(value: Decimal, minimum: Decimal, maximum: Decimal, asset: string): MexcError | undefined {
  if (value.lessThan(minimum) || value.isZero) return belowMinimum(minimum.toString(), asset)
  return value.greaterThan(maximum) ? aboveMaximum(maximum.toString(), asset) : undefined
}

function isWithinBand(
  side: 'buy' | 'sell',
  price: Decimal,
  { priceBand }: MexcSymbol,
  lastPrice: Decimal | undefined,
): boolean {
  if (priceBand === undefined || lastPrice === undefined) return true
  return side === 'buy'
    ? !price.greaterThan(lastPrice.times(one.plus(priceBand.up)))
    : !price.lessThan(lastPrice.times(one.minus(priceBand.down)))
}
