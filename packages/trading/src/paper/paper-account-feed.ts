import type { Balance, Fill, Instrument, OrderUpdate } from '@cex-arbitrage/common'
import type { AccountFeed, AccountListener } from '@cex-arbitrage/exchanges'

/** Tells the one listener what happens on a paper account. */
export class PaperAccountFeed implements AccountFeed {
  private listener: AccountListener | undefined

  get connected(): boolean {
    return this.listener !== undefined
  }

  open(_instruments: readonly Instrument[], listener: AccountListener): Promise<void> {
    this.listener = listener
    listener.onConnected()
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.listener = undefined
    return Promise.resolve()
  }

  order(update: OrderUpdate): void {
    this.listener?.onOrder(update)
  }

  fill(fill: Fill): void {
    this.listener?.onFill(fill)
  }

  balance(balance: Balance, exchangeTimeMs: number): void {
    this.listener?.onBalance(balance, exchangeTimeMs)
  }
}
