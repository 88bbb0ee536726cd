import { usPerMs } from '@cex-arbitrage/common'
import type { RateUsage, RateWindowSpec } from './rate-window-spec.js'

interface Spending {
  readonly atUs: number
  readonly weight: number
  readonly shared: boolean
}

/**
 * One window with its log of spendings. Weight is first held, then spent or released. Privileged weight counts against
 * the capacity; shared weight, besides, against the capacity without the reserve, so that the reserve is never touched.
 */
export class RateWindow {
  private readonly log: Spending[] = []
  private head = 0
  private spent = 0
  private spentShared = 0
  private held = 0
  private heldShared = 0
  private tokens: number
  private tokensAtUs = 0
  private pausedUntilUs = 0
  private readonly intervalUs: number
  private readonly sharedCapacity: number
  private readonly burst: number
  private readonly tokensPerUs: number
  /** Weight that waiting requests of each priority rank have a claim on. */
  readonly claims: number[]

  constructor(
    readonly spec: RateWindowSpec,
    ranks: number,
  ) {
    this.intervalUs = (spec.intervalMs + (spec.marginMs ?? 0)) * usPerMs
    this.sharedCapacity = spec.capacity - (spec.reserve ?? 0)
    this.burst = spec.kind === 'token' ? (spec.burst ?? Math.max(1, Math.floor(spec.capacity / 4))) : Infinity
    this.tokens = this.burst
    this.tokensPerUs = spec.capacity / this.intervalUs
    this.claims = Array.from({ length: ranks }, () => 0)
  }

  /** Weight above which a request could never pass. */
  getLargestWeight(privileged: boolean): number {
    return privileged ? this.spec.capacity : this.sharedCapacity
  }

  /** Whether `weight` could be held now so many times in a row, with `claimed` weight kept for others. */
  fits(weight: number, privileged: boolean, claimed: number, nowUs: number, count = 1): boolean {
    if (nowUs < this.pausedUntilUs) return false
    this.expire(nowUs)
    const before = weight * (count - 1)
    const wanted = before + weight + claimed
    if (this.spent + this.held + wanted > this.spec.capacity) return false
    if (!privileged && this.spentShared + this.heldShared + wanted > this.sharedCapacity) return false
    return this.getTokens(nowUs) - before >= Math.min(weight + claimed, this.burst)
  }

  hold(weight: number, privileged: boolean, nowUs: number): void {
    this.held += weight
    if (!privileged) this.heldShared += weight
    this.takeTokens(weight, nowUs)
  }

  release(weight: number, privileged: boolean, nowUs: number): void {
    this.held -= weight
    if (!privileged) this.heldShared -= weight
    this.takeTokens(-weight, nowUs)
  }

  /** Turns held weight into spent weight. */
  spend(weight: number, privileged: boolean, nowUs: number): void {
    this.held -= weight
    if (!privileged) this.heldShared -= weight
    this.record(weight, !privileged, nowUs)
  }

  /** When weight that is spent now is free again. */
  getExpiryUs(nowUs: number): number {
    return nowUs + this.intervalUs
  }

  /** Lowers what is left to what the venue says is left. */
  lowerTo(remaining: number, nowUs: number): void {
    this.expire(nowUs)
    const excess = this.spec.capacity - this.spent - this.held - remaining
    if (excess > 0) this.record(excess, true, nowUs)
  }

  pauseUntil(untilUs: number): void {
    this.pausedUntilUs = Math.max(this.pausedUntilUs, untilUs)
  }

  /**
   * When `weight` fits if nobody else spends; `Infinity` when that hangs on what becomes of held weight.
   *
   * @param ignoreHeld - Gives the earliest time that is possible at all.
   */
  getFreeAtUs(weight: number, privileged: boolean, nowUs: number, ignoreHeld = false): number {
    this.expire(nowUs)
    const held = ignoreHeld ? 0 : this.held
    const heldShared = ignoreHeld ? 0 : this.heldShared
    let excess = this.spent + held + weight - this.spec.capacity
    let sharedExcess = privileged ? 0 : this.spentShared + heldShared + weight - this.sharedCapacity
    let atUs = Math.max(nowUs, this.pausedUntilUs)
    for (let i = this.head; i < this.log.length && (excess > 0 || sharedExcess > 0); i++) {
      const { weight: freed, shared, atUs: spentAtUs } = this.log[i]!
      excess -= freed
      if (shared) sharedExcess -= freed
      atUs = Math.max(atUs, spentAtUs + this.intervalUs)
    }
    if (excess > 0 || sharedExcess > 0) return Infinity
    const missing = Math.min(weight, this.burst) - this.getTokens(nowUs)
    return missing > 0 && !ignoreHeld ? Math.max(atUs, nowUs + missing / this.tokensPerUs) : atUs
  }

  getUsage(nowUs: number): RateUsage {
    this.expire(nowUs)
    const availablePrivileged = Math.max(0, this.spec.capacity - this.spent - this.held)
    const shared = Math.max(0, this.sharedCapacity - this.spentShared - this.heldShared)
    return {
      capacity: this.spec.capacity,
      spent: this.spent,
      held: this.held,
      available: Math.min(availablePrivileged, shared),
      availablePrivileged,
      pausedForMs: Math.max(0, (this.pausedUntilUs - nowUs) / usPerMs),
    }
  }

  /** Nothing held, spent, claimed or paused: as good as new. */
  isIdle(nowUs: number): boolean {
    this.expire(nowUs)
    return (
      this.held === 0 && this.spent === 0 && nowUs >= this.pausedUntilUs && this.claims.every((claim) => claim === 0)
    )
  }

  private record(weight: number, shared: boolean, nowUs: number): void {
    this.log.push({ atUs: nowUs, weight, shared })
    this.spent += weight
    if (shared) this.spentShared += weight
  }

  private expire(nowUs: number): void {
    while (this.head < this.log.length && nowUs - this.log[this.head]!.atUs >= this.intervalUs) {
      const { weight, shared } = this.log[this.head++]!
      this.spent -= weight
      if (shared) this.spentShared -= weight
    }
    if (this.head > 64 && this.head * 2 > this.log.length) {
      this.log.splice(0, this.head)
      this.head = 0
    }
  }

  private getTokens(nowUs: number): number {
    return Math.min(this.burst, this.tokens + (nowUs - this.tokensAtUs) * this.tokensPerUs)
  }

  private takeTokens(weight: number, nowUs: number): void {
    this.tokens = Math.min(this.burst, this.getTokens(nowUs) - weight)
    this.tokensAtUs = nowUs
  }
}
