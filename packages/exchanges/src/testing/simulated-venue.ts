import type { Decimal, Side } from '@cex-arbitrage/common'
import type { TrueBook, TrueOrder } from '../conformance/conformance-venue.js'

export interface HouseOrder {
  readonly id: string
}
export interface SimulatedOrder {
  readonly id: string
  readonly clientOrderId: string | null
  readonly accountId: string
  readonly side: string
  readonly filledQuantity: string
  readonly filledNotional: string
  readonly fills: TrueOrder['fills']
}

export interface SimulatedBooks {
  readonly books: Readonly<Record<string, TrueBook>>
  readonly orders: readonly SimulatedOrder[]
  readonly openOrderIds: readonly string[]
}

export interface SimulatedCore {
  readonly symbols: ReadonlyMap<
    string,
    {
      readonly contractSize: Decimal
      toTicks(price: Decimal): number | undefined
      toLots(quantity: Decimal): number | undefined
      price(ticks: number): Decimal
      quantity(lots: number): Decimal
    }
  >
  listen(listener: { onBookChange?(change: { readonly symbol: string }): void }): void
  place(input: never): { readonly order?: HouseOrder } | object
  order(id: string): HouseOrder | undefined
  cancel(order: never): boolean
  trades(symbol: string): readonly { readonly priceTicks: number; readonly lots: number; readonly side: Side }[]
}

/** The part of a venue simulator that conformance needs; simulators are no dependency of this package's code. */
export interface SimulatedVenue {
  start(): Promise<{
    readonly origin: string
    readonly ws: string
    readonly futuresWs?: string
    readonly apiKey: string
    readonly secret: string
  }>
  close(): Promise<void>
  truth(): SimulatedBooks & {
    readonly accounts: Readonly<
      Record<string, Readonly<Record<string, { readonly free: string; readonly locked: string }>>>
    >
    readonly perpetuals?:
      | (SimulatedBooks & {
          readonly positions: readonly {
            readonly accountId: string
            readonly symbol: string
            readonly contracts: number
            readonly entryPrice: string | null
            readonly leverage: string
            readonly realised: { readonly funding: string }
          }[]
          readonly wallets: Readonly<
            Record<string, Readonly<Record<string, { readonly total: string; readonly available: string }>>>
          >
        })
      | undefined
  }
  readonly faults: { add(rule: never): unknown; clear(): void }
  readonly core: SimulatedCore
  readonly perpetuals?: SimulatedPerpetuals | undefined
}

export interface SimulatedPerpetuals {
  readonly core: SimulatedCore
  wake(): void
  steer(symbol: string, to: { readonly fundingRate: Decimal }): void
}
