/**
 * First causes for which a change of the market does not become a trade, in the order in which they are asked: detection,
 * sizing, engine, risk gate.
 */
export const whyNotCauses = [
  'no_edge',
  'cool_down',
  'fresh_basis',
  'funding',
  'untrusted_book',
  'stale_quote',
  'age_skew',
  'thin_depth',
  'balance',
  'above_maximum',
  'below_minimum',
  'unwind',
  'rounding',
  'symbol_busy',
  'engine_busy',
  'halted',
  'daily_loss',
  'consecutive_failures',
  'clock_offset',
  'stale_feed',
  'account_stale',
  'unknown_order',
  'instrument_status',
  'off_grid',
  'price_band',
  'min_edge',
  'unvalued',
  'trade_notional',
  'position',
  'exposure_exchange',
  'exposure_asset',
  'exposure_total',
  'open_trades',
  'open_orders',
  'order_rate',
  'rate_budget',
] as const

export type WhyNot = (typeof whyNotCauses)[number]

/** How often each cause was the first one. */
export class WhyNotCounters {
  private readonly counts = Object.fromEntries(whyNotCauses.map((cause) => [cause, 0])) as Record<WhyNot, number>

  count(cause: WhyNot): void {
    this.counts[cause]++
  }

  get(cause: WhyNot): number {
    return this.counts[cause]
  }

  /** A copy with every cause, those never met at 0. */
  snapshot(): Readonly<Record<WhyNot, number>> {
    return { ...this.counts }
  }
}
