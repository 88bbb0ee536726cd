import {
  asClientOrderId,
  asExchangeOrderId,
  asFillId,
  createAssetId,
  Decimal,
  ExchangeRequestException,
  type Balance,
  type ClientOrderId,
  type Fill,
  type Instrument,
  type OrderReference,
  type OrderRequest,
  type OrderStatus,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import { gateioExchangeId, maxTextLength, textPrefix } from './constants.js'
import type { GateioOrderBody } from './rest-client.js'
import type { GateioAccount, GateioBalanceEvent, GateioFill, GateioOrder, GateioOrderEvent } from './schemas.js'

const clientOrderIdPattern = new RegExp(`^[A-Za-z0-9._-]{1,${maxTextLength}}$`)

/**
 * The body of `POST /spot/orders`: plain decimals as texts. A market buy names the quote amount to spend.
 *
 * @param account - The account that the order uses.
 * @throws {@link ExchangeRequestException} The client order id has characters that the exchange refuses.
 */
export function mapOrderRequest(order: OrderRequest, account: string): GateioOrderBody {
  const { instrument } = order
  const text = spellClientOrderId(order)
  const pair = instrument.exchangeSymbol
  if (order.type === 'limit')
    return {
      text,
      currency_pair: pair,
      type: 'limit',
      account,
      side: order.side,
      amount: instrument.lotsToQuantity(order.quantityLots).toString(),
      price: instrument.ticksToPrice(order.priceTicks).toString(),
      time_in_force: timeInForceOf(order.execution),
    }
  const amount = order.side === 'buy' ? order.quoteAmount : instrument.lotsToQuantity(order.quantityLots)
  return {
    text,
    currency_pair: pair,
    type: 'market',
    account,
    side: order.side,
    amount: amount.toString(),
    time_in_force: 'ioc',
  }
}

/**
 * Our id as the exchange spells it.
 *
 * @throws {@link ExchangeRequestException} It has characters that the exchange refuses.
 */
export function spellClientOrderId({ clientOrderId, correlationId }: OrderRequest): string {
  if (clientOrderIdPattern.test(clientOrderId)) return textPrefix + clientOrderId
  throw new ExchangeRequestException({
    exchange: gateioExchangeId,
    correlationId,
    message: `'${clientOrderId}' is no client order id for Gate.io: 1 to ${maxTextLength} of A-Z a-z 0-9 . _ -.`,
  })
}

/** Post-only is a time in force here. */
export function timeInForceOf(execution: Extract<OrderRequest, { type: 'limit' }>['execution']): string {
  return execution.timeInForce === 'gtc' && execution.postOnly ? 'poc' : execution.timeInForce
}

/**
 * Names an order in a query or a cancel; the exchange's own id wins, a client order id takes the prefix.
 *
 * @throws {@link ExchangeRequestException} There is no id.
 */
export function mapOrderReference(order: OrderReference): string {
  if (order.exchangeOrderId !== undefined) return order.exchangeOrderId
  if (order.clientOrderId !== undefined) return textPrefix + order.clientOrderId
  throw new ExchangeRequestException({
    exchange: gateioExchangeId,
    message: `An order on ${order.instrument.id} was asked for without an id. Give one of the two.`,
  })
}

/** An order as REST and the WebSocket API show it. */
export function mapOrder(order: GateioOrder, instrument: Instrument): OrderUpdate {
  return mapAnyOrder(order, order.status !== 'open', order.status === 'cancelled', instrument)
}

/** An order as the private stream shows it. */
export function mapOrderEvent(order: GateioOrderEvent, instrument: Instrument): OrderUpdate {
  const isFinal = order.event === 'finish'
  return mapAnyOrder(order, isFinal, isFinal && order.finish_as !== 'filled', instrument)
}

function mapAnyOrder(
  order: GateioOrder | GateioOrderEvent,
  isFinal: boolean,
  isCancelled: boolean,
  instrument: Instrument,
): OrderUpdate {
  const isMarket = order.type.startsWith('market')
  const filledQuantity = filledQuantityOf(order)
  return {
    instrumentId: instrument.id,
    clientOrderId: mapText(order.text),
    exchangeOrderId: asExchangeOrderId(order.id),
    side: order.side,
    status: statusOf(isFinal, isCancelled, filledQuantity),
    // The amount of a market buy is money.
    quantity: isMarket && order.side === 'buy' ? undefined : order.amount,
    price: isMarket || order.price === undefined || order.price.isZero ? undefined : order.price,
    filledQuantity,
    filledNotional: order.filled_total ?? Decimal.zero,
    exchangeTimeMs: order.update_time_ms,
    reason: isFinal ? reasonOf(order.finish_as) : undefined,
  }
}

/** Words for an end that the exchange chose; a fill and our own cancel are none. */
export function reasonOf(finishAs: string | null | undefined): string | undefined {
  return finishAs === '-' || finishAs === 'filled' || finishAs === 'cancelled' ? undefined : (finishAs ?? undefined)
}

export function statusOf(isFinal: boolean, isCancelled: boolean, filledQuantity: Decimal): OrderStatus {
  if (!isFinal) return filledQuantity.isZero ? 'open' : 'partially_filled'
  return isCancelled ? 'cancelled' : 'filled'
}

/** In base. Stated since 2024; before, what is no longer left, which for a market buy is money. */
function filledQuantityOf(order: GateioOrder | GateioOrderEvent): Decimal {
  if (order.filled_amount !== undefined) return order.filled_amount
  if (order.left !== undefined && !(order.type.startsWith('market') && order.side === 'buy'))
    return order.amount.minus(order.left)
  return Decimal.zero
}

/**
 * An own execution. A fee may be paid in GT or in points; then the trade's own currency names a fee of zero.
 *
 * @see README.md for what is not told: points are no asset and count as no fee.
 */
export function mapFill(fill: GateioFill, instrument: Instrument): Fill {
  const fee = fill.fee ?? Decimal.zero
  const paidInGt = fee.isZero && fill.gt_fee !== undefined && !fill.gt_fee.isZero
  return {
    // A trade with oneself has one trade id on both orders.
    fillId: asFillId(`${fill.id}-${fill.order_id}`),
    instrumentId: instrument.id,
    exchangeOrderId: asExchangeOrderId(fill.order_id),
    clientOrderId: mapText(fill.text ?? ''),
    side: fill.side,
    price: fill.price,
    quantity: fill.amount,
    fee: paidInGt ? fill.gt_fee! : fee,
    feeAsset: feeAssetOf(fill, paidInGt, instrument),
    role: fill.role,
    exchangeTimeMs: Math.floor(fill.create_time_ms ?? fill.create_time * 1000),
  }
}

function feeAssetOf(fill: GateioFill, paidInGt: boolean, instrument: Instrument): Fill['feeAsset'] {
  if (paidInGt) return createAssetId('GT')
  if (fill.fee_currency) return createAssetId(fill.fee_currency)
  return fill.side === 'buy' ? instrument.base : instrument.quote
}

/** A balance as a query answers it. */
export const mapAccount = (account: GateioAccount): Balance => ({
  asset: createAssetId(account.currency),
  free: account.available,
  locked: account.locked,
})

/** A balance as the private stream tells it, absolute after the change. */
export const mapBalanceEvent = (event: GateioBalanceEvent): Balance => ({
  asset: createAssetId(event.currency),
  free: event.available,
  locked: event.freeze ?? event.total.minus(event.available),
})

/** Our id out of `text`; other texts are words of the exchange for where an order came from. */
export function mapText(text: string): ClientOrderId | undefined {
  return text.startsWith(textPrefix) ? asClientOrderId(text.slice(textPrefix.length)) : undefined
}
