import type { Decimal } from '@cex-arbitrage/common'
import type { QuoteAgeLimits } from '../market-data/quotability.js'
import type { SizingLimits } from '../sizing/sizing-request.js'
import type { EdgeMargin } from './edge-margin.js'

export interface CrossExchangeMarketMakingOptions extends EdgeMargin, SizingLimits, QuoteAgeLimits {
  /** Distinguishes two strategies of one kind; `cross-exchange-market-making` by default. */
  readonly name?: string
  /** Distance of a quote from its hedge price, fees apart, basis points; the least edge where that is more. */
  readonly spreadBps: number
  /** Move of the hedge price that pulls a quote, basis points. */
  readonly requoteThresholdBps: number
  /** Milliseconds between two quotes of one side, and that one rests before a move in our favour pulls it. */
  readonly requoteMinIntervalMs: number
  /** Milliseconds after which a quote is made anew though nothing has moved. */
  readonly quoteLifetimeMs: number
  /** Value in quote that a trade may leave open. Beyond it, a holding that is not flat has only the side quoted that reduces it. */
  readonly maxResidualNotional: Decimal
  /** Milliseconds that a side rests after a quote that was filled and hedged as planned. */
  readonly coolDownMs: number
  /** Milliseconds that it rests after a fill that ended otherwise, or an order that was refused. */
  readonly failureCoolDownMs: number
}
