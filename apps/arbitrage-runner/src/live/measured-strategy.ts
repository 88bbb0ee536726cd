import type { Clock } from '@cex-arbitrage/common'
import type { MarketBoard, Strategy, TradeOutcome, TradePlan, Verdict } from '@cex-arbitrage/trading'
import type { LatencyHistogram } from './latency-histogram.js'

/** The strategy itself, but when it proposes, the time since the frame that made it possible is measured. */
export class MeasuredStrategy implements Strategy {
  readonly name: string
  readonly slots: readonly number[]
  readonly quotes: boolean

  constructor(
    private readonly strategy: Strategy,
    private readonly board: MarketBoard,
    private readonly histogram: LatencyHistogram,
    private readonly clock: Clock,
  ) {
    this.name = strategy.name
    this.slots = strategy.slots
    this.quotes = strategy.quotes === true
  }

  evaluate(slot: number): Verdict {
    const verdict = this.strategy.evaluate(slot)
    if (typeof verdict !== 'string') {
      const book = this.board.bookAt(slot)
      if (book !== undefined) this.histogram.observe(this.clock.nowUs() - book.receivedAtUs)
    }
    return verdict
  }

  onStarted(plan: TradePlan): void {
    this.strategy.onStarted?.(plan)
  }

  onEnded(plan: TradePlan): void {
    this.strategy.onEnded?.(plan)
  }

  onOutcome(outcome: TradeOutcome): void {
    this.strategy.onOutcome?.(outcome)
  }
}
