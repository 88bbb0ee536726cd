import type { Decimal, Instrument, Side } from '@cex-arbitrage/common'

/** What an immediate order would do against the trusted book. */
export interface ExecutableQuote {
  /** Price of the last level needed, in ticks. */
  readonly worstPriceTicks: number
  /** In quote, before fees. */
  readonly notional: Decimal
  /** Less than asked when the book is too thin. */
  readonly quantityLots: number
}

/** Depth-walked prices from trusted books; how unwinding and hedging learn their cost. */
export interface ExecutableQuotes {
  /** `undefined` while the book is not to be trusted. */
  quote(instrument: Instrument, side: Side, quantityLots: number): ExecutableQuote | undefined
}
