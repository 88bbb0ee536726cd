import { bpsPerUnit, Decimal, type AssetId, type ExchangeId, type Instrument, type Side } from '@cex-arbitrage/common'
import type { AccountView } from '../types/account-view.js'
import type { ExecutableQuotes } from '../types/executable-quotes.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { LegRole } from '../types/leg-role.js'
import type { AssetExposure } from './trade-exposure.js'

/** One order that brings an exposure closer to nothing. */
export interface RepairStep {
  readonly role: Exclude<LegRole, 'leg'>
  readonly instrument: Instrument
  readonly side: Side
  /** Worst acceptable price, on the order grid. */
  readonly priceTicks: number
  readonly quantityLots: number
}

export interface RepairContext {
  readonly plan: TradePlan
  readonly instruments: readonly Instrument[]
  readonly quotes: ExecutableQuotes
  readonly accounts: AccountView
  /** What may stay open, in base. */
  readonly boundBase: Decimal
  readonly slippageBps: number
  /** Exchanges where the last try did nothing; taken only if there is no other. */
  readonly avoid: ReadonlySet<ExchangeId>
}

interface Candidate extends RepairStep {
  readonly covered: Decimal
  /** What covering costs in profit asset, negative when it pays. */
  readonly loss: Decimal
  readonly closes: boolean
  readonly avoided: boolean
}

/**
 * The cheapest legal order that closes an exposure: on the short leg's instrument it completes the trade, on the long
 * leg's it unwinds it, anywhere else it hedges. Cost is what trusted books show, fees included; an order that closes all
 * goes before one that closes part. `undefined` while no book can be trusted, no funds are there, or what is left is too
 * small for every exchange.
 */
export function planRepair(exposure: AssetExposure, context: RepairContext): RepairStep | undefined {
  const side: Side = exposure.amount.sign > 0 ? 'sell' : 'buy'
  const candidates = context.instruments
    .filter((instrument) => instrument.base === exposure.asset && instrument.quote === context.plan.profitAsset)
    .filter((instrument) => instrument.marketType === 'spot' && permits(instrument, side))
    .flatMap((instrument) => createCandidate(instrument, side, exposure.amount.abs(), context) ?? [])
  candidates.sort(compareCandidates)
  return candidates[0]
}

const permits = ({ status }: Instrument, side: Side): boolean =>
  status === 'trading' || status === (side === 'buy' ? 'buy_only' : 'sell_only')

function compareCandidates(a: Candidate, b: Candidate): number {
  if (a.avoided !== b.avoided) return a.avoided ? 1 : -1
  if (a.closes !== b.closes) return a.closes ? -1 : 1
  return a.loss.times(b.covered).compare(b.loss.times(a.covered))
}

function createCandidate(
  instrument: Instrument,
  side: Side,
  needed: Decimal,
  context: RepairContext,
): Candidate | undefined {
  const wanted = instrument.quantityToLots(grossQuantity(instrument, side, needed), 'down')
  const first = quoteWithLimit(instrument, side, wanted, context)
  if (first === undefined) return undefined
  const lots = legalLots(instrument, side, Math.min(wanted, first.quote.quantityLots), first.limitTicks, context)
  if (lots === undefined) return undefined
  const final = quoteWithLimit(instrument, side, lots, context)
  if (final === undefined || final.quote.quantityLots < lots) return undefined
  const { quote, limitTicks } = final
  // Fewer levels mean a nearer limit, at which the smallest notional may no longer be reached.
  if (legalLots(instrument, side, lots, limitTicks, context) !== lots) return undefined
  const quantity = instrument.lotsToQuantity(lots)
  const fee = instrument.fees.taker
  const feeInBase = side === 'buy' && instrument.fees.assetRule === 'received'
  const covered = feeInBase ? quantity.times(Decimal.one.minus(fee)) : quantity
  const feeInQuote = feeInBase ? Decimal.zero : quote.notional.times(fee)
  const worth = covered.times(markOf(instrument.base, context.plan, quote.notional, quantity))
  const loss =
    side === 'buy' ? quote.notional.plus(feeInQuote).minus(worth) : worth.minus(quote.notional).plus(feeInQuote)
  return {
    role: roleOf(instrument, side, context.plan),
    instrument,
    side,
    priceTicks: limitTicks,
    quantityLots: lots,
    covered,
    loss,
    closes: !needed.minus(covered).abs().greaterThan(context.boundBase),
    avoided: context.avoid.has(instrument.exchange),
  }
}

