import { RiskRefusedException, type LimitOrderRequest, type RiskApproved } from '@cex-arbitrage/common'
import { haltCauseOf } from '../types/halt.js'
import type { HedgeApprover } from '../types/hedge-approver.js'
import { ordersOf, type TradePlan } from '../types/trade-plan.js'
import { orderBreach } from '../sizing/order-rules.js'
import { Exposures, type TradeExposure } from './exposures.js'
import { balanceRefusal } from './leg-funds.js'
import { edgeRefusal, exposureOf, exposureRefusal } from './limit-checks.js'
import { OrderRate } from './order-rate.js'
import { admitWholeTrade } from './rate-admission.js'
import type { RiskGateDependencies } from './risk-gate-dependencies.js'
import { refuse, type RiskRefusal } from './risk-refusal.js'
import { bandRefusal, bookRefusal, exchangeRefusal, legRefusal } from './venue-checks.js'

/** A plan that may be executed. `release` gives back its exposure and rate budget when it has ended; harmless twice. */
export interface RiskApproval {
  readonly plan: RiskApproved<TradePlan>
  release(): void
}

/**
 * Every order passes here; nothing else mints `RiskApproved`. A plan is asked every question of the limits, in the order
 * of `whyNotCauses`, and refused with the first that stands against it. Hedges and unwinds are asked only what their
 * exchange would refuse and what would be a mistake; they pass while trading is halted.
 */
export class RiskGate implements HedgeApprover {
  private readonly open = new Exposures()
  private readonly orderRate: OrderRate
  private openTrades = 0
  /** Plans let through, with what they put at risk and whether a leg of theirs has been minted. */
  private readonly minted = new WeakMap<TradePlan, { readonly exposure: TradeExposure; legs: number }>()

  constructor(private readonly deps: RiskGateDependencies) {
    this.orderRate = new OrderRate(deps.limits.maxOrdersPerSecond)
  }

  /** Lets a plan through, reserving its exposure and the rate budget of legs, cancels and unwind on every exchange. */
  approveTrade(plan: TradePlan): RiskApproval | RiskRefusal {
    const unfit = this.haltRefusal(plan) ?? this.venueRefusal(plan) ?? edgeRefusal(this.deps, plan)
    if (unfit !== undefined) return unfit
    const exposure = exposureOf(this.deps, plan)
    if (exposure === undefined)
      return refuse('unvalued', `${plan.profitAsset} has no known value in ${this.deps.values.reportingAsset}.`)
    const over =
      exposureRefusal(this.deps, this.open, exposure) ??
      balanceRefusal(this.deps, ordersOf(plan), plan.sending) ??
      this.countRefusal(plan)
    if (over !== undefined) return over
    const permit = admitWholeTrade(this.deps, plan)
    if (typeof permit === 'string')
      return refuse('rate_budget', `${permit} has no room for the legs, cancels and unwind of a trade now.`)
    this.open.add(exposure)
    this.openTrades++
    let released = false
    const release = (): void => {
      if (released) return
      released = true
      this.open.remove(exposure)
      this.openTrades--
      permit.release()
    }
    this.minted.set(plan, { exposure, legs: 0 })
    return { plan: mint(plan), release }
  }

  approveLeg(plan: RiskApproved<TradePlan>, order: LimitOrderRequest): RiskApproved<LimitOrderRequest> {
    const record = this.minted.get(plan)
    const leg = plan.legs.find(({ instrument, side }) => instrument.id === order.instrument.id && side === order.side)
    if (record === undefined || leg === undefined || order.correlationId !== plan.correlationId)
      throw this.refused(order, 'it is no leg of an approved plan')
    if (order.reduceOnly !== leg.reduceOnly)
      throw this.refused(order, 'it is to reduce a position otherwise than planned')
    const worse = leg.side === 'buy' ? order.priceTicks > leg.priceTicks : order.priceTicks < leg.priceTicks
    if (worse || order.quantityLots > leg.quantityLots) throw this.refused(order, 'it goes beyond its plan')
    if (!isExecutedAsPlanned(plan, order.execution))
      throw this.refused(order, 'nothing rests on the book but the leg of a quote, which takes nothing')
    const breach = orderBreach(order.instrument, order.side, order.priceTicks, order.quantityLots)
    if (breach !== undefined) throw this.refused(order, breach)
    // The first leg opens; after it the others are what keeps the trade flat, and a halt must not stop them.
    const halt = record.legs === 0 ? haltCauseOf(this.deps.halt, plan) : undefined
    if (halt !== undefined) throw this.refused(order, `trading is halted: ${halt.detail}`)
    record.legs++
    this.orderRate.count(this.deps.clock.nowUs())
    return mint(order)
  }

