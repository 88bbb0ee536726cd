import type { Clock } from '@cex-arbitrage/common'
import type { MarketBoard, Strategy, TradeOutcome, Verdict } from '@cex-arbitrage/trading'
import type { LatencyHistogram } from './latency-histogram.js'

/** The strategy itself, but when it proposes, the time since the frame that made it possible is measured. */
export class MeasuredStrategy implements Strategy {
  readonly name: string
  readonly slots: readonly number[]

  constructor(
    private readonly strategy: Strategy,
    private readonly board: MarketBoard,
    private readonly histogram: LatencyHistogram,
    private readonly clock: Clock,
  ) {
    this.name = strategy.name
    this.slots = strategy.slots
  }

  evaluate(slot: number): Verdict {
    const verdict = this.strategy.evaluate(slot)
    if (typeof verdict !== 'string') {
      const book = this.board.bookAt(slot)
      if (book !== undefined) this.histogram.observe(this.clock.nowUs() - book.receivedAtUs)
    }
    return verdict
  }

  onOutcome(outcome: TradeOutcome): void {
    this.strategy.onOutcome?.(outcome)
  }
}
