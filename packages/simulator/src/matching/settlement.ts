import { Decimal, RingBuffer, type Clock } from '@cex-arbitrage/common'

import type { AccountBook } from '../accounts/account-book.js'
import type { OrderFunds } from '../accounts/order-funds.js'
import type { ExchangeListener, PublicTrade } from './exchange-listener.js'
import type { OrderRegistry } from './order-registry.js'
import type { VenueFill, VenueOrder } from './venue-order.js'

const tradesKept = 1000

export interface SettlementParts {
  readonly accounts: AccountBook
  readonly funds: OrderFunds
  readonly registry: OrderRegistry
  readonly clock: Clock
  /** Id of the trade before the first. */
  readonly firstTradeId: number
  readonly tell: (what: (listener: ExchangeListener) => void) => void
}

/** Turns executions into trades: moves the money, writes the fills of both sides down, and keeps the tape. */
export class Settlement {
  private readonly tapes = new Map<string, RingBuffer<PublicTrade>>()
  private readonly marketTradeIds = new Map<string, number>()
  private tradeCount: number

  constructor(private readonly parts: SettlementParts) {
    this.tradeCount = parts.firstTradeId
  }

  /** The latest trades of a symbol, oldest first; at most 1000. */
  trades(symbol: string): readonly PublicTrade[] {
    return this.tapes.get(symbol)?.toArray() ?? []
  }

  settle(taker: VenueOrder, maker: VenueOrder, priceTicks: number, lots: number): void {
    const { name } = taker.symbol
    const marketTradeId = (this.marketTradeIds.get(name) ?? 0) + 1
    this.marketTradeIds.set(name, marketTradeId)
    const trade: PublicTrade = {
      tradeId: ++this.tradeCount,
      marketTradeId,
      symbol: name,
      priceTicks,
      lots,
      side: taker.side,
      atMs: this.parts.clock.nowMs(),
    }
    if (!taker.house || !maker.house) this.settleMoney(taker, maker, trade)
    this.tapeOf(name).push(trade)
    this.parts.tell((listener) => listener.onTrade?.(trade))
  }

  private tapeOf(symbol: string): RingBuffer<PublicTrade> {
    const tape = this.tapes.get(symbol) ?? new RingBuffer<PublicTrade>(tradesKept)
    this.tapes.set(symbol, tape)
    return tape
  }

  private settleMoney(taker: VenueOrder, maker: VenueOrder, trade: PublicTrade): void {
    const { symbol } = taker
    const quantity = symbol.quantity(trade.lots)
    const notional = symbol.notional(trade.priceTicks, trade.lots)
    const takerSide = { order: taker, account: this.parts.accounts.get(taker.accountId), role: 'taker' as const }
    const makerSide = { order: maker, account: this.parts.accounts.get(maker.accountId), role: 'maker' as const }
    const [buy, sell] = taker.side === 'buy' ? [takerSide, makerSide] : [makerSide, takerSide]
    const settled = this.parts.funds.settle(buy, sell, trade)
    for (const side of [takerSide, makerSide]) {
      if (side.order.house) continue
      const { fee, closedLots } = side === buy ? settled.buy : settled.sell
      this.record(side.order, {
        tradeId: trade.tradeId,
        marketTradeId: trade.marketTradeId,
        orderId: side.order.id,
        accountId: side.account.id,
        symbol: symbol.name,
        side: side.order.side,
        role: side.role,
        priceTicks: trade.priceTicks,
        quantityLots: trade.lots,
        quantity,
        price: symbol.price(trade.priceTicks),
        notional,
        fee: fee.amount,
        feeAsset: fee.asset,
        selfTrade: taker.accountId === maker.accountId,
        atMs: trade.atMs,
        ...(closedLots !== undefined && { closedLots }),
      })
    }
  }

  private record(order: VenueOrder, fill: VenueFill): void {
    order.fills.push(fill)
    order.fees.set(fill.feeAsset, (order.fees.get(fill.feeAsset) ?? Decimal.zero).plus(fill.fee))
    order.updatedAtMs = fill.atMs
    this.parts.registry.addFill(fill)
    this.parts.tell((listener) => listener.onFill?.(fill, order))
    if (order.budgetLeft !== undefined || order.remainingLots > 0)
      this.parts.tell((listener) => listener.onOrder?.(order, 'filled_in_part'))
  }
}
