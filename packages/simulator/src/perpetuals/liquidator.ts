import type { AccountBook } from '../accounts/account-book.js'
import type { ExchangeCore } from '../matching/exchange-core.js'
import type { Margin } from './margin.js'
import type { Position } from './position.js'
import type { PositionBook } from './position-book.js'
import type { Wallets } from './wallets.js'

export interface LiquidatorParts {
  readonly core: ExchangeCore
  readonly accounts: AccountBook
  readonly positions: PositionBook
  readonly margin: Margin
  readonly wallets: Wallets
}

/** Closes positions whose margin no longer holds: their orders first, then the position, at what the book gives. */
export class Liquidator {
  constructor(private readonly parts: LiquidatorParts) {}

  /** Looks at every position; called whenever mark prices may have moved. */
  check(): void {
    const { accounts, margin, positions } = this.parts
    for (const position of positions.all) {
      const account = accounts.get(position.accountId)
      if (!account.house && margin.isBroken(position, account)) this.liquidate(position)
    }
  }

  private liquidate(position: Position): void {
    const { accounts, core, wallets } = this.parts
    const { accountId, symbol } = position
    for (const order of core.openOrders(accountId, symbol.name)) core.cancel(order, 'liquidated')
    core.place({
      accountId,
      symbol: symbol.name,
      side: position.lots > 0 ? 'sell' : 'buy',
      kind: 'market',
      timeInForce: 'ioc',
      reduceOnly: true,
      quantityLots: Math.abs(position.lots),
      clientOrderId: 'liquidation',
      attributes: { liquidation: 'true' },
    })
    const account = accounts.get(accountId)
    const balance = wallets.balance(account, symbol.quote)
    if (balance.sign < 0) wallets.post(account, symbol.quote, 'insurance', balance.negated(), { symbol: symbol.name })
  }
}
