/** What quoting bots follow. */
export interface FairPrices {
  /** Prices change at multiples of this, milliseconds. */
  readonly stepMs: number
  /** Fair price of a symbol on one venue, quote per base. */
  venuePriceAt(exchange: string, symbol: string, referencePrice: number, atMs: number): number
}
