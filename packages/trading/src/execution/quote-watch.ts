import { bpsPerUnit, Decimal, usPerMs } from '@cex-arbitrage/common'
import { haltCauseOf } from '../types/halt.js'
import { isFinalLegState } from '../types/leg-state.js'
import type { QuotePlan, TradePlan } from '../types/trade-plan.js'
import type { ExecutionContext } from './execution-context.js'
import type { TrackedLeg } from './tracked-leg.js'

/** The plan of a quote. */
export type QuoteTradePlan = TradePlan & { readonly quote: QuotePlan }

export const isQuotePlan = (plan: TradePlan): plan is QuoteTradePlan => plan.quote !== undefined

const ratioDecimals = 12

/**
 * Watches a quote that rests until there is a reason why it should no longer. Halts and books tell of themselves through
 * {@link review}; what only time changes, ages of books among it, is looked at every `quoteCheckMs`.
 */
export class QuoteWatch {
  private readonly sentAtUs: number
  private givesWay = false

  constructor(
    private readonly context: ExecutionContext,
    private readonly plan: QuoteTradePlan,
    private readonly tracked: TrackedLeg,
  ) {
    this.sentAtUs = context.clock.nowUs()
  }

  /** Resolves with why the order is to rest no longer: it has ended, was filled in part, or must be pulled. */
  async untilOver(): Promise<string> {
    const { clock, settings } = this.context
    for (;;) {
      const cause = this.cause() ?? this.context.approver.reviewQuote(this.plan)?.cause
      if (cause !== undefined) return cause
      await this.tracked.woken(clock, settings.quoteCheckMs)
    }
  }

  /** Looks at halts, books and prices at once. */
  review(): void {
    if (this.cause() !== undefined) this.tracked.wake()
  }

  /** Another trade wants the symbol. */
  giveWay(): void {
    this.givesWay = true
    this.tracked.wake()
  }

  private cause(): string | undefined {
    const { leg } = this.tracked
    if (isFinalLegState(leg.state)) return leg.state
    if (!leg.filledQuantity.isZero) return 'partially_filled'
    if (leg.state === 'unknown') return 'unknown'
    if (haltCauseOf(this.context.halt, this.plan) !== undefined) return 'halted'
    if (this.givesWay) return 'gives_way'
    if (this.restedMs >= this.plan.quote.maxRestMs) return 'expired'
    return this.priceCause()
  }

  /** Both books must be trusted, the hedge's deep enough, and walking it must come to what it came to. */
  private priceCause(): string | undefined {
    const { quotes } = this.context
    const { hedge, toleranceBps, minRestMs } = this.plan.quote
    const { instrument, side } = this.plan.legs[0]
    if (quotes.quote(instrument, side, instrument.lotStep) === undefined) return 'untrusted_book'
    const now = quotes.quote(hedge.instrument, hedge.side, hedge.quantityLots)
    if (now === undefined) return 'untrusted_book'
    if (now.quantityLots < hedge.quantityLots) return 'thin_depth'
    const rise = now.notional.minus(hedge.expectedNotional)
    const move = rise.abs().dividedBy(hedge.expectedNotional, ratioDecimals, 'up')
    if (!move.times(Decimal.of(bpsPerUnit)).greaterThan(Decimal.fromNumber(toleranceBps))) return undefined
    // A sale that brings more, a purchase that costs less.
    const isInFavour = (hedge.side === 'sell') === rise.sign > 0
    return isInFavour && this.restedMs < minRestMs ? undefined : 'moved'
  }

  private get restedMs(): number {
    return (this.context.clock.nowUs() - this.sentAtUs) / usPerMs
  }
}
