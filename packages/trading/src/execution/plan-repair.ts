import type { Decimal, Instrument, Side } from '@cex-arbitrage/common'
import type { AssetValuation } from '../portfolio/attribute-profit.js'
import type { AccountId } from '../types/account-id.js'
import type { AccountView } from '../types/account-view.js'
import type { ExecutableQuotes } from '../types/executable-quotes.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { LegRole } from '../types/leg-role.js'
import { createRepairCandidate, type RepairCandidate } from './repair-candidate.js'
import type { AssetExposure } from './trade-exposure.js'

/** One order that brings an exposure closer to nothing. */
export interface RepairStep {
  readonly role: Exclude<LegRole, 'leg'>
  readonly instrument: Instrument
  readonly side: Side
  /** Worst acceptable price, on the order grid. */
  readonly priceTicks: number
  readonly quantityLots: number
  /** It takes back what the trade has made of a position, or what it was to take back. */
  readonly reduceOnly?: true
}

export interface RepairContext {
  readonly plan: TradePlan
  readonly instruments: readonly Instrument[]
  readonly quotes: ExecutableQuotes
  readonly accounts: AccountView
  /** What a unit of an asset fetches now, in profit asset. */
  readonly valuation: AssetValuation
  /** What may stay open of each asset, in profit asset. */
  readonly maxResidualNotional: Decimal
  readonly slippageBps: number
  /** Accounts where the last try did nothing; taken only if there is no other. */
  readonly avoid: ReadonlySet<AccountId>
  /** Orders of ours that may rest on a book: none is sent that would meet one of them. */
  readonly resting: readonly Pick<RepairStep, 'instrument' | 'side'>[]
}

/** What an order is to cover, and what of its quote it may move. */
export interface RepairNeed {
  readonly exposure: AssetExposure
  readonly instrument: Instrument
  readonly side: Side
  /** Where the quote is no profit asset: the exposure of it that the order closes as well. */
  readonly counter: AssetExposure | undefined
}

/**
 * The cheapest legal order that closes an exposure: on the short leg's instrument it completes the trade, on the long
 * leg's it unwinds it, anywhere else it hedges; a quote is completed where it was to be hedged. It trades an asset for the profit asset, or for another asset of which the
 * trade has as much too many or too few, which closes both at once. Cost is what trusted books show, fees included; an order
 * that closes all goes before one that closes part. `undefined` while no book can be trusted, no funds are there, or what
 * is left is too small for every exchange.
 */
export function planRepair(exposures: readonly AssetExposure[], context: RepairContext): RepairStep | undefined {
  const candidates = exposures
    .flatMap((exposure) => needsOf(exposure, exposures, context))
    .flatMap((need) => createRepairCandidate(need, context) ?? [])
  candidates.sort(compareCandidates)
  return candidates[0]
}

function needsOf(exposure: AssetExposure, all: readonly AssetExposure[], context: RepairContext): RepairNeed[] {
  const side: Side = exposure.amount.sign > 0 ? 'sell' : 'buy'
  return context.instruments
    .filter((instrument) => instrument.base === exposure.asset)
    .filter((instrument) => isTradable(instrument, context.plan) && permits(instrument, side))
    .filter(({ id }) => !context.resting.some((own) => own.instrument.id === id && own.side !== side))
    .flatMap((instrument): RepairNeed[] => {
      if (instrument.quote === context.plan.profitAsset) return [{ exposure, instrument, side, counter: undefined }]
      const counter = all.find(
        ({ asset, amount }) => asset === instrument.quote && amount.sign !== exposure.amount.sign,
      )
      return counter === undefined ? [] : [{ exposure, instrument, side, counter }]
    })
}

/** A position in a perpetual contract is no place for what another trade has left over. */
const isTradable = ({ id, marketType }: Instrument, { legs }: TradePlan): boolean =>
  marketType === 'spot' || (marketType === 'futures' && legs.some(({ instrument }) => instrument.id === id))

const permits = ({ status }: Instrument, side: Side): boolean =>
  status === 'trading' || status === (side === 'buy' ? 'buy_only' : 'sell_only')

function compareCandidates(a: RepairCandidate, b: RepairCandidate): number {
  if (a.avoided !== b.avoided) return a.avoided ? 1 : -1
  if (a.closes !== b.closes) return a.closes ? -1 : 1
  return a.loss.times(b.worth).compare(b.loss.times(a.worth))
}
