import type { OrderInput, VenueOrder } from '../../../matching/venue-order.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { Caller } from '../authentication.js'
import {
  futuresUnfilledLookupMs,
  futuresUnfilledTextLookupMs,
  maxFuturesBatchCancels,
  maxFuturesBatchOrders,
} from '../constants.js'
import { FuturesRefusal, GateioRefusal, invalidParam } from '../gateio-refusal.js'
import { findContract } from '../pairs.js'
import { type JsonObject, optionalEnum, requiredText, wholeNumber } from '../parameters.js'
import { readReference } from '../order-request.js'
import type { PositionModes } from './position-modes.js'
import {
  checkContracts,
  checkedPrice,
  readFuturesOrder,
  readPrice,
  readSize,
  refuseCrossing,
} from './futures-order-request.js'
import { viewFuturesOrder } from './futures-order-view.js'
import type { SizeStyle } from './sizes.js'

/** The order calls of perpetuals that REST and the WebSocket API share. Every method throws `GateioRefusal` when the venue says no. */
export class FuturesTrading {
  constructor(
    private readonly market: PerpetualMarket,
    private readonly modes: PositionModes,
    private readonly stpGroup: number,
  ) {}

  /** Checks the body of a new order without placing it. */
  prepare(caller: Caller, body: JsonObject): ReturnType<typeof readFuturesOrder> {
    if (this.modes.isDual(caller.account.id)) throw new FuturesRefusal(400, 'POSITION_DUAL_MODE')
    return readFuturesOrder(body, { market: this.market, caller, stpGroup: this.stpGroup })
  }

  place(caller: Caller, body: JsonObject): VenueOrder {
    const input = this.prepare(caller, body)
    const result = this.market.core.place(input)
    if ('order' in result) return result.order
    throw this.shortOfMargin(input)
  }

  /** @param spend - Spends one placement; throws when there is none. */
  placeBatch(caller: Caller, bodies: readonly JsonObject[], spend: () => void, style: SizeStyle): unknown[] {
    if (bodies.length > maxFuturesBatchOrders) throw new FuturesRefusal(400, 'TOO_MANY_ORDERS')
    return bodies.map((body) =>
      batchItem(() => {
        spend()
        return this.view(this.place(caller, body), style)
      }),
    )
  }

  amend(caller: Caller, reference: string, from: JsonObject): VenueOrder {
    const order = this.find(caller, reference)
    const { market } = this
    if (!order.isOpen) throw new FuturesRefusal(400, 'ORDER_FINISHED')
    const hasSize = from['size'] !== undefined && from['size'] !== null && from['size'] !== ''
    const size = hasSize ? readSize(from['size'], 'size') : signedLots(order)
    if (hasSize && order.input.attributes?.['close'] === 'true') throw invalidParam('size', from['size'])
    if (size !== 0 && size > 0 !== (order.side === 'buy')) throw invalidParam('size', from['size'])
    const price = readPrice(from)
    const priceTicks = price.isZero ? order.priceTicks! : checkedPrice(market, order.symbol, price)
    const quantityLots = Math.abs(size)
    if (quantityLots > order.filledLots) checkContracts(market, order.symbol, quantityLots)
    if (order.input.postOnly === true) refuseCrossing(market, order.symbol, order.side, priceTicks)
    const amendText = from['amend_text']
    if (typeof amendText === 'string' && amendText !== '') order.amendText = amendText
    if (market.core.amend(order, priceTicks, quantityLots) === 'insufficient_funds')
      throw this.shortOfMargin({ ...order.input, priceTicks, quantityLots })
    return order
  }

  /** @param spend - Spends one placement; throws when there is none. */
  amendBatch(caller: Caller, bodies: readonly JsonObject[], spend: () => void, style: SizeStyle): unknown[] {
    if (bodies.length > maxFuturesBatchOrders) throw new FuturesRefusal(400, 'TOO_MANY_ORDERS')
    return bodies.map((body) =>
      batchItem(() => {
        spend()
        return this.view(this.amend(caller, futuresReference(body), body), style)
      }),
    )
  }

  cancel(caller: Caller, reference: string): VenueOrder {
    const order = this.find(caller, reference)
    if (this.market.core.cancel(order)) return order
    throw new FuturesRefusal(400, 'ORDER_FINISHED')
  }

