import type { Balance, Clock, Timer } from '@cex-arbitrage/common'
import { walletIntervalMs, walletRetryMs } from './constants.js'

/**
 * Asks for the wallet after something has changed it: no push says what is free. Changes while a question is under way
 * lead to one more, a pause later.
 */
export class WalletWatch {
  private isBusy = false
  private isStale = false
  private timer: Timer | undefined
  /** Grows with each stop; an answer to a question from before tells nothing. */
  private stops = 0

  constructor(
    private readonly clock: Clock,
    private readonly fetch: () => Promise<Balance>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** The wallet may have changed; `tell` hears of it. */
  onChange(tell: (balance: Balance) => void): void {
    this.isStale = true
    if (!this.isBusy) void this.ask(tell)
  }

  /** Asks and tells nothing any more, until the next change. */
  stop(): void {
    this.stops++
    this.isBusy = false
    this.isStale = false
    this.timer?.cancel()
  }

  private async ask(tell: (balance: Balance) => void): Promise<void> {
    const { stops } = this
    this.isBusy = true
    this.isStale = false
    let pauseMs = walletIntervalMs
    try {
      const balance = await this.fetch()
      if (stops === this.stops) tell(balance)
    } catch (error) {
      this.isStale = true
      pauseMs = walletRetryMs
      if (stops === this.stops) this.onFailure(error)
    }
    if (stops !== this.stops) return
    this.timer = this.clock.setTimer(() => {
      this.isBusy = false
      if (this.isStale) void this.ask(tell)
    }, pauseMs)
  }
}
