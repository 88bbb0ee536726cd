import { bpsPerUnit, Decimal } from '@cex-arbitrage/common'
import type { ExecutableQuote } from '../types/executable-quotes.js'
import { LegTerms } from '../sizing/leg-terms.js'
import { accountOf } from '../types/account-id.js'
import { boundAsset, notionalCarried } from '../types/order-funds.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { RepairContext, RepairNeed, RepairStep } from './plan-repair.js'

/** Places of amounts that are divided. */
const amountDecimals = 18

/** An order that covers a need, and how good it is. */
export interface RepairCandidate extends RepairStep {
  /** What covering costs in profit asset, negative when it pays. */
  readonly loss: Decimal
  /** What it covers, in profit asset. */
  readonly worth: Decimal
  readonly closes: boolean
  readonly avoided: boolean
}

/** The order that covers most of a need, or `undefined` where none is legal. */
export function createRepairCandidate(need: RepairNeed, context: RepairContext): RepairCandidate | undefined {
  const { instrument, side, exposure } = need
  const needed = exposure.amount.abs()
  // A grid so fine that no number counts the whole in it takes a part.
  const most = instrument.lotsToQuantity(Number.MAX_SAFE_INTEGER)
  const gross = grossQuantity(need, needed).dividedBy(instrument.contractSize, instrument.quantityDecimals, 'down')
  const wanted = instrument.quantityToLots(Decimal.min(gross, most), 'down')
  const first = quoteWithLimit(need, wanted, context)
  if (first === undefined) return undefined
  const lots = legalLots(need, Math.min(wanted, first.quote.quantityLots), first.limitTicks, context)
  if (lots === undefined) return undefined
  const final = quoteWithLimit(need, lots, context)
  if (final === undefined || final.quote.quantityLots < lots) return undefined
  const { quote, limitTicks } = final
  // Fewer levels mean a nearer limit, at which the smallest notional may no longer be reached.
  if (legalLots(need, lots, limitTicks, context) !== lots) return undefined
  const quoteWorth = worthOfQuote(need, context)
  if (quoteWorth === undefined) return undefined
  const quantity = instrument.lotsToQuantity(lots).times(instrument.contractSize)
  const fee = instrument.fees.taker
  const { feeInBase } = new LegTerms(instrument, side)
  const covered = feeInBase ? quantity.times(Decimal.one.minus(fee)) : quantity
  const feeInQuote = feeInBase ? Decimal.zero : quote.notional.times(fee)
  const mark = context.plan.surplusPrices.get(exposure.asset)
  const worth = covered.times(mark ?? quote.notional.times(quoteWorth).dividedBy(quantity, amountDecimals, 'down'))
  const paid = (side === 'buy' ? quote.notional.plus(feeInQuote) : quote.notional.minus(feeInQuote)).times(quoteWorth)
  return {
    role: roleOf(need, context.plan),
    instrument,
    side,
    priceTicks: limitTicks,
    quantityLots: lots,
    ...(isReduction(need, context.plan) && { reduceOnly: true as const }),
    worth,
    loss: side === 'buy' ? paid.minus(worth) : worth.minus(paid),
    closes: isWithinBound(needed.minus(covered).abs(), mark, context),
    avoided: context.avoid.has(accountOf(instrument)),
  }
}

function isWithinBound(left: Decimal, price: Decimal | undefined, context: RepairContext): boolean {
  return left.isZero || (price !== undefined && !left.times(price).greaterThan(context.maxResidualNotional))
}

/**
 * What a unit of the order's quote counts in profit asset. Where it closes an exposure of that asset too, it spares an order
 * of its own, fee included.
 */
function worthOfQuote(
  { counter, instrument, side }: RepairNeed,
  { plan, valuation }: RepairContext,
): Decimal | undefined {
  if (counter === undefined) return Decimal.one
  const price = valuation(counter.asset) ?? plan.surplusPrices.get(counter.asset)
  const { taker } = instrument.fees
  return price?.times(side === 'buy' ? Decimal.one.minus(taker) : Decimal.one.plus(taker))
}

