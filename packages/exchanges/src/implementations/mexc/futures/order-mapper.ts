import {
  asExchangeOrderId,
  asFillId,
  createAssetId,
  Decimal,
  ExchangeCapabilityException,
  type Balance,
  type Fill,
  type Instrument,
  type OrderRequest,
  type OrderStatus,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import { roundedNotional } from '../../../decoding/rounded-notional.js'
import { mexcExchangeId } from '../constants.js'
import { checkedClientOrderId, clientOrderIdOf } from '../order-mapper.js'
import type { MexcFuturesOrderBody } from './rest-client.js'
import type { MexcFuturesAsset, MexcFuturesFill, MexcFuturesOrder } from './schemas.js'

/** What a side does in one-way mode: 1 buys, 3 sells, whatever is held; the other two never open anything. */
const orderSide = { open: { buy: 1, sell: 3 }, reduce: { buy: 2, sell: 4 } } as const
const isolated = 1
const oneWay = 2

/**
 * The body of `POST order/create`, in one-way mode and with isolated margin.
 *
 * @param leverage - Must be that of a position which is held.
 * @throws {@link ExchangeCapabilityException} It is a market order.
 * @throws {@link ExchangeRequestException} The client order id has characters that the exchange refuses.
 */
export function mapFuturesOrderRequest(order: OrderRequest, leverage: number): MexcFuturesOrderBody {
  const { instrument, side } = order
  if (order.type === 'market')
    throw new ExchangeCapabilityException({
      exchange: mexcExchangeId,
      correlationId: order.correlationId,
      message: `Order ${order.clientOrderId} is a market order, which contracts are not traded by here. Send an ioc order with a price.`,
    })
  const isReducing = order.reduceOnly === true
  return {
    symbol: instrument.exchangeSymbol,
    price: instrument.ticksToPrice(order.priceTicks).toNumber(),
    vol: instrument.lotsToQuantity(order.quantityLots).toNumber(),
    leverage,
    side: orderSide[isReducing ? 'reduce' : 'open'][side],
    type: orderTypeOf(order.execution),
    openType: isolated,
    externalOid: checkedClientOrderId(order),
    positionMode: oneWay,
    ...(isReducing && { reduceOnly: true }),
  }
}

function orderTypeOf(execution: Extract<OrderRequest, { type: 'limit' }>['execution']): number {
  switch (execution.timeInForce) {
    case 'gtc':
      return execution.postOnly ? 2 : 1
    case 'ioc':
      return 3
    case 'fok':
      return 4
  }
}

/** An order of answers or of the stream; quantities are contracts. */
export function mapFuturesOrder(order: MexcFuturesOrder, instrument: Instrument): OrderUpdate {
  const status = statusOf(order)
  const isFinal = status === 'cancelled' || status === 'rejected'
  return {
    instrumentId: instrument.id,
    clientOrderId: clientOrderIdOf(order.externalOid),
    exchangeOrderId: asExchangeOrderId(order.orderId),
    side: sideOf(order.side),
    status,
    quantity: order.vol,
    price: order.orderType === 5 || order.price?.isZero === true ? undefined : order.price,
    filledQuantity: order.dealVol,
    filledNotional: roundedNotional(order.dealVol, order.dealAvgPrice ?? Decimal.zero, instrument),
    exchangeTimeMs: order.updateTime ?? order.createTime ?? 0,
    reason: isFinal && order.errorCode ? `error ${order.errorCode}` : undefined,
  }
}

const sideOf = (side: number): 'buy' | 'sell' => (side <= 2 ? 'buy' : 'sell')

function statusOf({ state, dealVol }: MexcFuturesOrder): OrderStatus {
  switch (state) {
    case 3:
      return 'filled'
    case 4:
      return 'cancelled'
    case 5:
      // Invalid after a part was filled is an end like a cancel.
      return dealVol.isZero ? 'rejected' : 'cancelled'
    default:
      return dealVol.isZero ? 'open' : 'partially_filled'
  }
}

/** An own execution; the fee is read, never assumed. */
export function mapFuturesFill(fill: MexcFuturesFill, instrument: Instrument): Fill {
  return {
    // A trade with oneself may have one id on both orders.
    fillId: asFillId(`${fill.id}-${fill.orderId}`),
    instrumentId: instrument.id,
    exchangeOrderId: asExchangeOrderId(fill.orderId),
    clientOrderId: clientOrderIdOf(fill.externalOid),
    side: sideOf(fill.side),
    price: fill.price,
    quantity: fill.vol,
    fee: fill.fee ?? Decimal.zero,
    feeAsset: fill.feeCurrency ? createAssetId(fill.feeCurrency) : instrument.quote,
    role: (fill.taker ?? fill.isTaker ?? true) ? 'taker' : 'maker',
    exchangeTimeMs: fill.timestamp,
  }
}

/** The wallet: what is bound by positions and orders is locked. */
export const mapFuturesAsset = (asset: MexcFuturesAsset): Balance => ({
  asset: createAssetId(asset.currency),
  free: asset.availableBalance,
  locked: (asset.frozenBalance ?? Decimal.zero).plus(asset.positionMargin ?? Decimal.zero),
})
