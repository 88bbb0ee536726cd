import { feeAccountId, houseAccountId, outsideAccountId } from '../accounts/account-book.js'
import type { FaultEngine } from '../faults/fault-engine.js'
import type { ExchangeCore } from '../matching/exchange-core.js'
import type { VenueFill, VenueOrder } from '../matching/venue-order.js'
import type { RateLimiter } from '../server/rate-limiter.js'

/** What really is, as plain JSON: every number that is money is exact decimal text. */
export interface GroundTruth {
  readonly exchange: string
  readonly nowMs: number
  readonly books: Readonly<Record<string, TrueBook>>
  readonly orders: readonly TrueOrder[]
  readonly openOrderIds: readonly string[]
  readonly accounts: Readonly<
    Record<string, Readonly<Record<string, { readonly free: string; readonly locked: string }>>>
  >
  /** Fees taken so far, by asset. */
  readonly fees: Readonly<Record<string, string>>
  /** Per asset the sum over all accounts, those of the venue included; always `0`. */
  readonly sums: Readonly<Record<string, string>>
  /** Requests served, by route. */
  readonly requests: Readonly<Record<string, number>>
  readonly rateWindows: RateLimiter['state']
  readonly faults: { readonly rules: FaultEngine['rules']; readonly injected: FaultEngine['injected'] }
  /** What this venue alone knows, where it has such things. */
  readonly venue?: unknown
}

export interface TrueBook {
  readonly sequence: number
  /** `[price, quantity]`, best first. */
  readonly bids: readonly (readonly [string, string])[]
  readonly asks: readonly (readonly [string, string])[]
}

export interface TrueOrder {
  readonly id: string
  readonly clientOrderId: string | null
  readonly accountId: string
  readonly symbol: string
  readonly side: string
  readonly kind: string
  readonly timeInForce: string
  readonly postOnly: boolean
  readonly status: string
  readonly endReason: string | null
  /** `true` while a fault keeps it off the book. */
  readonly parked: boolean
  readonly price: string | null
  readonly quantity: string
  readonly filledQuantity: string
  readonly filledNotional: string
  readonly locked: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly fills: readonly TrueFill[]
}

export interface TrueFill {
  readonly tradeId: number
  readonly role: string
  readonly price: string
  readonly quantity: string
  readonly notional: string
  readonly fee: string
  readonly feeAsset: string
  readonly atMs: number
}

export interface TruthSources {
  readonly exchange: string
  readonly nowMs: number
  readonly core: ExchangeCore
  readonly faults: FaultEngine
  readonly limiter: RateLimiter
  readonly requests: ReadonlyMap<string, number>
  readonly venue?: unknown
}

/** Takes a picture of everything. */
export function describeTruth({ core, faults, limiter, ...rest }: TruthSources): GroundTruth {
  const assets = new Set(core.accounts.all.flatMap((account) => [...account.balances.keys()]))
  const fees = core.accounts.get(feeAccountId)
  return {
    exchange: rest.exchange,
    nowMs: rest.nowMs,
    books: Object.fromEntries([...core.symbols.keys()].map((symbol) => [symbol, describeBook(core, symbol)])),
    orders: core.allOrders.map(describeOrder),
    openOrderIds: core.openOrders().map((order) => order.id),
    accounts: Object.fromEntries(
      core.accounts.all
        .filter(({ id }) => ![houseAccountId, feeAccountId, outsideAccountId].includes(id))
        .map((account) => [account.id, describeBalances(account.balances)]),
    ),
    fees: Object.fromEntries([...fees.balances].map(([asset, { free }]) => [asset, free.toString()])),
    sums: Object.fromEntries([...assets].map((asset) => [asset, core.accounts.sum(asset).toString()])),
    requests: Object.fromEntries(rest.requests),
    rateWindows: limiter.state,
    faults: { rules: faults.rules, injected: faults.injected },
    ...(rest.venue !== undefined && { venue: rest.venue }),
  }
}

/** The whole book of one symbol. */
export function describeBook(core: ExchangeCore, symbol: string): TrueBook {
  const engine = core.engine(symbol)
  const rows = (side: 'buy' | 'sell') =>
    engine
      .ladder(side)
      .levels.map(
        ({ priceTicks, totalLots }) =>
          [engine.symbol.price(priceTicks).toString(), engine.symbol.quantity(totalLots).toString()] as const,
      )
  return { sequence: engine.sequence, bids: rows('buy'), asks: rows('sell') }
}

export function describeOrder(order: VenueOrder): TrueOrder {
  const { symbol, input } = order
  return {
    id: order.id,
    clientOrderId: order.clientOrderId ?? null,
    accountId: order.accountId,
    symbol: symbol.name,
    side: order.side,
    kind: input.kind,
    timeInForce: input.timeInForce,
    postOnly: input.postOnly === true,
    status: order.status,
    endReason: order.endReason ?? null,
    parked: order.parked,
    price: order.priceTicks === undefined ? null : symbol.price(order.priceTicks).toString(),
    quantity: symbol.quantity(order.quantityLots).toString(),
    filledQuantity: symbol.quantity(order.filledLots).toString(),
    filledNotional: order.filledNotional.toString(),
    locked: order.locked.toString(),
    createdAtMs: order.createdAtMs,
    updatedAtMs: order.updatedAtMs,
    fills: order.fills.map(describeFill),
  }
}

function describeFill(fill: VenueFill): TrueFill {
  return {
    tradeId: fill.tradeId,
    role: fill.role,
    price: fill.price.toString(),
    quantity: fill.quantity.toString(),
    notional: fill.notional.toString(),
    fee: fill.fee.toString(),
    feeAsset: fill.feeAsset,
    atMs: fill.atMs,
  }
}

type Balances = ReadonlyMap<string, { readonly free: { toString(): string }; readonly locked: { toString(): string } }>

function describeBalances(balances: Balances): Record<string, { free: string; locked: string }> {
  return Object.fromEntries(
    [...balances].map(([asset, { free, locked }]) => [asset, { free: free.toString(), locked: locked.toString() }]),
  )
}
