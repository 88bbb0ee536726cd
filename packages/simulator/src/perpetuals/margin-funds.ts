import type { Clock, Decimal } from '@cex-arbitrage/common'

import type { Account } from '../accounts/account-book.js'
import {
  feeRateOf,
  type OrderFunds,
  type SettledShare,
  type SettledSide,
  type SettledTrade,
} from '../accounts/order-funds.js'
import type { ExchangeCore } from '../matching/exchange-core.js'
import type { PublicTrade } from '../matching/exchange-listener.js'
import type { VenueOrder } from '../matching/venue-order.js'
import { Margin } from './margin.js'
import type { Position } from './position.js'
import type { PositionBook } from './position-book.js'
import type { PriceSource } from './price-source.js'
import { Wallets } from './wallets.js'

export interface MarginFundsParts {
  readonly core: ExchangeCore
  readonly clock: Clock
  readonly positions: PositionBook
  readonly prices: PriceSource
  readonly onPosition: (position: Position) => void
}

/** The money behind orders of perpetuals: a wallet that fills touch by their fee and their realised profit alone. */
export class MarginFunds implements OrderFunds {
  readonly wallets: Wallets
  readonly margin: Margin

  constructor(private readonly parts: MarginFundsParts) {
    this.wallets = new Wallets(parts.core.accounts, parts.clock)
    this.margin = new Margin(parts.core, parts.positions, this.wallets, parts.prices)
  }

  canReserve(order: VenueOrder, account: Account): boolean {
    return account.house || this.isCovered(account, order, this.margin.needed(order, account))
  }

  reserve(order: VenueOrder, account: Account): boolean {
    if (!account.house) this.parts.positions.get(account.id, order.symbol)
    return this.canReserve(order, account)
  }

  adjust(order: VenueOrder, account: Account, priceTicks: number, remainingLots: number): boolean {
    if (account.house) return true
    return this.isCovered(account, order, this.margin.needed(order, account, priceTicks, remainingLots))
  }

  /** Margin is worked out from the orders that are open; one that has ended counts no more. */
  release(): void {}

  settle(buy: SettledSide, sell: SettledSide, trade: PublicTrade): SettledTrade {
    return { buy: this.settleSide(buy, trade), sell: this.settleSide(sell, trade) }
  }

  /** Orders that only reduce trade no more than there is of the position. */
  limitLots({ accountId, input, side, symbol }: VenueOrder): number {
    if (input.reduceOnly !== true) return Infinity
    const { lots } = this.parts.positions.get(accountId, symbol)
    return Math.max(0, side === 'buy' ? -lots : lots)
  }

  private settleSide(side: SettledSide, trade: PublicTrade): SettledShare {
    const { positions } = this.parts
    const { account, order } = side
    const { quote } = order.symbol
    const reference = { symbol: order.symbol.name, tradeId: trade.tradeId, orderId: order.id }
    const position = positions.get(account.id, order.symbol)
    const { closedLots, realised } = position.apply(order.side, trade.priceTicks, trade.lots, trade.atMs)
    const fee = order.symbol.notional(trade.priceTicks, trade.lots).times(feeRateOf(side))
    position.realised.fee = position.realised.fee.minus(fee)
    this.wallets.post(account, quote, 'pnl', realised, reference)
    this.wallets.post(account, quote, 'fee', fee.negated(), reference)
    if (!account.house) this.parts.onPosition(position)
    return { fee: { asset: quote, amount: fee }, closedLots }
  }

  private isCovered(account: Account, order: VenueOrder, needed: Decimal): boolean {
    if (needed.isZero) return true
    return !this.margin.state(account, order.symbol.quote, order.id).available.lessThan(needed)
  }
}
