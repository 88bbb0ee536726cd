import type { VenueOrder } from '../../matching/venue-order.js'
import type { VenueHost } from '../../venue/venue-host.js'
import type { Caller } from './authentication.js'
import {
  maxBatchAmends,
  maxBatchCancels,
  maxBatchOrdersPerPair,
  maxBatchPairs,
  textLookupMs,
  unfilledLookupMs,
} from './constants.js'
import { GateioRefusal, invalidParam, missingParam, orderNotFound, textOf } from './gateio-refusal.js'
import { checkedLots, checkedTicks, checkSize, crossing, readOrderRequest, readReference } from './order-request.js'
import { type ActionMode, viewOrder } from './order-view.js'
import { findPair, pairOf } from './pairs.js'
import { type JsonObject, optionalEnum, pageOf, requiredAmount, requiredText, timeRange } from './parameters.js'

/** Spends one placement from the budget of a pair; throws when there is none. */
export type SpendPlacement = (pair: string) => void

/** The order calls that REST and the WebSocket API share. Every method throws `GateioRefusal` when the venue says no. */
export class GateioTrading {
  constructor(
    private readonly host: VenueHost,
    private readonly stpGroup: number,
  ) {}

  /** Checks the body of a new order without placing it. */
  prepare(caller: Caller, body: JsonObject, defaultText: string): ReturnType<typeof readOrderRequest> {
    return readOrderRequest(body, { core: this.host.core, caller, defaultText, stpGroup: this.stpGroup })
  }

  place(caller: Caller, body: JsonObject, defaultText: string): VenueOrder {
    const result = this.host.core.place(this.prepare(caller, body, defaultText))
    if ('order' in result) return result.order
    throw new GateioRefusal(400, 'BALANCE_NOT_ENOUGH', 'Not enough balance')
  }

  placeBatch(caller: Caller, bodies: readonly JsonObject[], defaultText: string, spend: SpendPlacement): unknown[] {
    checkBatch(bodies)
    return bodies.map((body) =>
      batchItem({ text: body['text'] }, () => {
        spend(textOf(body['currency_pair']))
        const order = this.place(caller, body, defaultText)
        return { order_id: order.id, ...viewOrder(order, actionMode(body)) }
      }),
    )
  }

  /** `from` holds `currency_pair` and what changes. */
  amend(caller: Caller, reference: string, from: JsonObject): VenueOrder {
    const symbol = findPair(this.host.core, from['currency_pair'])
    const order = this.find(caller, reference)
    if (order.symbol !== symbol) throw orderNotFound(reference)
    if (!order.isOpen) throw endedRefusal(order)
    const { amount, price } = from
    if (isAbsent(amount) && isAbsent(price)) throw missingParam('amount or price')
    const newPrice = isAbsent(price) ? symbol.price(order.priceTicks!) : requiredAmount(from, 'price')
    const newAmount = isAbsent(amount) ? symbol.quantity(order.quantityLots) : requiredAmount(from, 'amount')
    const priceTicks = checkedTicks(symbol, newPrice)
    const quantityLots = checkedLots(symbol, newAmount)
    if (priceTicks === order.priceTicks && quantityLots === order.quantityLots)
      throw new GateioRefusal(400, 'NO_CHANGE', 'No change is made')
    if (quantityLots > order.filledLots) checkSize(symbol, newAmount, newAmount.times(newPrice))
    const amendText = from['amend_text']
    if (typeof amendText === 'string' && amendText !== '') order.amendText = amendText
    const problem = this.host.core.amend(order, priceTicks, quantityLots)
    if (problem === 'post_only') throw crossing()
    if (problem === 'insufficient_funds') throw new GateioRefusal(400, 'BALANCE_NOT_ENOUGH', 'Not enough balance')
    return order
  }

  amendBatch(caller: Caller, bodies: readonly JsonObject[], spend: SpendPlacement): unknown[] {
    if (bodies.length > maxBatchAmends) throw new GateioRefusal(400, 'TOO_MANY_ORDERS', 'Too many orders in one batch')
    return bodies.map((body) =>
      batchItem({ text: body['text'], order_id: body['order_id'] }, () => {
        spend(textOf(body['currency_pair']))
        const order = this.amend(caller, readReference(body, 'order_id'), body)
        return { order_id: order.id, ...viewOrder(order, actionMode(body)) }
      }),
    )
  }

  cancel(caller: Caller, reference: string, from: JsonObject): VenueOrder {
    const symbol = findPair(this.host.core, from['currency_pair'])
    const order = this.find(caller, reference)
    if (order.symbol !== symbol) throw orderNotFound(reference)
    if (!this.host.core.cancel(order)) throw endedRefusal(order)
    return order
  }

  cancelBatch(caller: Caller, bodies: readonly JsonObject[]): unknown[] {
    if (bodies.length > maxBatchCancels) throw new GateioRefusal(400, 'TOO_MANY_ORDERS', 'Too many orders in one batch')
    for (const body of bodies) {
      requiredText(body, 'currency_pair')
      readReference(body, 'id')
    }
    return bodies.map((body) => {
      const id = readReference(body, 'id')
      const pair = textOf(body['currency_pair'])
      try {
        const order = this.cancel(caller, id, body)
        return {
          currency_pair: pair,
          id: order.id,
          text: order.clientOrderId,
          succeeded: true,
          label: null,
          message: null,
        }
      } catch (cause) {
        if (!(cause instanceof GateioRefusal)) throw cause
        return { currency_pair: pair, id, succeeded: false, ...cause.body }
      }
    })
  }

