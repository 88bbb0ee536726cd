import { feeAccountId, isVenueAccount } from '../accounts/account-book.js'
import type { FaultEngine } from '../faults/fault-engine.js'
import type { ExchangeCore } from '../matching/exchange-core.js'
import { describeBook, describeOrder, type TrueBook, type TrueOrder } from './true-orders.js'
import type { PerpetualMarket } from '../perpetuals/perpetual-market.js'
import { describePerpetuals, type TruePerpetuals } from './perpetual-truth.js'
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
  /** The same of the venue's perpetuals, where it has them. */
  readonly perpetuals?: TruePerpetuals
  /** What this venue alone knows, where it has such things. */
  readonly venue?: unknown
}

export interface TruthSources {
  readonly exchange: string
  readonly nowMs: number
  readonly core: ExchangeCore
  readonly faults: FaultEngine
  readonly limiter: RateLimiter
  readonly requests: ReadonlyMap<string, number>
  readonly perpetuals: PerpetualMarket | undefined
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
        .filter(({ id }) => !isVenueAccount(id))
        .map((account) => [account.id, describeBalances(account.balances)]),
    ),
    fees: Object.fromEntries([...fees.balances].map(([asset, { free }]) => [asset, free.toString()])),
    sums: Object.fromEntries([...assets].map((asset) => [asset, core.accounts.sum(asset).toString()])),
    requests: Object.fromEntries(rest.requests),
    rateWindows: limiter.state,
    faults: { rules: faults.rules, injected: faults.injected },
    ...(rest.perpetuals && { perpetuals: describePerpetuals(rest.perpetuals) }),
    ...(rest.venue !== undefined && { venue: rest.venue }),
  }
}

type Balances = ReadonlyMap<string, { readonly free: { toString(): string }; readonly locked: { toString(): string } }>

function describeBalances(balances: Balances): Record<string, { free: string; locked: string }> {
  return Object.fromEntries(
    [...balances].map(([asset, { free, locked }]) => [asset, { free: free.toString(), locked: locked.toString() }]),
  )
}
