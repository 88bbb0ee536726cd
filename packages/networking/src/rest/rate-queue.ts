import type { CexArbitrageException, Clock, Timer } from '@cex-arbitrage/common'
import { usPerMs } from '@cex-arbitrage/common'
import type { RatePermit } from './rate-permit.js'
import type { RateWindow } from './rate-window.js'
import type { WindowShare } from './rate-windows.js'
import { priorityRankCount } from './request-priority.js'

/** One request that waits for its weight. */
export interface Waiter {
  readonly rank: number
  readonly privileged: boolean
  readonly shares: readonly WindowShare[]
  readonly deadlineUs: number
  grant(): RatePermit
  settle(outcome: RatePermit | CexArbitrageException): void
  createTimeout(): CexArbitrageException
}

/**
 * Waiters by priority, first come first served within a priority. Who cannot go yet keeps a claim on the weight it
 * needs, so that neither smaller nor later requests starve it, while requests on other windows pass.
 */
export class RateQueue {
  private readonly byRank: readonly Set<Waiter>[] = Array.from({ length: priorityRankCount }, () => new Set<Waiter>())
  private timer: Timer | undefined
  private wakeAtUs = Infinity
  size = 0

  constructor(private readonly clock: Clock) {}

  /** Weight of `window` claimed by whoever goes before a newcomer of `rank`. */
  getClaimed(window: RateWindow, rank: number): number {
    if (this.size === 0) return 0
    let claimed = 0
    for (let i = 0; i <= rank; i++) claimed += window.claims[i]!
    return claimed
  }

  add(waiter: Waiter): void {
    const nowUs = this.clock.nowUs()
    let wakeAtUs = waiter.deadlineUs
    for (const { window, weight } of waiter.shares) {
      const claimed = this.getClaimed(window, waiter.rank)
      if (!window.fits(weight, waiter.privileged, claimed, nowUs))
        wakeAtUs = Math.min(wakeAtUs, window.getFreeAtUs(weight + claimed, waiter.privileged, nowUs))
    }
    this.byRank[waiter.rank]!.add(waiter)
    this.size++
    for (const { window, weight } of waiter.shares) window.claims[waiter.rank]! += weight
    this.wakeAt(wakeAtUs)
  }

  /** Held weight became spent weight, so it is known now when it will be free. */
  onSpent(shares: readonly WindowShare[], nowUs: number): void {
    if (this.size > 0) for (const { window } of shares) this.wakeAt(window.getExpiryUs(nowUs))
  }

  /** @returns whether it was still waiting. */
  remove(waiter: Waiter): boolean {
    if (!this.byRank[waiter.rank]!.delete(waiter)) return false
    this.size--
    for (const { window, weight } of waiter.shares) window.claims[waiter.rank]! -= weight
    return true
  }

  /** Lets go whoever can, and turns away whoever has waited too long. */
  pump(): void {
    if (this.size === 0) return
    const nowUs = this.clock.nowUs()
    const pass = new QueuePass(nowUs)
    let wakeAtUs = Infinity
    for (const waiters of this.byRank)
      for (const waiter of waiters) {
        const readyAtUs = pass.check(waiter)
        if (readyAtUs !== undefined && nowUs < waiter.deadlineUs) {
          pass.claim(waiter)
          wakeAtUs = Math.min(wakeAtUs, waiter.deadlineUs, readyAtUs)
          continue
        }
        this.remove(waiter)
        waiter.settle(readyAtUs === undefined ? waiter.grant() : waiter.createTimeout())
      }
    this.stopTimer()
    this.wakeAt(wakeAtUs)
  }

  /** Turns everybody away. */
  clear(createError: () => CexArbitrageException): void {
    this.stopTimer()
    for (const waiters of this.byRank)
      for (const waiter of waiters) {
        this.remove(waiter)
        waiter.settle(createError())
      }
  }

  private stopTimer(): void {
    this.timer?.cancel()
    this.timer = undefined
    this.wakeAtUs = Infinity
  }

  private wakeAt(atUs: number): void {
    if (atUs >= this.wakeAtUs) return
    this.stopTimer()
    this.wakeAtUs = atUs
    const delayMs = Math.max(1, Math.ceil((atUs - this.clock.nowUs()) / usPerMs))
    this.timer = this.clock.setTimer(() => {
      this.stopTimer()
      this.pump()
    }, delayMs)
  }
}

/** One walk through the queue: what those before have claimed, and which windows hold somebody up. */
class QueuePass {
  private readonly claimed = new Map<RateWindow, number>()
  private readonly exhausted = new Set<RateWindow>()

  constructor(private readonly nowUs: number) {}

  /** @returns `undefined` when it may go, else when the windows that it is the first to be held up by may let it go. */
  check(waiter: Waiter): number | undefined {
    let readyAtUs: number | undefined
    for (const { window, weight } of waiter.shares) {
      const claimed = this.claimed.get(window) ?? 0
      if (window.fits(weight, waiter.privileged, claimed, this.nowUs)) continue
      readyAtUs ??= Infinity
      if (this.exhausted.has(window)) continue
      this.exhausted.add(window)
      readyAtUs = Math.min(readyAtUs, window.getFreeAtUs(weight + claimed, waiter.privileged, this.nowUs))
    }
    return readyAtUs
  }

  claim(waiter: Waiter): void {
    for (const { window, weight } of waiter.shares) this.claimed.set(window, (this.claimed.get(window) ?? 0) + weight)
  }
}
