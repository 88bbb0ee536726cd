import { Decimal, type AssetId } from '@cex-arbitrage/common'
import { accountOf, type AccountId } from '../types/account-id.js'
import { marginOf } from '../types/order-funds.js'
import type { LegPlan, LegSending } from '../types/trade-plan.js'
import type { RiskGateDependencies } from './risk-gate-dependencies.js'
import { refuse, type RiskRefusal } from './risk-refusal.js'

/**
 * Funds that these orders need at their limit prices, fees included: on perpetual contracts the margin of what makes a
 * position larger. A leg that waits for those before it may spend what they have brought there.
 */
export function balanceRefusal(
  deps: RiskGateDependencies,
  orders: readonly LegPlan[],
  sending: LegSending,
): RiskRefusal | undefined {
  const left = new Map<string, Decimal>()
  const leftOf = (account: AccountId, asset: AssetId): Decimal =>
    left.get(`${account} ${asset}`) ?? deps.account.available(account, asset)
  for (const leg of orders) {
    const account = accountOf(leg.instrument)
    const need = needOf(deps, leg)
    const available = leftOf(account, need.asset)
    if (available.lessThan(need.amount))
      return refuse(
        'balance',
        `${need.amount.toString()} ${need.asset} needed on ${account}, ${available.toString()} there.`,
      )
    left.set(`${account} ${need.asset}`, available.minus(need.amount))
    const brought = sending === 'sequential' ? proceedsOf(leg) : undefined
    if (brought !== undefined)
      left.set(`${account} ${brought.asset}`, leftOf(account, brought.asset).plus(brought.amount))
  }
  return undefined
}

interface AssetAmount {
  readonly asset: AssetId
  readonly amount: Decimal
}

function needOf({ account }: RiskGateDependencies, leg: LegPlan): AssetAmount {
  const { instrument, side, quantityLots, reduceOnly } = leg
  if (instrument.marketType === 'futures') {
    const leverage = account.positions.leverageOf(instrument)
    const amount = reduceOnly ? Decimal.zero : marginOf(instrument, limitNotional(leg), leverage)
    return { asset: instrument.quote, amount }
  }
  if (side === 'sell') return { asset: instrument.base, amount: instrument.lotsToQuantity(quantityLots) }
  const fee = leg.expectedFeeAsset === instrument.quote ? instrument.fees.taker : Decimal.zero
  const amount = limitNotional(leg).times(Decimal.one.plus(Decimal.max(fee, Decimal.zero)))
  return { asset: instrument.quote, amount }
}

/** What a filled leg brings at least, its fee deducted; nothing on futures. */
function proceedsOf({
  instrument,
  side,
  priceTicks,
  quantityLots,
  expectedFeeAsset,
}: LegPlan): AssetAmount | undefined {
  if (instrument.marketType === 'futures') return undefined
  const [asset, amount] =
    side === 'buy'
      ? [instrument.base, instrument.lotsToQuantity(quantityLots)]
      : [instrument.quote, instrument.notional(priceTicks, quantityLots)]
  const rate = expectedFeeAsset === asset ? Decimal.max(instrument.fees.taker, Decimal.zero) : Decimal.zero
  return { asset, amount: amount.times(Decimal.one.minus(rate)) }
}

/** A buy costs at most its limit; a sale is counted at what it should bring, which is more than its limit. */
export const limitNotional = (leg: LegPlan): Decimal =>
  Decimal.max(leg.instrument.notional(leg.priceTicks, leg.quantityLots), leg.expectedNotional)
