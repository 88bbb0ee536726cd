import { Decimal, msPerHour, type AssetId, type Clock, type Timer } from '@cex-arbitrage/common'
import type { AssetValues } from '../market-data/asset-values.js'
import type { AccountView } from '../types/account-view.js'
import type { HaltCause } from '../types/halt.js'
import type { ClockOffsets } from './clock-offsets.js'
import type { FeedWatch } from './feed-watch.js'
import type { KillSwitch } from './kill-switch.js'
import type { MarginWatch } from './margin-watch.js'
import type { RiskLimits } from './risk-limits.js'

/** How often the rules are looked at; a halt has to stand within 100 ms of its cause. */
const pollMs = 50

export interface HaltRulesDependencies {
  readonly halt: KillSwitch
  readonly account: AccountView
  readonly values: AssetValues
  readonly clock: Clock
  readonly feeds: FeedWatch
  readonly offsets: ClockOffsets
  readonly margins: MarginWatch
  readonly limits: RiskLimits
  /** Assets in which profit is made. */
  readonly profitAssets: readonly AssetId[]
}

/**
 * Pulls the kill switch by rule (invariant S10): daily loss, failed trades in a row, clock offset, stale feeds, lack of
 * margin. Losses and failures stay in force until an operator resumes, which accepts what was lost or failed until then and
 * counts from there; clocks, feeds and margins heal by themselves.
 */
export class HaltRules {
  private timer: Timer | undefined
  private started = false
  /** Accepted by an operator: realised of which day, and failures. */
  private acceptedDay = Number.NaN
  private acceptedRealised = Decimal.zero
  private acceptedFailures = 0

  constructor(private readonly deps: HaltRulesDependencies) {
    deps.halt.onResume((rule) => this.accept(rule))
  }

  start(): void {
    if (this.started) return
    this.started = true
    this.poll()
  }

  close(): void {
    this.started = false
    this.timer?.cancel()
    this.timer = undefined
  }

  /** Looks at every rule now; also to be called when a trade has ended. */
  check(): void {
    const { halt } = this.deps
    const loss = this.dailyLossCause()
    if (loss !== undefined) halt.halt(loss)
    const failures = this.failuresCause()
    if (failures !== undefined) halt.halt(failures)
    this.heal('clock_offset', this.clockCause())
    this.heal('stale_feed', this.feedCause())
    this.heal('margin', this.deps.margins.cause())
  }

  /** Realised since midnight UTC, in the reporting asset; profits in assets without a known value count nothing. */
  realisedToday(): Decimal {
    const { account, values, profitAssets } = this.deps
    return profitAssets.reduce(
      (sum, asset) => sum.plus(account.realisedToday(asset).times(values.valueOf(asset) ?? Decimal.zero)),
      Decimal.zero,
    )
  }

  private accept(rule: HaltCause['rule']): void {
    if (rule === 'daily_loss') {
      this.acceptedDay = this.today()
      this.acceptedRealised = this.realisedToday()
    }
    if (rule === 'consecutive_failures') this.acceptedFailures = this.deps.account.consecutiveFailures()
  }

  private today(): number {
    return Math.floor(this.deps.clock.nowMs() / (24 * msPerHour))
  }

  private poll(): void {
    this.check()
    this.timer = this.deps.clock.setTimer(() => this.poll(), pollMs)
  }

  private heal(rule: 'clock_offset' | 'stale_feed' | 'margin', cause: HaltCause | undefined): void {
    if (cause !== undefined) this.deps.halt.halt(cause)
    else if (this.deps.halt.causes.some((known) => known.rule === rule)) this.deps.halt.resume(rule)
  }

  private dailyLossCause(): HaltCause | undefined {
    const { limits, values } = this.deps
    const realised = this.realisedToday()
    const accepted = this.acceptedDay === this.today() ? this.acceptedRealised : Decimal.zero
    if (!accepted.minus(realised).greaterThan(limits.maxDailyLoss)) return undefined
    const detail = `${realised.toString()} ${values.reportingAsset} realised today; the limit is a loss of ${limits.maxDailyLoss.toString()}. Find out why before resuming.`
    return { rule: 'daily_loss', detail }
  }

  private failuresCause(): HaltCause | undefined {
    const failures = this.deps.account.consecutiveFailures()
    if (failures < this.acceptedFailures) this.acceptedFailures = 0
    if (failures - this.acceptedFailures < this.deps.limits.maxConsecutiveFailures) return undefined
    const detail = `${failures} trades in a row failed. Find out why before resuming.`
    return { rule: 'consecutive_failures', detail }
  }

  private clockCause(): HaltCause | undefined {
    const { feeds, offsets, limits } = this.deps
    const far = feeds.exchanges.filter((id) => offsets.certainOffsetMs(id) > limits.maxClockOffsetMs)
    const names = far.map((id) => `${id} by ${Math.round(offsets.certainOffsetMs(id))} ms`)
    // One exchange apart is that exchange's affair; where most are, the clock of this machine is wrong.
    if (far.length === 0 || feeds.exchanges.length - far.length >= 2) return undefined
    return { rule: 'clock_offset', detail: `Clocks differ: ${names.join(', ')}. Set this machine's clock.` }
  }

  private feedCause(): HaltCause | undefined {
    const { feeds, limits } = this.deps
    const silent = feeds.exchanges.filter((id) => feeds.hasFallenSilent(id))
    if (silent.length === 0 || feeds.exchanges.length - silent.length >= 2) return undefined
    const detail = `No market data for ${limits.maxFeedSilenceMs} ms from ${silent.join(', ')}; fewer than two exchanges are left to compare.`
    return { rule: 'stale_feed', detail }
  }
}