/** The largest quantity on the grid that funds and the exchange's limits allow, or `undefined` where that is too small. */
function legalLots(
  instrument: Instrument,
  side: Side,
  wanted: number,
  limitTicks: number,
  { accounts }: RepairContext,
): number | undefined {
  const price = instrument.ticksToPrice(limitTicks)
  const { maxQuantity, maxNotional, fees } = instrument
  const available = accounts.available(instrument.exchange, side === 'buy' ? instrument.quote : instrument.base)
  const perUnit = fees.assetRule === 'quote' ? price.times(Decimal.one.plus(fees.taker)) : price
  let most = instrument.lotsToQuantity(wanted)
  if (side === 'sell') most = Decimal.min(most, available)
  else most = Decimal.min(most, available.dividedBy(perUnit, instrument.quantityDecimals, 'down'))
  if (maxQuantity !== undefined) most = Decimal.min(most, maxQuantity)
  if (maxNotional !== undefined)
    most = Decimal.min(most, maxNotional.dividedBy(price, instrument.quantityDecimals, 'down'))
  if (most.sign <= 0) return undefined
  const lots = instrument.quantityToLots(most, 'down')
  const tooSmall =
    lots === 0 ||
    instrument.lotsToQuantity(lots).lessThan(instrument.minQuantity) ||
    instrument.notional(limitTicks, lots).lessThan(instrument.minNotional)
  return tooSmall ? undefined : lots
}

/** A bought quantity that arrives short by its fee is ordered larger. */
function grossQuantity(instrument: Instrument, side: Side, needed: Decimal): Decimal {
  if (side === 'sell' || instrument.fees.assetRule !== 'received') return needed
  return needed.dividedBy(Decimal.one.minus(instrument.fees.taker), instrument.quantityDecimals, 'up')
}

function quoteWithLimit(
  instrument: Instrument,
  side: Side,
  lots: number,
  { quotes, slippageBps }: RepairContext,
): { readonly quote: NonNullable<ReturnType<ExecutableQuotes['quote']>>; readonly limitTicks: number } | undefined {
  if (lots === 0) return undefined
  const quote = quotes.quote(instrument, side, lots)
  if (quote === undefined || quote.quantityLots === 0) return undefined
  const factor = Decimal.of(side === 'buy' ? bpsPerUnit + slippageBps : bpsPerUnit - slippageBps, 4)
  const worst = instrument.ticksToPrice(quote.worstPriceTicks).times(factor)
  const limitTicks = instrument.priceToTicks(worst, side === 'buy' ? 'up' : 'down')
  return limitTicks <= 0 ? undefined : { quote, limitTicks }
}

/** What a unit counts in the comparison; the same for all candidates of an asset wherever the plan values it. */
function markOf(asset: AssetId, plan: TradePlan, notional: Decimal, quantity: Decimal): Decimal {
  return asset === plan.legs[0].instrument.base ? plan.surplusPrice : notional.dividedBy(quantity, 18, 'down')
}

function roleOf(instrument: Instrument, side: Side, plan: TradePlan): RepairStep['role'] {
  const leg = plan.legs.find((candidate) => candidate.instrument.id === instrument.id)
  if (leg === undefined) return 'hedge'
  return leg.side === side ? 'complete' : 'unwind'
}
