import {
  ExchangeCapabilityException,
  asClientOrderId,
  asExchangeOrderId,
  asFillId,
  createAssetId,
  type Balance,
  type Fill,
  type Instrument,
  type OrderReference,
  type OrderRequest,
  type OrderStatus,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import { sampleExchangeId } from './constants.js'
import type { SampleOrderId } from './rest-client.js'
import type { SampleBalance, SampleFill, SampleOrder } from './schemas.js'

/** @throws {@link ExchangeCapabilityException} The exchange has no market orders. */
export function mapOrderRequest(order: OrderRequest): Readonly<Record<string, string>> {
  const { instrument, clientOrderId, correlationId } = order
  if (order.type === 'market')
    throw new ExchangeCapabilityException({
      exchange: sampleExchangeId,
      correlationId,
      message: `Sample takes no market orders on ${instrument.id}. Send a limit order.`,
    })
  const { execution } = order
  return {
    symbol: instrument.exchangeSymbol,
    clientId: clientOrderId,
    side: order.side,
    price: instrument.ticksToPrice(order.priceTicks).toString(),
    quantity: instrument.lotsToQuantity(order.quantityLots).toString(),
    kind: execution.timeInForce === 'gtc' ? (execution.postOnly ? 'maker' : 'gtc') : execution.timeInForce,
  }
}

/** The exchange's own id wins. */
export const mapOrderReference = ({ exchangeOrderId, clientOrderId }: OrderReference): SampleOrderId =>
  exchangeOrderId === undefined ? { clientId: clientOrderId! } : { id: exchangeOrderId }

export function mapOrder(order: SampleOrder, instrument: Instrument): OrderUpdate {
  return {
    instrumentId: instrument.id,
    clientOrderId: order.clientId === null ? undefined : asClientOrderId(order.clientId),
    exchangeOrderId: asExchangeOrderId(order.id),
    side: order.side,
    status: statusOf(order),
    quantity: order.quantity,
    price: order.price,
    filledQuantity: order.filled,
    filledNotional: order.filledValue,
    exchangeTimeMs: order.time,
    reason: undefined,
  }
}

export function mapFill(fill: SampleFill, instrument: Instrument): Fill {
  return {
    fillId: asFillId(fill.id),
    instrumentId: instrument.id,
    exchangeOrderId: asExchangeOrderId(fill.orderId),
    clientOrderId: fill.clientId === null ? undefined : asClientOrderId(fill.clientId),
    side: fill.side,
    price: fill.price,
    quantity: fill.quantity,
    fee: fill.fee,
    feeAsset: createAssetId(fill.feeAsset),
    role: fill.role,
    exchangeTimeMs: fill.time,
  }
}

export const mapBalance = ({ asset, free, locked }: SampleBalance): Balance => ({
  asset: createAssetId(asset),
  free,
  locked,
})

function statusOf({ status, filled }: SampleOrder): OrderStatus {
  if (status === 'open') return filled.isZero ? 'open' : 'partially_filled'
  return status === 'refused' ? 'rejected' : status
}
