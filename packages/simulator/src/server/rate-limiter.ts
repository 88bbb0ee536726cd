import type { Clock } from '@cex-arbitrage/common'

export interface RateRule {
  /** Weight allowed per window. */
  readonly limit: number
  readonly windowMs: number
}

export interface RateVerdict {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Unix milliseconds at which the window ends. */
  readonly resetAtMs: number
}

interface Window {
  startMs: number
  used: number
  rule: RateRule
  refused: number
}

/** Fixed windows per bucket; a bucket begins with its first request. */
export class RateLimiter {
  private readonly windows = new Map<string, Window>()

  constructor(private readonly clock: Clock) {}

  /** Spends `weight` from `bucket`, or refuses and spends nothing. */
  take(bucket: string, rule: RateRule, weight = 1): RateVerdict {
    const nowMs = this.clock.nowMs()
    let window = this.windows.get(bucket)
    if (window === undefined || nowMs >= window.startMs + window.rule.windowMs || nowMs < window.startMs) {
      window = { startMs: nowMs, used: 0, rule, refused: window?.refused ?? 0 }
      this.windows.set(bucket, window)
    }
    const allowed = window.used + weight <= rule.limit
    if (allowed) window.used += weight
    else window.refused++
    const remaining = Math.max(0, rule.limit - window.used)
    return { allowed, limit: rule.limit, remaining, resetAtMs: window.startMs + rule.windowMs }
  }

  /** Every bucket with what is used of it in the current window. */
  get state(): Readonly<Record<string, { readonly used: number; readonly limit: number; readonly refused: number }>> {
    const nowMs = this.clock.nowMs()
    const entries = [...this.windows].map(([bucket, { startMs, used, rule, refused }]) => {
      const current = nowMs < startMs + rule.windowMs
      return [bucket, { used: current ? used : 0, limit: rule.limit, refused }] as const
    })
    return Object.fromEntries(entries)
  }
}
