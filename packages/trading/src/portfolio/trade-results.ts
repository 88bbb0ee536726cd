import { Decimal, type AssetId, type Clock, type CorrelationId } from '@cex-arbitrage/common'
import type { TradeEnd } from '../types/trade-outcome.js'

const msPerDay = 86_400_000
/** Ended trades remembered, so that a late revision replaces instead of adding. */
const remembered = 10_000

/** What of a trade's end counts towards the day's result and the run of failures. */
export interface TradeResult {
  readonly correlationId: CorrelationId
  readonly end: TradeEnd
  readonly realisedProfit: Decimal
  readonly profitAsset: AssetId
  /** An order of the plan was refused. */
  readonly refused: boolean
  readonly endedAtMs: number
}

/** All that results have come to. */
export interface CapturedResults {
  /** Days since 1970 UTC. */
  readonly day: number
  /** On that day, by profit asset. */
  readonly realised: ReadonlyMap<AssetId, Decimal>
  /** Those that a later end may replace. */
  readonly results: readonly TradeResult[]
  readonly failures: number
}

/** Realised profit since midnight UTC, and how many trades in a row ended badly. */
export class TradeResults {
  private results = new Map<CorrelationId, TradeResult>()
  private today = new Map<AssetId, Decimal>()
  private day = 0
  private failures = 0

  constructor(private readonly clock: Clock) {}

  /**
   * Takes an end in; a second one of the same trade replaces the first. Halted, unwound at a loss, or nothing filled
   * because an order was refused counts as a failure; completed, hedged and unwound without loss end the run of them;
   * a quote that was pulled says nothing, nor does nothing filled because the price was gone.
   */
  record(result: TradeResult): void {
    this.turnDay()
    const before = this.results.get(result.correlationId)
    if (before === undefined) this.countFailure(result)
    else if (result.end === 'halted' && before.end !== 'halted') this.failures++
    this.results.delete(result.correlationId)
    this.results.set(result.correlationId, result)
    if (this.results.size > remembered) this.results.delete(this.results.keys().next().value!)
    if (Math.floor(result.endedAtMs / msPerDay) !== this.day) return
    const change = result.realisedProfit.minus(before?.realisedProfit ?? Decimal.zero)
    this.today.set(result.profitAsset, this.realisedToday(result.profitAsset).plus(change))
  }

  capture(): CapturedResults {
    const { day, today, results, failures } = this
    return { day, realised: new Map(today), results: [...results.values()], failures }
  }

  /** Forgets all and takes what was captured. */
  restore({ day, realised, results, failures }: CapturedResults): void {
    this.day = day
    this.today = new Map(realised)
    this.results = new Map(results.map((result) => [result.correlationId, result]))
    this.failures = failures
  }

  realisedToday(profitAsset: AssetId): Decimal {
    this.turnDay()
    return this.today.get(profitAsset) ?? Decimal.zero
  }

  get consecutiveFailures(): number {
    return this.failures
  }

  private countFailure(result: TradeResult): void {
    const loss = result.realisedProfit.sign < 0
    if (result.end === 'halted' || (result.end === 'unwound' && loss) || (result.end === 'aborted' && result.refused))
      this.failures++
    else if (result.end !== 'aborted' && result.end !== 'pulled') this.failures = 0
  }

  private turnDay(): void {
    const day = Math.floor(this.clock.nowMs() / msPerDay)
    if (day === this.day) return
    this.day = day
    this.today.clear()
  }
}
