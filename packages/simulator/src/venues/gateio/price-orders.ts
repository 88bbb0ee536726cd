import type { Decimal } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../../matching/trading-symbol.js'
import type { VenueHost } from '../../venue/venue-host.js'
import type { Caller } from './authentication.js'
import { GateioRefusal, invalidParam, missingParam } from './gateio-refusal.js'
import type { GateioTrading } from './gateio-trading.js'
import { findPair, pairOf } from './pairs.js'
import { type JsonObject, optionalEnum, requiredAmount, requiredText, wholeNumber } from './parameters.js'

interface PriceOrder {
  readonly id: number
  readonly caller: Caller
  readonly symbol: TradingSymbol
  readonly price: Decimal
  readonly rule: '>=' | '<='
  readonly expiresAtMs: number
  readonly put: JsonObject
  readonly createdAtMs: number
  status: 'open' | 'finish' | 'cancelled' | 'failed' | 'expired'
  endedAtMs: number
  firedOrderId: string
  reason: string
}

/** Orders that wait for a price, checked on every trade. */
export class PriceOrders {
  private readonly orders: PriceOrder[] = []

  constructor(
    private readonly host: VenueHost,
    private readonly trading: GateioTrading,
  ) {
    host.core.listen({ onTrade: (trade) => this.onPrice(trade.symbol, trade.priceTicks) })
  }

  create(caller: Caller, body: JsonObject): { readonly id: number } {
    const symbol = findPair(this.host.core, body['market'])
    const trigger = member(body, 'trigger')
    const put = member(body, 'put')
    const price = requiredAmount(trigger, 'price')
    requiredText(trigger, 'rule')
    const rule = optionalEnum(trigger, 'rule', ['>=', '<='], '>=')
    const expirationS = wholeNumber(trigger, 'expiration', 1, 2_592_000, 86_400)
    const { account, ...order } = put
    if (account !== undefined && account !== 'normal') throw invalidParam('put.account', account)
    const input = { ...order, currency_pair: pairOf(symbol), text: 'apiv4' }
    this.trading.prepare(caller, input, 'apiv4')
    const nowMs = this.host.clock.nowMs()
    const id = this.orders.length + 1
    this.orders.push({
      id,
      caller,
      symbol,
      price,
      rule,
      expiresAtMs: nowMs + expirationS * 1000,
      put: input,
      createdAtMs: nowMs,
      status: 'open',
      endedAtMs: 0,
      firedOrderId: '0',
      reason: '',
    })
    return { id }
  }

  list(caller: Caller, from: JsonObject): unknown[] {
    const status = requiredText(from, 'status')
    if (status !== 'open' && status !== 'finished') throw invalidParam('status', status)
    const limit = wholeNumber(from, 'limit', 1, 100, 100)
    const offset = wholeNumber(from, 'offset', 0, Number.MAX_SAFE_INTEGER, 0)
    return this.of(caller, from['market'])
      .filter((order) => (order.status === 'open') === (status === 'open'))
      .toReversed()
      .slice(offset, offset + limit)
      .map(view)
  }

  get(caller: Caller, id: string): unknown {
    return view(this.find(caller, id))
  }

  cancel(caller: Caller, id: string): unknown {
    const order = this.find(caller, id)
    if (order.status !== 'open') throw new GateioRefusal(400, 'ORDER_FINISHED', 'Order finished')
    this.end(order, 'cancelled')
    return view(order)
  }

  cancelAll(caller: Caller, from: JsonObject): unknown[] {
    return this.of(caller, from['market'])
      .filter((order) => order.status === 'open')
      .map((order) => {
        this.end(order, 'cancelled')
        return view(order)
      })
  }

  private of(caller: Caller, pair: unknown): PriceOrder[] {
    const symbol = pair === undefined || pair === '' ? undefined : findPair(this.host.core, pair)
    const { id } = caller.account
    return this.orders.filter((order) => order.caller.account.id === id && (!symbol || order.symbol === symbol))
  }

  private find(caller: Caller, id: string): PriceOrder {
    const order = this.of(caller, undefined).find((candidate) => String(candidate.id) === id)
    if (order === undefined) throw new GateioRefusal(404, 'ORDER_NOT_FOUND', 'Order not found')
    return order
  }

  private onPrice(symbol: string, ticks: number): void {
    for (const order of this.orders) {
      if (order.status !== 'open' || order.symbol.name !== symbol) continue
      const side = order.symbol.price(ticks).compare(order.price)
      if (this.host.clock.nowMs() > order.expiresAtMs) this.end(order, 'expired')
      else if (order.rule === '>=' ? side >= 0 : side <= 0) this.fire(order)
    }
  }

  /** The order goes out once the trade that fired it is done with. */
  private fire(order: PriceOrder): void {
    this.end(order, 'finish')
    this.host.clock.setTimer(() => {
      try {
        order.firedOrderId = this.trading.place(order.caller, order.put, 'apiv4').id
      } catch (cause) {
        if (!(cause instanceof GateioRefusal)) throw cause
        order.status = 'failed'
        order.reason = cause.message
      }
    }, 0)
  }

  private end(order: PriceOrder, status: PriceOrder['status']): void {
    order.status = status
    order.endedAtMs = this.host.clock.nowMs()
  }
}

function member(body: JsonObject, name: string): JsonObject {
  const value = body[name]
  if (typeof value !== 'object' || value === null) throw missingParam(name)
  return value as JsonObject
}

function view(order: PriceOrder): JsonObject {
  const expiration = Math.round((order.expiresAtMs - order.createdAtMs) / 1000)
  const { currency_pair: market, ...put } = order.put
  return {
    market,
    user: order.caller.account.uid,
    trigger: { price: order.price.toString(), rule: order.rule, expiration },
    put: { ...put, account: 'normal' },
    id: order.id,
    ctime: Math.floor(order.createdAtMs / 1000),
    ftime: Math.floor(order.endedAtMs / 1000),
    fired_order_id: Number(order.firedOrderId),
    status: order.status,
    reason: order.reason,
  }
}
