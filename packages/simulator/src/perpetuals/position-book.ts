import type { Decimal } from '@cex-arbitrage/common'

import type { ExchangeCore } from '../matching/exchange-core.js'
import type { TradingSymbol } from '../matching/trading-symbol.js'
import { Position } from './position.js'

/** The positions of all accounts, the house's included: per perpetual they sum to zero. */
export class PositionBook {
  private readonly positions = new Map<string, Position>()

  constructor(private readonly firstLeverage: Decimal) {}

  /** What an account holds of a perpetual; made when first asked for. */
  get(accountId: string, symbol: TradingSymbol): Position {
    const key = `${accountId} ${symbol.name}`
    let position = this.positions.get(key)
    if (position === undefined) {
      position = new Position(accountId, symbol, this.firstLeverage)
      this.positions.set(key, position)
    }
    return position
  }

  find(accountId: string, symbol: string): Position | undefined {
    return this.positions.get(`${accountId} ${symbol}`)
  }

  of(accountId: string): Position[] {
    return this.all.filter((position) => position.accountId === accountId)
  }

  get all(): readonly Position[] {
    return [...this.positions.values()]
  }

  /** Contracts of a perpetual held long, which is as many as are held short. */
  openInterest(symbol: string): number {
    return this.all.reduce((sum, { lots, symbol: { name } }) => (name === symbol && lots > 0 ? sum + lots : sum), 0)
  }
}

/** Contracts by which the open orders of one side exceed what would close a position, with their prices. */
export function openingOrders(
  core: ExchangeCore,
  position: Position,
  side: 'buy' | 'sell',
  except?: string,
): {
  readonly cover: number
  readonly opening: readonly { readonly priceTicks: number | undefined; readonly lots: number }[]
} {
  let cover = Math.max(0, side === 'buy' ? -position.lots : position.lots)
  const opening: { priceTicks: number | undefined; lots: number }[] = []
  for (const order of core.openOrders(position.accountId, position.symbol.name)) {
    if (order.side !== side || order.id === except || order.input.reduceOnly === true) continue
    const lots = Math.max(0, order.remainingLots - cover)
    cover = Math.max(0, cover - order.remainingLots)
    if (lots > 0) opening.push({ priceTicks: order.priceTicks, lots })
  }
  return { cover, opening }
}