  /** Cancels what is open, of one pair when given, of one side when given. */
  cancelAll(caller: Caller, from: JsonObject): unknown[] {
    const pair = from['currency_pair']
    const symbol = isAbsent(pair) ? undefined : findPair(this.host.core, pair)
    const side = optionalEnum(from, 'side', ['buy', 'sell', ''], '')
    return this.cancelOpen(caller.account.id, symbol?.name, side).map((order) => ({
      ...viewOrder(order, actionMode(from)),
      succeeded: true,
      label: '',
      message: '',
    }))
  }

  cancelOpen(accountId: string, symbol?: string, side = ''): VenueOrder[] {
    const open = this.host.core.openOrders(accountId, symbol).filter((order) => side === '' || order.side === side)
    return open.filter((order) => this.host.core.cancel(order))
  }

  query(caller: Caller, reference: string, from: JsonObject): VenueOrder {
    const order = this.find(caller, reference)
    const pair = from['currency_pair']
    if (isAbsent(pair)) {
      if (order.isOpen) throw missingParam('currency_pair')
      return order
    }
    if (findPair(this.host.core, pair) !== order.symbol) throw orderNotFound(reference)
    return order
  }

  /** Newest first. */
  list(caller: Caller, from: JsonObject): unknown[] {
    const status = requiredText(from, 'status')
    if (status !== 'open' && status !== 'finished') throw invalidParam('status', status)
    const pair = from['currency_pair']
    if (status === 'open' && isAbsent(pair)) throw missingParam('currency_pair')
    const symbol = isAbsent(pair) ? undefined : findPair(this.host.core, pair)
    const side = optionalEnum(from, 'side', ['buy', 'sell', ''], '')
    const { fromMs, toMs } = timeRange(from)
    const orders = this.host.core
      .ordersOf(caller.account.id)
      .filter((order) => order.isOpen === (status === 'open') && this.isKept(order))
      .filter((order) => symbol === undefined || order.symbol === symbol)
      .filter((order) => status === 'open' || side === '' || order.side === side)
      .filter((order) => status === 'open' || (order.updatedAtMs >= fromMs && order.updatedAtMs <= toMs))
    return pageOf(orders.toReversed(), from, status === 'open' ? 100 : 1000).map((order) => viewOrder(order))
  }

  listOpen(caller: Caller, from: JsonObject): unknown[] {
    const groups = new Map<string, VenueOrder[]>()
    for (const order of this.host.core.openOrders(caller.account.id).toReversed()) {
      const pair = pairOf(order.symbol)
      groups.set(pair, [...(groups.get(pair) ?? []), order])
    }
    return [...groups].flatMap(([pair, orders]) => {
      const page = pageOf(orders, from, 100)
      if (page.length === 0) return []
      return { currency_pair: pair, total: orders.length, orders: page.map((order) => viewOrder(order)) }
    })
  }

  /** By id, or by `text` while that still works. */
  private find(caller: Caller, reference: string): VenueOrder {
    const { core, clock } = this.host
    const accountId = caller.account.id
    const byId = core.order(reference)
    const order = byId?.accountId === accountId ? byId : core.orderByClientId(accountId, reference)
    if (order === undefined || !this.isKept(order)) throw orderNotFound(reference)
    if (order !== byId && !order.isOpen && clock.nowMs() - order.updatedAtMs > textLookupMs)
      throw orderNotFound(reference)
    return order
  }

  private isKept(order: VenueOrder): boolean {
    const forgotten = order.status === 'cancelled' && order.filledLots === 0
    return !forgotten || this.host.clock.nowMs() - order.updatedAtMs <= unfilledLookupMs
  }
}

export const actionMode = (from: JsonObject): ActionMode =>
  optionalEnum(from, 'action_mode', ['ACK', 'RESULT', 'FULL'], 'FULL')

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''

function endedRefusal(order: VenueOrder): GateioRefusal {
  return order.status === 'filled'
    ? new GateioRefusal(400, 'ORDER_CLOSED', 'Order closed')
    : new GateioRefusal(400, 'ORDER_CANCELLED', 'Order cancelled')
}

function batchItem(reference: JsonObject, act: () => JsonObject): JsonObject {
  try {
    return { ...act(), succeeded: true, label: '', message: '' }
  } catch (cause) {
    if (!(cause instanceof GateioRefusal)) throw cause
    return { ...reference, succeeded: false, ...cause.body }
  }
}

function checkBatch(bodies: readonly JsonObject[]): void {
  const perPair = new Map<string, number>()
  const accounts = new Set<string>()
  for (const body of bodies) {
    const pair = requiredText(body, 'currency_pair')
    requiredText(body, 'text')
    perPair.set(pair, (perPair.get(pair) ?? 0) + 1)
    accounts.add(textOf(body['account'] ?? 'spot'))
  }
  if (perPair.size > maxBatchPairs) throw new GateioRefusal(400, 'TOO_MANY_CURRENCY_PAIRS', 'Too many currency pairs')
  if ([...perPair.values()].some((count) => count > maxBatchOrdersPerPair))
    throw new GateioRefusal(400, 'TOO_MANY_ORDERS', 'Too many orders of one currency pair')
  if (accounts.size > 1) throw new GateioRefusal(400, 'MIXED_ACCOUNT_TYPE', 'More than one account type in a batch')
}
