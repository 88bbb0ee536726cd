import { Decimal, type Side } from '@cex-arbitrage/common'

import type { TradingSymbol } from './trading-symbol.js'

/** Why an order ended. The venue maps these to its own words. */
export type EndReason =
  | 'filled'
  | 'cancelled'
  | 'ioc'
  | 'fok'
  | 'post_only'
  | 'self_trade'
  | 'no_liquidity'
  | 'price_protection'
  | 'refused_late'
  | 'reduce_only'
  | 'liquidated'

export type OrderKind = 'limit' | 'market'

/** What a venue asks the core to do. Numbers are already on the grid of the symbol. */
export interface OrderInput {
  readonly accountId: string
  /** `BASE/QUOTE`. */
  readonly symbol: string
  readonly side: Side
  readonly kind: OrderKind
  /** `gtc` rests; market orders take `ioc` or `fok`. */
  readonly timeInForce: 'gtc' | 'ioc' | 'fok'
  readonly postOnly?: boolean
  /** Only takes away from a position; of perpetuals. */
  readonly reduceOnly?: boolean
  /** Limit price; of a market order the protective price beyond which it does not trade. */
  readonly priceTicks?: number
  /** Quantity in lots; absent when `quoteBudget` sizes a market buy. */
  readonly quantityLots?: number
  /** Money a market buy may spend, quote. */
  readonly quoteBudget?: Decimal
  /** Client order id as the venue spells it. */
  readonly clientOrderId?: string
  /** Whatever the venue wants to find again on the order. */
  readonly attributes?: Readonly<Record<string, string>>
}

/** One side of one execution. */
export interface VenueFill {
  /** Consecutive over the whole venue. */
  readonly tradeId: number
  /** Consecutive within the symbol. */
  readonly marketTradeId: number
  readonly orderId: string
  readonly accountId: string
  readonly symbol: string
  readonly side: Side
  readonly role: 'maker' | 'taker'
  readonly priceTicks: number
  readonly quantityLots: number
  /** Base. */
  readonly quantity: Decimal
  readonly price: Decimal
  /** Quote. */
  readonly notional: Decimal
  readonly fee: Decimal
  readonly feeAsset: string
  readonly selfTrade: boolean
  /** Contracts of it that closed a position; of perpetuals alone. */
  readonly closedLots?: number
  readonly atMs: number
}

/** A live or ended order. Mutable: only the core writes, venues read at the moment of an event. */
export class VenueOrder {
  status: 'open' | 'filled' | 'cancelled' = 'open'
  endReason: EndReason | undefined
  priceTicks: number | undefined
  /** Total in lots; for orders sized by money what has been bought so far. */
  quantityLots: number
  filledLots = 0
  /** Quote. */
  filledNotional = Decimal.zero
  /** Money of a market buy not yet spent, quote. */
  budgetLeft: Decimal | undefined
  /** Sum of fees by asset. */
  readonly fees = new Map<string, Decimal>()
  readonly fills: VenueFill[] = []
  /** Held for this order now. */
  locked = Decimal.zero
  /** `true` while a fault keeps it away from the book. */
  parked = false
  amendText: string | undefined
  updatedAtMs: number

  constructor(
    readonly id: string,
    readonly input: OrderInput,
    readonly symbol: TradingSymbol,
    readonly createdAtMs: number,
    /** The venue's own account: holds no funds and raises no private events. */
    readonly house: boolean,
  ) {
    this.priceTicks = input.priceTicks
    this.quantityLots = input.quantityLots ?? 0
    this.budgetLeft = input.quoteBudget
    this.updatedAtMs = createdAtMs
  }

  get accountId(): string {
    return this.input.accountId
  }

  get side(): Side {
    return this.input.side
  }

  get clientOrderId(): string | undefined {
    return this.input.clientOrderId
  }

  get isOpen(): boolean {
    return this.status === 'open'
  }

  /** Lots that are still wanted; zero for orders sized by money. */
  get remainingLots(): number {
    return this.budgetLeft === undefined ? this.quantityLots - this.filledLots : 0
  }

  /** Asset that is held while the order works. */
  get lockedAsset(): string {
    return this.side === 'buy' ? this.symbol.quote : this.symbol.base
  }
}
