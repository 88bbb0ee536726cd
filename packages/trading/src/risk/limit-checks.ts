import { Decimal, type AssetId, type ExchangeId } from '@cex-arbitrage/common'
import { limitNotional } from './leg-funds.js'
import { requiredEdgeBps } from '../strategies/edge-margin.js'
import { ordersOf, type LegPlan, type TradePlan } from '../types/trade-plan.js'
import type { AssetAtRisk, Exposures, TradeExposure } from './exposures.js'
import type { RiskGateDependencies } from './risk-gate-dependencies.js'
import { refuse, type RiskRefusal } from './risk-refusal.js'

/**
 * Profit that is none, or an edge below the least for quotes of this age, their age being that of now. What takes a position
 * back earned its edge when that was opened.
 */
export function edgeRefusal(deps: RiskGateDependencies, plan: TradePlan): RiskRefusal | undefined {
  if (plan.holding === 'closes') return undefined
  const ageUs = plan.quoteAgeUs + Math.max(0, deps.clock.nowUs() - plan.decidedAtUs)
  const required = requiredEdgeBps(deps.limits, ageUs)
  return plan.netEdgeBps >= required && plan.expectedProfit.sign > 0
    ? undefined
    : refuse('min_edge', `${plan.netEdgeBps} bps are below the ${required} bps asked of quotes ${ageUs} us old.`)
}

/** What a plan puts at risk, in the reporting asset; `undefined` where a quote of it has no known value. */
export function exposureOf(deps: RiskGateDependencies, plan: TradePlan): TradeExposure | undefined {
  const legs = []
  const assets = new Map<AssetId, AssetAtRisk>()
  for (const leg of ordersOf(plan)) {
    const { instrument, side } = leg
    const value = deps.values.valueOf(instrument.quote, instrument.exchange)
    if (value === undefined) return undefined
    const notional = limitNotional(leg).times(value)
    legs.push({ exchange: instrument.exchange, notional })
    for (const asset of [instrument.base, instrument.quote]) {
      if (asset === plan.profitAsset) continue
      const known = assets.get(asset) ?? { notional: Decimal.zero, brought: Decimal.zero }
      const isBrought = (asset === instrument.base) === (side === 'buy')
      const quantity = asset === instrument.base ? baseQuantity(leg) : limitNotional(leg)
      assets.set(asset, {
        notional: Decimal.max(known.notional, notional),
        brought: isBrought ? known.brought.plus(quantity) : known.brought,
      })
    }
  }
  return { assets, legs }
}

/** Notional, position and exposure limits, with what open trades already take. */
export function exposureRefusal(
  deps: RiskGateDependencies,
  open: Exposures,
  trade: TradeExposure,
): RiskRefusal | undefined {
  const { limits } = deps
  for (const { notional } of trade.legs)
    if (notional.greaterThan(limits.maxNotionalPerTrade))
      return over('trade_notional', notional, limits.maxNotionalPerTrade)
  for (const [asset, { brought }] of trade.assets) {
    const maxPosition = limits.maxPositionByAsset.get(asset)
    const position = holding(deps, asset).plus(open.broughtOf(asset)).plus(brought)
    if (maxPosition?.lessThan(position) === true) return over('position', position, maxPosition)
  }
  for (const { exchange } of trade.legs) {
    const exposure = open.onExchange(exchange).plus(onExchange(trade, exchange))
    if (exposure.greaterThan(limits.maxExposurePerExchange))
      return over('exposure_exchange', exposure, limits.maxExposurePerExchange)
  }
  let total = open.total
  for (const [asset, { notional }] of trade.assets) {
    const ofAsset = open.ofAsset(asset).plus(notFlat(deps, asset)).plus(notional)
    if (ofAsset.greaterThan(limits.maxExposurePerAsset))
      return over('exposure_asset', ofAsset, limits.maxExposurePerAsset)
    total = total.plus(notional)
  }
  for (const asset of deps.board.bases) total = total.plus(notFlat(deps, asset))
  return total.greaterThan(limits.maxExposureTotal) ? over('exposure_total', total, limits.maxExposureTotal) : undefined
}

const baseQuantity = ({ instrument, quantityLots }: LegPlan): Decimal =>
  instrument.lotsToQuantity(quantityLots).times(instrument.contractSize)

const onExchange = (trade: TradeExposure, exchange: ExchangeId): Decimal =>
  trade.legs.reduce((sum, leg) => (leg.exchange === exchange ? sum.plus(leg.notional) : sum), Decimal.zero)

const holding = (deps: RiskGateDependencies, asset: AssetId): Decimal =>
  deps.accounts.reduce((sum, account) => sum.plus(deps.account.total(account, asset)), Decimal.zero)

const notFlat = (deps: RiskGateDependencies, asset: AssetId): Decimal => {
  const position = deps.account.netPosition(asset)
  return position.isZero ? position : position.abs().times(deps.values.valueOf(asset) ?? Decimal.zero)
}

const over = (
  cause: 'trade_notional' | 'position' | 'exposure_exchange' | 'exposure_asset' | 'exposure_total',
  value: Decimal,
  limit: Decimal,
): RiskRefusal => refuse(cause, `${value.toString()} is above the limit of ${limit.toString()}.`)
