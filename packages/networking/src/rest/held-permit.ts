import type { Clock } from '@cex-arbitrage/common'
import type { RatePermit, TradePermit } from './rate-permit.js'
import type { WindowShare } from './rate-windows.js'

/** Who wants to know what becomes of held weight. */
export interface PermitListener {
  onSpent(shares: readonly WindowShare[], nowUs: number): void
  /** Weight came back. */
  pump(): void
}

/** A permit over weight that is held for it in its windows. */
export class HeldPermit implements RatePermit {
  state: RatePermit['state'] = 'held'

  constructor(
    private readonly shares: readonly WindowShare[],
    private readonly privileged: boolean,
    private readonly clock: Clock,
    private readonly listener: PermitListener,
  ) {}

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

/** Weight held for several requests alike, of which each takes its own. */
export class HeldBatch {
  private readonly taken: HeldPermit[] = []

  constructor(
    private readonly shares: readonly WindowShare[],
    private readonly privileged: boolean,
    private left: number,
    private readonly clock: Clock,
    private readonly listener: PermitListener,
  ) {}

  take(): HeldPermit | undefined {
    if (this.left === 0) return undefined
    this.left--
    const permit = new HeldPermit(this.shares, this.privileged, this.clock, this.listener)
    this.taken.push(permit)
    return permit
  }

  /** Releases without telling what was not taken and what was not spent. @returns whether anything was held. */
  giveBack(): boolean {
    let isAnyBack = this.left > 0
    if (isAnyBack) {
      const nowUs = this.clock.nowUs()
      for (const { window, weight } of this.shares) window.release(weight * this.left, this.privileged, nowUs)
      this.left = 0
    }
    for (const permit of this.taken) isAnyBack = permit.giveBack() || isAnyBack
    return isAnyBack
  }
}

/** The permits of one trade, given back together. */
export class HeldTradePermit implements TradePermit {
  constructor(
    private readonly batches: readonly HeldBatch[],
    private readonly listener: PermitListener,
  ) {}

  take(index: number): HeldPermit | undefined {
    return this.batches[index]?.take()
  }

  release(): void {
    let isAnyBack = false
    for (const batch of this.batches) isAnyBack = batch.giveBack() || isAnyBack
    if (isAnyBack) this.listener.pump()
  }
}