  cancelBatch(caller: Caller, references: unknown): unknown[] {
    const isList = Array.isArray(references) && references.every((item) => typeof item === 'string')
    if (!isList || references.length > maxFuturesBatchCancels)
      throw new FuturesRefusal(400, 'INVALID_REQUEST_BODY', 'Invalid request body')
    return (references as readonly string[]).map((id) => {
      const item = { id, user_id: caller.account.uid }
      try {
        this.cancel(caller, id)
        return { ...item, succeeded: true, message: '' }
      } catch (cause) {
        if (!(cause instanceof GateioRefusal)) throw cause
        return { ...item, succeeded: false, message: cause.label }
      }
    })
  }

  /** Cancels what is open, of one contract and of one side when given. */
  cancelAll(caller: Caller, from: JsonObject): VenueOrder[] {
    const { contract } = from
    const symbol = contract === undefined || contract === '' ? undefined : findContract(this.market.core, contract)
    const side = optionalEnum(from, 'side', ['bid', 'ask', ''], '')
    const keepReducing = from['exclude_reduce_only'] === 'true' || from['exclude_reduce_only'] === true
    return this.cancelOpen(
      caller.account.id,
      symbol?.name,
      (order) =>
        (side === '' || (side === 'bid') === (order.side === 'buy')) &&
        !(keepReducing && order.input.reduceOnly === true),
    )
  }

  cancelOpen(accountId: string, symbol?: string, which: (order: VenueOrder) => boolean = () => true): VenueOrder[] {
    const { core } = this.market
    return core.openOrders(accountId, symbol).filter((order) => which(order) && core.cancel(order))
  }

  query(caller: Caller, reference: string): VenueOrder {
    return this.find(caller, reference)
  }

  /** Newest first. */
  list(caller: Caller, from: JsonObject): VenueOrder[] {
    const status = requiredText(from, 'status')
    if (status !== 'open' && status !== 'finished') throw invalidParam('status', status)
    const { contract } = from
    const symbol = contract === undefined || contract === '' ? undefined : findContract(this.market.core, contract)
    const orders = this.market.core
      .ordersOf(caller.account.id)
      .filter((order) => order.isOpen === (status === 'open') && this.isKept(order, futuresUnfilledLookupMs))
      .filter((order) => symbol === undefined || order.symbol === symbol)
    return slice(orders.toReversed(), from)
  }

  view(order: VenueOrder, style: SizeStyle): Record<string, unknown> {
    return viewFuturesOrder(order, this.market.account(order.accountId), style)
  }

  /** By id, or by `text` while that still works. */
  private find(caller: Caller, reference: string): VenueOrder {
    const { core } = this.market
    const accountId = caller.account.id
    const byId = core.order(reference)
    if (byId?.accountId === accountId && this.isKept(byId, futuresUnfilledLookupMs)) return byId
    const byText = core.orderByClientId(accountId, reference)
    if (byText !== undefined && this.isKept(byText, futuresUnfilledTextLookupMs)) return byText
    throw new FuturesRefusal(404, 'ORDER_NOT_FOUND')
  }

  private isKept(order: VenueOrder, keptMs: number): boolean {
    if (order.isOpen || order.filledLots > 0) return true
    return this.market.clock.nowMs() - order.updatedAtMs <= keptMs
  }

  private shortOfMargin(input: OrderInput): FuturesRefusal {
    const { available } = this.market.state(this.market.account(input.accountId), 'USDT')
    const detail = `margin ${this.market.marginOf(input).toString()} while available ${available.toString()}`
    return new FuturesRefusal(400, 'INSUFFICIENT_AVAILABLE', detail)
  }
}

/** One page of a list, from `offset` (0) and `limit` (100). */
export function slice<T>(items: readonly T[], from: JsonObject, maxLimit = 1000): T[] {
  const limit = wholeNumber(from, 'limit', 1, maxLimit, 100)
  const offset = wholeNumber(from, 'offset', 0, Number.MAX_SAFE_INTEGER, 0)
  return items.slice(offset, offset + limit)
}

/** The order that a cancel, amend or query over the WebSocket names. */
export const futuresReference = (from: JsonObject): string => readReference(from, 'order_id')

function batchItem(act: () => JsonObject): JsonObject {
  try {
    return { succeeded: true, ...act() }
  } catch (cause) {
    if (!(cause instanceof GateioRefusal)) throw cause
    return { succeeded: false, label: cause.label, detail: cause.message }
  }
}

const signedLots = (order: VenueOrder): number => (order.side === 'buy' ? order.quantityLots : -order.quantityLots)
