import { Decimal, type AssetId, type ExchangeId } from '@cex-arbitrage/common'
import { requiredEdgeBps } from '../strategies/edge-margin.js'
import type { LegPlan, TradePlan } from '../types/trade-plan.js'
import type { Exposures, TradeExposure } from './exposures.js'
import type { RiskGateDependencies } from './risk-gate-dependencies.js'
import { refuse, type RiskRefusal } from './risk-refusal.js'

/** Profit that is none, or an edge below the least for quotes of this age, their age being that of now. */
export function edgeRefusal(deps: RiskGateDependencies, plan: TradePlan): RiskRefusal | undefined {
  const ageUs = plan.quoteAgeUs + Math.max(0, deps.clock.nowUs() - plan.decidedAtUs)
  const required = requiredEdgeBps(deps.limits, ageUs)
  return plan.netEdgeBps >= required && plan.expectedProfit.sign > 0
    ? undefined
    : refuse('min_edge', `${plan.netEdgeBps} bps are below the ${required} bps asked of quotes ${ageUs} us old.`)
}

/** What a plan puts at risk, in the reporting asset; `undefined` where its quote has no known value. */
export function exposureOf(deps: RiskGateDependencies, plan: TradePlan): TradeExposure | undefined {
  const legs = []
  let notional = Decimal.zero
  let bought = Decimal.zero
  for (const leg of plan.legs) {
    const value = deps.values.valueOf(leg.instrument.quote)
    if (value === undefined) return undefined
    const legNotional = limitNotional(leg).times(value)
    legs.push({ exchange: leg.instrument.exchange, notional: legNotional })
    notional = Decimal.max(notional, legNotional)
    if (leg.side === 'buy') bought = bought.plus(baseQuantity(leg))
  }
  return { asset: plan.legs[0].instrument.base, notional, bought, legs }
}

/** Notional, position and exposure limits, with what open trades already take. */
export function exposureRefusal(
  deps: RiskGateDependencies,
  open: Exposures,
  trade: TradeExposure,
): RiskRefusal | undefined {
  const { limits } = deps
  if (trade.notional.greaterThan(limits.maxNotionalPerTrade))
    return over('trade_notional', trade.notional, limits.maxNotionalPerTrade)
  const maxPosition = limits.maxPositionByAsset.get(trade.asset)
  const position = holding(deps, trade.asset).plus(open.boughtOf(trade.asset)).plus(trade.bought)
  if (maxPosition?.lessThan(position) === true) return over('position', position, maxPosition)
  for (const { exchange } of trade.legs) {
    const exposure = open.onExchange(exchange).plus(onExchange(trade, exchange))
    if (exposure.greaterThan(limits.maxExposurePerExchange))
      return over('exposure_exchange', exposure, limits.maxExposurePerExchange)
  }
  const ofAsset = open.ofAsset(trade.asset).plus(notFlat(deps, trade.asset)).plus(trade.notional)
  if (ofAsset.greaterThan(limits.maxExposurePerAsset))
    return over('exposure_asset', ofAsset, limits.maxExposurePerAsset)
  const total = basesOf(deps).reduce((sum, asset) => sum.plus(notFlat(deps, asset)), open.total.plus(trade.notional))
  return total.greaterThan(limits.maxExposureTotal) ? over('exposure_total', total, limits.maxExposureTotal) : undefined
}

/** Funds that all legs need at their limit prices, fees included; futures are counted at full notional. */
export function balanceRefusal(deps: RiskGateDependencies, plan: TradePlan): RiskRefusal | undefined {
  const needs = new Map<string, { exchange: ExchangeId; asset: AssetId; amount: Decimal }>()
  for (const leg of plan.legs) {
    const { exchange, base, quote, marketType } = leg.instrument
    const asset = leg.side === 'sell' && marketType !== 'futures' ? base : quote
    const key = `${exchange} ${asset}`
    const known = needs.get(key)?.amount ?? Decimal.zero
    needs.set(key, { exchange, asset, amount: known.plus(needOf(leg)) })
  }
  for (const { exchange, asset, amount } of needs.values()) {
    const available = deps.account.available(exchange, asset)
    if (available.lessThan(amount))
      return refuse('balance', `${amount.toString()} ${asset} needed on ${exchange}, ${available.toString()} there.`)
  }
  return undefined
}

function needOf(leg: LegPlan): Decimal {
  const { instrument } = leg
  if (leg.side === 'sell' && instrument.marketType !== 'futures') return instrument.lotsToQuantity(leg.quantityLots)
  const fee = leg.expectedFeeAsset === instrument.quote ? instrument.fees.taker : Decimal.zero
  return limitNotional(leg).times(Decimal.one.plus(Decimal.max(fee, Decimal.zero)))
}

/** A buy costs at most its limit; a sale is counted at what it should bring, which is more than its limit. */
const limitNotional = (leg: LegPlan): Decimal =>
  Decimal.max(leg.instrument.notional(leg.priceTicks, leg.quantityLots), leg.expectedNotional)

const baseQuantity = ({ instrument, quantityLots }: LegPlan): Decimal =>
  instrument.lotsToQuantity(quantityLots).times(instrument.contractSize)

const onExchange = (trade: TradeExposure, exchange: ExchangeId): Decimal =>
  trade.legs.reduce((sum, leg) => (leg.exchange === exchange ? sum.plus(leg.notional) : sum), Decimal.zero)

const holding = (deps: RiskGateDependencies, asset: AssetId): Decimal =>
  deps.exchanges.reduce((sum, exchange) => sum.plus(deps.account.total(exchange, asset)), Decimal.zero)

const notFlat = (deps: RiskGateDependencies, asset: AssetId): Decimal =>
  deps.account
    .netPosition(asset)
    .abs()
    .times(deps.values.valueOf(asset) ?? Decimal.zero)

const basesOf = (deps: RiskGateDependencies): readonly AssetId[] => [
  ...new Set(deps.board.instruments.map(({ base }) => base)),
]

const over = (
  cause: 'trade_notional' | 'position' | 'exposure_exchange' | 'exposure_asset' | 'exposure_total',
  value: Decimal,
  limit: Decimal,
): RiskRefusal => refuse(cause, `${value.toString()} is above the limit of ${limit.toString()}.`)
