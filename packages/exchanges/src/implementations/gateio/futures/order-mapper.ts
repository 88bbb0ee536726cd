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
  type OrderUpdate,
} from '@cex-arbitrage/common'
import { roundedNotional } from '../../../decoding/rounded-notional.js'
import { gateioExchangeId } from '../constants.js'
import { mapText, reasonOf, spellClientOrderId, statusOf, timeInForceOf } from '../order-mapper.js'
import type { GateioOrderBody } from '../rest-client.js'
import type { GateioFuturesAccount, GateioFuturesFill, GateioFuturesOrder } from './schemas.js'
import { millisecondsOf } from './times.js'

/**
 * The body of `POST /futures/usdt/orders`: the sign of the size is the side.
 *
 * @throws {@link ExchangeCapabilityException} It is a market order.
 * @throws {@link ExchangeRequestException} The client order id has characters that the exchange refuses.
 */
export function mapFuturesOrderRequest(order: OrderRequest): GateioOrderBody {
  const { instrument } = order
  if (order.type === 'market')
    throw new ExchangeCapabilityException({
      exchange: gateioExchangeId,
      correlationId: order.correlationId,
      message: `Order ${order.clientOrderId} is a market order, which contracts are not traded by here. Send an ioc order with a price.`,
    })
  const size = instrument.lotsToQuantity(order.quantityLots)
  return {
    text: spellClientOrderId(order),
    contract: instrument.exchangeSymbol,
    size: (order.side === 'buy' ? size : size.negated()).toString(),
    price: instrument.ticksToPrice(order.priceTicks).toString(),
    tif: timeInForceOf(order.execution),
    ...(order.reduceOnly === true && { reduce_only: true }),
  }
}

/** An order of answers or of the stream; quantities are contracts. */
export function mapFuturesOrder(order: GateioFuturesOrder, instrument: Instrument): OrderUpdate {
  const isFinal = order.status === 'finished'
  const filledQuantity = order.size.minus(order.left).abs()
  return {
    instrumentId: instrument.id,
    clientOrderId: mapText(order.text),
    exchangeOrderId: asExchangeOrderId(order.id_string ?? order.id),
    side: order.size.sign < 0 ? 'sell' : 'buy',
    status: statusOf(isFinal, !order.left.isZero, filledQuantity),
    quantity: order.size.abs(),
    price: order.price === undefined || order.price.isZero ? undefined : order.price,
    filledQuantity,
    filledNotional: roundedNotional(filledQuantity, order.fill_price ?? Decimal.zero, instrument),
    exchangeTimeMs: newestOf(order),
    reason: isFinal ? reasonOf(order.finish_as) : undefined,
  }
}

/** An own execution; fees are taken from the wallet. */
export function mapFuturesFill(fill: GateioFuturesFill, instrument: Instrument): Fill {
  return {
    // A trade with oneself has one trade id on both orders.
    fillId: asFillId(`${fill.id ?? fill.trade_id}-${fill.order_id}`),
    instrumentId: instrument.id,
    exchangeOrderId: asExchangeOrderId(fill.order_id),
    clientOrderId: mapText(fill.text ?? ''),
    side: fill.size.sign < 0 ? 'sell' : 'buy',
    price: fill.price,
    quantity: fill.size.abs(),
    fee: fill.fee ?? Decimal.zero,
    feeAsset: instrument.quote,
    role: fill.role,
    exchangeTimeMs: millisecondsOf(fill.create_time_ms ?? fill.create_time),
  }
}

/** The wallet: what is bound by positions and orders is locked. */
export function mapFuturesAccount(account: GateioFuturesAccount): Balance {
  const { total, available } = account
  // With cross margin, profit that is not realised can be used too; it is no part of the wallet.
  const usable = available.compare(total) > 0 ? total : available
  const free = usable.sign < 0 ? Decimal.zero : usable
  return { asset: createAssetId(account.currency), free, locked: total.minus(free) }
}

function newestOf(order: GateioFuturesOrder): number {
  const { create_time, create_time_ms, update_time, finish_time, finish_time_ms } = order
  const times = [create_time, create_time_ms, update_time, finish_time, finish_time_ms]
  return Math.max(...times.map((time) => millisecondsOf(time ?? 0)))
}
