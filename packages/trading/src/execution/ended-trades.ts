import { usPerMs } from '@cex-arbitrage/common'
import type { ExecutionContext } from './execution-context.js'
import type { TradeRun } from './trade-run.js'

/** Ended trades that late evidence may still open again, and those whose end waits for the operator. */
export class EndedTrades {
  private lingering: { readonly run: TradeRun; readonly untilUs: number }[] = []

  constructor(private readonly context: ExecutionContext) {}

  /** Those that were left open and that no operator has taken over. */
  get awaitingOperator(): readonly TradeRun[] {
    return this.lingering.flatMap(({ run }) => (run.awaitsOperator ? [run] : []))
  }

  /** Takes in a trade that has ended, or has been ended before. */
  watch(run: TradeRun): void {
    const { clock, settings } = this.context
    const { lingerMs, pulledQuoteLingerMs } = settings
    const watchMs = run.isUnfilledQuote ? Math.min(lingerMs, pulledQuoteLingerMs) : lingerMs
    this.lingering.push({ run, untilUs: clock.nowUs() + watchMs * usPerMs })
    this.forgetOld()
  }

  /** Lets go of ended trades whose late fills are no longer waited for: the old ones, and the oldest of too many. */
  private forgetOld(): void {
    const { clock, desk, journal, settings } = this.context
    const nowUs = clock.nowUs()
    const forgotten: TradeRun[] = []
    let surplus = this.lingering.filter(({ run }) => !run.isUnfilledQuote).length - settings.lingerTrades
    this.lingering = this.lingering.filter(({ run, untilUs }) => {
      const isSurplus = !run.isUnfilledQuote && surplus-- > 0
      if (
        (untilUs >= nowUs && !isSurplus) ||
        !run.ended ||
        run.awaitsOperator ||
        run.tracked.some(({ leg }) => leg.sentAtMs !== undefined && !leg.settled)
      )
        return true
      forgotten.push(run)
      return false
    })
    if (forgotten.length === 0) return
    for (const run of forgotten) desk.prune(run.tracked)
    const correlationIds = forgotten.map(({ correlationId }) => correlationId)
    journal.enqueue({ kind: 'trades_forgotten', atMs: clock.nowMs(), correlationIds })
  }
}