/** The largest quantity on the grid that funds and the exchange's limits allow, or `undefined` where that is too small. */
function legalLots(need: RepairNeed, wanted: number, limitTicks: number, context: RepairContext): number | undefined {
  const { instrument, side, counter } = need
  const { maxQuantity, maxNotional, fees, quantityDecimals, contractSize } = instrument
  const price = instrument.ticksToPrice(limitTicks).times(contractSize)
  const perUnit = fees.assetRule === 'quote' ? price.times(Decimal.one.plus(fees.taker)) : price
  let most = Decimal.min(instrument.lotsToQuantity(wanted), affordable(need, price, perUnit, context))
  if (counter !== undefined)
    most = Decimal.min(most, counter.amount.abs().dividedBy(side === 'buy' ? perUnit : price, quantityDecimals, 'down'))
  if (maxQuantity !== undefined) most = Decimal.min(most, maxQuantity)
  if (maxNotional !== undefined) most = Decimal.min(most, maxNotional.dividedBy(price, quantityDecimals, 'down'))
  if (most.sign <= 0) return undefined
  const lots = instrument.quantityToLots(most, 'down')
  const tooSmall =
    lots === 0 ||
    instrument.lotsToQuantity(lots).lessThan(instrument.minQuantity) ||
    instrument.notional(limitTicks, lots).lessThan(instrument.minNotional)
  return tooSmall ? undefined : lots
}

/** What the funds there allow, in the order's own quantity: margin where a position grows, what is held of it where it shrinks. */
function affordable(need: RepairNeed, price: Decimal, perUnit: Decimal, { accounts, plan }: RepairContext): Decimal {
  const { instrument, side } = need
  const { quantityDecimals, contractSize } = instrument
  const available = accounts.available(accountOf(instrument), boundAsset(need))
  if (instrument.marketType !== 'futures')
    return side === 'sell' ? available : available.dividedBy(perUnit, quantityDecimals, 'down')
  const { positions } = accounts
  if (isReduction(need, plan))
    return positions.baseOf(instrument).abs().dividedBy(contractSize, quantityDecimals, 'down')
  const carried = notionalCarried(instrument, available, positions.leverageOf(instrument))
  return carried.dividedBy(price, quantityDecimals, 'down')
}

/** On a perpetual contract: the unwind of a leg that makes a position larger, or the completion of one that does not. */
function isReduction({ instrument, side }: RepairNeed, plan: TradePlan): boolean {
  const leg = plan.legs.find((candidate) => candidate.instrument.id === instrument.id)
  return instrument.marketType === 'futures' && leg !== undefined && (leg.side === side) === (leg.reduceOnly === true)
}

/** A bought quantity that arrives short by its fee is ordered larger. */
function grossQuantity({ instrument, side }: RepairNeed, needed: Decimal): Decimal {
  if (!new LegTerms(instrument, side).feeInBase) return needed
  return needed.dividedBy(Decimal.one.minus(instrument.fees.taker), instrument.quantityDecimals, 'up')
}

function quoteWithLimit(
  { instrument, side }: RepairNeed,
  lots: number,
  { quotes, slippageBps }: RepairContext,
): { readonly quote: ExecutableQuote; readonly limitTicks: number } | undefined {
  if (lots === 0) return undefined
  const quote = quotes.quote(instrument, side, lots)
  if (quote === undefined || quote.quantityLots === 0) return undefined
  const factor = Decimal.of(side === 'buy' ? bpsPerUnit + slippageBps : bpsPerUnit - slippageBps, 4)
  const worst = instrument.ticksToPrice(quote.worstPriceTicks).times(factor)
  const limitTicks = instrument.priceToTicks(worst, side === 'buy' ? 'up' : 'down')
  return limitTicks <= 0 ? undefined : { quote, limitTicks }
}

function roleOf({ instrument, side }: RepairNeed, plan: TradePlan): RepairStep['role'] {
  const leg = plan.legs.find((candidate) => candidate.instrument.id === instrument.id)
  const hedge = plan.quote?.hedge
  if (leg === undefined) return hedge?.instrument.id === instrument.id && hedge.side === side ? 'complete' : 'hedge'
  return leg.side === side ? 'complete' : 'unwind'
}