  approveHedge(order: LimitOrderRequest): RiskApproved<LimitOrderRequest> {
    const { instrument, side, priceTicks, quantityLots } = order
    const breach = orderBreach(instrument, side, priceTicks, quantityLots)
    if (breach !== undefined) throw this.refused(order, breach)
    const beyond = bandRefusal(this.deps, order, this.deps.limits.maxHedgePriceDeviation)
    if (beyond !== undefined) throw this.refused(order, beyond.detail)
    this.orderRate.count(this.deps.clock.nowUs())
    return mint(order)
  }

  /** Asks anew what was asked of the plan; its own exposure is not counted twice, its rate budget it has. */
  reviewQuote(plan: TradePlan): RiskRefusal | undefined {
    const exposure = this.minted.get(plan)?.exposure
    if (exposure === undefined) return refuse('halted', 'It was never let through.')
    const unfit = this.venueRefusal(plan)
    if (unfit !== undefined) return unfit
    this.open.remove(exposure)
    const over = exposureRefusal(this.deps, this.open, exposure)
    this.open.add(exposure)
    // What the leg itself needs is locked in it.
    return over ?? balanceRefusal(this.deps, ordersOf(plan).slice(plan.legs.length), plan.sending)
  }

  private haltRefusal(plan: TradePlan): RiskRefusal | undefined {
    this.deps.rules.check()
    const cause = haltCauseOf(this.deps.halt, plan)
    if (cause === undefined) return undefined
    const { rule, detail } = cause
    const own =
      rule === 'daily_loss' || rule === 'consecutive_failures' || rule === 'clock_offset' || rule === 'stale_feed'
    return refuse(own ? rule : 'halted', detail)
  }

  private venueRefusal(plan: TradePlan): RiskRefusal | undefined {
    const orders = ordersOf(plan)
    for (const { instrument } of orders) {
      const refusal = exchangeRefusal(this.deps, instrument)
      if (refusal !== undefined) return refusal
    }
    const books = bookRefusal(this.deps, plan)
    if (books !== undefined) return books
    for (const leg of orders) {
      const refusal = legRefusal(this.deps, leg)
      if (refusal !== undefined) return refusal
    }
    return undefined
  }

  private countRefusal(plan: TradePlan): RiskRefusal | undefined {
    const { limits, account, accounts, clock } = this.deps
    const trades = Math.max(this.openTrades, account.openTrades())
    if (trades >= limits.maxOpenTrades) return refuse('open_trades', `${trades} trades are open.`)
    const orders = accounts.reduce((sum, id) => sum + account.openOrders(id) + account.unknownOrders(id), 0)
    const needed = ordersOf(plan).length
    if (orders + needed > limits.maxOpenOrders) return refuse('open_orders', `${orders} orders are open.`)
    this.orderRate.setLimit(limits.maxOrdersPerSecond)
    return this.orderRate.fits(needed, clock.nowUs())
      ? undefined
      : refuse('order_rate', `${limits.maxOrdersPerSecond} orders a second are used up.`)
  }

  private refused(order: LimitOrderRequest, why: string): RiskRefusedException {
    return new RiskRefusedException({
      exchange: order.instrument.exchange,
      correlationId: order.correlationId,
      timestamp: this.deps.clock.nowMs(),
      message: `Order ${order.clientOrderId} (${order.side} ${order.quantityLots} lots of ${order.instrument.id} at ${order.priceTicks} ticks) is refused: ${why}. Nothing was sent.`,
    })
  }
}

/** The one place that mints a permit. */
const mint = <T>(value: T): RiskApproved<T> => value as RiskApproved<T>

/** A leg takes what is there at once; that of a quote rests and takes nothing. */
const isExecutedAsPlanned = ({ quote }: TradePlan, execution: LimitOrderRequest['execution']): boolean =>
  quote === undefined ? execution.timeInForce !== 'gtc' : execution.timeInForce === 'gtc' && execution.postOnly
