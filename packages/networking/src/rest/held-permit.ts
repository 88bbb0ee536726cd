import type { Clock } from '@cex-arbitrage/common'
import type { RatePermit, TradePermit } from './rate-permit.js'
import type { WindowShare } from './rate-windows.js'

/** Who wants to know what becomes of held weight. */
export interface PermitListener {
  onSpent(shares: readonly WindowShare[], nowUs: number): void
  /** Weight came back. */
  pump(): void
}

/** A permit over the windows that it holds weight of. */
export class HeldPermit implements RatePermit {
  state: RatePermit['state'] = 'held'

  constructor(
    private readonly shares: readonly WindowShare[],
    private readonly privileged: boolean,
    private readonly clock: Clock,
    private readonly listener: PermitListener,
  ) {
    const nowUs = clock.nowUs()
    for (const { window, weight } of shares) window.hold(weight, privileged, nowUs)
  }

  spend(): void {
    if (this.state !== 'held') return
    this.state = 'spent'
    const nowUs = this.clock.nowUs()
    for (const { window, weight } of this.shares) window.spend(weight, this.privileged, nowUs)
    this.listener.onSpent(this.shares, nowUs)
  }

  release(): void {
    if (this.giveBack()) this.listener.pump()
  }

  /** Releases without telling, so that many can be given back at once. @returns whether it was held. */
  giveBack(): boolean {
    if (this.state !== 'held') return false
    this.state = 'released'
    const nowUs = this.clock.nowUs()
    for (const { window, weight } of this.shares) window.release(weight, this.privileged, nowUs)
    return true
  }
}

/** The permits of one trade, given back together. */
export class HeldTradePermit implements TradePermit {
  constructor(
    readonly permits: readonly HeldPermit[],
    private readonly listener: PermitListener,
  ) {}

  release(): void {
    let isAnyBack = false
    for (const permit of this.permits) isAnyBack = permit.giveBack() || isAnyBack
    if (isAnyBack) this.listener.pump()
  }
}
