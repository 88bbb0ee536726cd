import { Decimal } from '@cex-arbitrage/common'

import { type Account } from '../accounts/account-book.js'
import type { ExchangeCore } from '../matching/exchange-core.js'
import type { VenueOrder } from '../matching/venue-order.js'
import type { Position } from './position.js'
import { openingOrders, type PositionBook } from './position-book.js'
import type { PriceSource } from './price-source.js'
import type { PerpetualSpec } from './perpetual-spec.js'
import type { Wallets } from './wallets.js'

const marginDecimals = 12
const sides = ['buy', 'sell'] as const

/** What is set aside of one wallet, and what is left. Quote. */
export interface MarginState {
  readonly total: Decimal
  /** Of isolated and cross positions together. */
  readonly positionMargin: Decimal
  readonly orderMargin: Decimal
  readonly unrealised: Decimal
  /** What new orders may use. */
  readonly available: Decimal
}

/** Margin rules, worked out from wallets, positions and open orders whenever they are asked for, so that nothing can get out of step. */
export class Margin {
  constructor(
    private readonly core: ExchangeCore,
    private readonly positions: PositionBook,
    private readonly wallets: Wallets,
    private readonly prices: PriceSource,
  ) {}

  /** @param except - Id of an open order that is left out. */
  state(account: Account, asset: string, except?: string): MarginState {
    const total = this.wallets.balance(account, asset)
    let positionMargin = Decimal.zero
    let orderMargin = Decimal.zero
    let unrealised = Decimal.zero
    let crossUnrealised = Decimal.zero
    for (const position of this.positions.of(account.id)) {
      if (position.symbol.quote !== asset) continue
      const mark = this.prices.markPrice(position.symbol)
      positionMargin = positionMargin.plus(position.initialMargin(mark))
      orderMargin = orderMargin.plus(this.orderMargin(position, account, except))
      unrealised = unrealised.plus(position.unrealised(mark))
      if (position.isCross) crossUnrealised = crossUnrealised.plus(position.unrealised(mark))
    }
    const available = total.minus(positionMargin).minus(orderMargin).plus(Decimal.min(crossUnrealised, Decimal.zero))
    return { total, positionMargin, orderMargin, unrealised, available }
  }

  /** What an order that is not counted yet would set aside: nothing for the part that closes a position. */
  needed(order: VenueOrder, account: Account, priceTicks = order.priceTicks, lots = order.remainingLots): Decimal {
    if (order.input.reduceOnly === true) return Decimal.zero
    const position = this.positions.get(account.id, order.symbol)
    const { cover } = openingOrders(this.core, position, order.side, order.id)
    return this.ofOrder(position, account, priceTicks, Math.max(0, lots - cover))
  }

  /** Whether the margin of a position, or of all that share the wallet, no longer covers what must stay. */
  isBroken(position: Position, account: Account): boolean {
    if (position.lots === 0) return false
    const { equity, maintenance } = position.isCross ? this.shared(account, position) : this.isolated(position)
    return !equity.greaterThan(maintenance)
  }

  /** Mark price at which a position is liquidated; `undefined` while flat or when no price does it. */
  liquidationPrice(position: Position, account: Account): Decimal | undefined {
    if (position.lots === 0) return undefined
    const mark = this.prices.markPrice(position.symbol)
    const { equity, maintenance } = position.isCross ? this.shared(account, position) : this.isolated(position)
    const rate = maintenanceRate(position)
    const room = equity.minus(maintenance)
    const side = position.lots > 0 ? Decimal.one.minus(rate) : Decimal.one.plus(rate)
    const distance = room.dividedBy(position.base.abs().times(side), marginDecimals, 'down')
    const price = position.lots > 0 ? mark.minus(distance) : mark.plus(distance)
    return price.sign > 0 ? price : undefined
  }

  maintenance(position: Position): Decimal {
    return position.value(this.prices.markPrice(position.symbol)).times(maintenanceRate(position))
  }

  private orderMargin(position: Position, account: Account, except: string | undefined): Decimal {
    let margin = Decimal.zero
    for (const side of sides)
      for (const { lots, priceTicks } of openingOrders(this.core, position, side, except).opening)
        margin = margin.plus(this.ofOrder(position, account, priceTicks, lots))
    return margin
  }

  /** Initial margin and the dearer fee of contracts that are bought or sold to open. */
  private ofOrder(position: Position, account: Account, priceTicks: number | undefined, lots: number): Decimal {
    const { symbol } = position
    const mark = this.prices.markPrice(symbol)
    const price = priceTicks === undefined ? mark : symbol.price(priceTicks)
    const value = symbol.quantity(lots).times(symbol.contractSize).times(price)
    const fee = Decimal.max(Decimal.zero, account.fees?.taker ?? symbol.takerFee)
    return value.dividedBy(position.effectiveLeverage, marginDecimals, 'up').plus(value.times(fee))
  }

  private isolated(position: Position): Solvency {
    const mark = this.prices.markPrice(position.symbol)
    const equity = position.initialMargin(mark).plus(position.unrealised(mark))
    return { equity, maintenance: this.maintenance(position) }
  }

  private shared(account: Account, { symbol }: Position): Solvency {
    let equity = this.wallets.balance(account, symbol.quote)
    let maintenance = Decimal.zero
    for (const position of this.positions.of(account.id)) {
      if (position.symbol.quote !== symbol.quote) continue
      const mark = this.prices.markPrice(position.symbol)
      if (position.isCross) {
        equity = equity.plus(position.unrealised(mark))
        maintenance = maintenance.plus(this.maintenance(position))
      } else equity = equity.minus(position.initialMargin(mark))
    }
    return { equity, maintenance }
  }
}

interface Solvency {
  readonly equity: Decimal
  readonly maintenance: Decimal
}

const maintenanceRate = ({ symbol }: Position): Decimal => Decimal.parse((symbol.spec as PerpetualSpec).maintenanceRate)
