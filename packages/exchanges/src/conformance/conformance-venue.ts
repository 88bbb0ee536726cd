import type { Side, Symbol } from '@cex-arbitrage/common'
import type { PrivateExchange } from '../interfaces/private-exchange.js'
import type { PublicExchange } from '../interfaces/public-exchange.js'

/** `[price, quantity]` as plain decimal text, best first. Quantities are in base everywhere, also those of perpetuals. */
export type TrueLevel = readonly [price: string, quantity: string]

export interface TrueBook {
  /** The venue's counter. */
  readonly sequence: number
  readonly bids: readonly TrueLevel[]
  readonly asks: readonly TrueLevel[]
}

export interface TrueFill {
  readonly price: string
  readonly quantity: string
  readonly fee: string
  readonly feeAsset: string
  readonly role: string
}

export interface TrueOrder {
  /** The venue's own id. */
  readonly id: string
  readonly side: Side
  readonly isOpen: boolean
  readonly filledQuantity: string
  readonly filledNotional: string
  readonly fills: readonly TrueFill[]
}

export interface TrueTrade {
  readonly price: string
  readonly quantity: string
  /** Of the taker. */
  readonly side: Side
}

export interface TrueBalance {
  readonly free: string
  readonly locked: string
}

/** What the trader holds of the perpetual. */
export interface TruePosition {
  /** In base, negative when short. */
  readonly quantity: string
  readonly entryPrice: string | null
  readonly leverage: string
  /** What funding has come to since it was opened; positive when received. */
  readonly funding: string
}

/** What can be seen and moved of a venue of perpetuals. */
export interface ConformancePerpetual {
  position(): TruePosition | undefined
  /** Holds the rate of the settlements to come, which are about a second apart. */
  setFundingRate(rate: string): void
}

/** What the venue knows and a client can only learn over the wire. */
export interface VenueTruth {
  book(): TrueBook
  /** The book as it was at that counter; `undefined` for one that never was. */
  bookAt(sequence: number): TrueBook | undefined
  /** The trader's order by our id; `undefined` when the venue never got it. */
  order(clientOrderId: string): TrueOrder | undefined
  openOrders(): number
  /** Of the trader, by asset. */
  balances(): Readonly<Record<string, TrueBalance>>
  /** Oldest first. */
  trades(): readonly TrueTrade[]
}

/** What can be made to go wrong. Each holds until `clearFaults` unless it counts. */
export type ConformanceFault =
  /** Frames of books are lost, come twice, after the next one, late, or in half. */
  | { readonly kind: 'drop' | 'duplicate' | 'reorder' | 'delay' | 'truncate'; readonly probability: number }
  /** So many frames of books in a row are lost. */
  | { readonly kind: 'gap'; readonly count: number }
  /** Books push nothing; the connection stays alive. */
  | { readonly kind: 'stall' }
  | { readonly kind: 'disconnect'; readonly scope: 'public' | 'private' }
  /** The next placement is accepted and its answer lost: the connection is cut, or nothing ever comes. */
  | { readonly kind: 'lost_acknowledgement'; readonly mode: 'cut' | 'hang' }
  /** The next placement is accepted and answered with a 5xx. */
  | { readonly kind: 'error_after_accept' }
  /** The next placement is refused for frequency. */
  | { readonly kind: 'rate_limited' }
  /** The venue's clock is so far ahead. */
  | { readonly kind: 'clock_skew'; readonly offsetMs: number }

/**
 * A local venue with one tradable symbol, an empty market and one funded trader, and the connector that is examined.
 * One is made for each test and closed after it.
 */
export interface ConformanceVenue {
  readonly symbol: Symbol
  readonly truth: VenueTruth
  /** Made once; connects when it is used. */
  readonly publicExchange: PublicExchange
  /** Made once, with the trader's key. */
  readonly privateExchange: PrivateExchange
  /** Another market participant's order: rests, and trades where it crosses. @returns its id. */
  placeHouseOrder(side: Side, price: string, quantity: string): string
  cancelHouseOrder(id: string): void
  /** Of a venue whose symbol is a perpetual. */
  readonly perpetual?: ConformancePerpetual
  inject(fault: ConformanceFault): void
  clearFaults(): void
  close(): Promise<void>
}
