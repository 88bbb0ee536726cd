import { usPerMs } from '@cex-arbitrage/common'
import type { ExecutionContext } from './execution-context.js'
import { QuoteWatch, type QuoteTradePlan } from './quote-watch.js'
import type { TrackedLeg } from './tracked-leg.js'
import type { TradeOrders } from './trade-orders.js'
import type { TradeRepair } from './trade-repair.js'

/** Keeps the one leg of a quote on the book as long as it should be there, and closes what it fills. */
export class QuoteKeeper {
  /** While it rests. */
  private watch: QuoteWatch | undefined

  constructor(
    private readonly context: ExecutionContext,
    private readonly plan: QuoteTradePlan,
    private readonly orders: TradeOrders,
    private readonly repair: TradeRepair,
  ) {}

  /** Something has happened that may be a reason to pull the quote. */
  review(): void {
    this.watch?.review()
  }

  /** Another trade wants the symbol. */
  giveWay(): void {
    this.watch?.giveWay()
  }

  /** Resolves when the order, if it has left, is to rest no longer: its cancel is under way then. */
  async rest(tracked: TrackedLeg): Promise<void> {
    if (!this.orders.follows(tracked)) return
    this.watch = new QuoteWatch(this.context, this.plan, tracked)
    const cause = await this.watch.untilOver()
    this.watch = undefined
    const { correlationId } = this.plan
    this.context.logger.info({ correlationId, clientOrderId: tracked.leg.request.clientOrderId, cause }, 'quote ended')
    void this.context.reconciler.pull(tracked)
  }

  /** What has been filled is hedged at once, though the cancel is still under way and more may fill (S3). */
  async hedge(tracked: TrackedLeg): Promise<void> {
    const { clock, settings } = this.context
    const untilUs = clock.nowUs() + settings.reconcileDeadlineMs * usPerMs
    while (this.orders.follows(tracked) && clock.nowUs() < untilUs) {
      const isKnown = await this.repair.run([tracked.leg])
      if (!isKnown || tracked.leg.settled || this.repair.excess([tracked.leg]).length > 0) return
      await tracked.woken(clock, settings.quoteCheckMs)
    }
  }
}
