import { sleep, toCexArbitrageException, usPerMs, type Decimal } from '@cex-arbitrage/common'
import { accountOf, type AccountId } from '../types/account-id.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { ExecutionContext } from './execution-context.js'
import type { Leg } from './leg.js'
import { planRepair, type RepairStep } from './plan-repair.js'
import { computeExposures, type AcceptedAmounts, type AssetExposure } from './trade-exposure.js'
import type { TradeOrders } from './trade-orders.js'
import type { TrackedLeg } from './tracked-leg.js'

/** Tries in vain come at growing distances, so that an exchange has time to recover within the deadline. */
const maxRetryMs = 2_000

/** Closes what the fills of a trade left over, order by order, until it is within the bound (invariant S4). */
export class TradeRepair {
  /** Repairing orders in the order sent. */
  readonly orders: TrackedLeg[] = []
  private readonly avoid = new Set<AccountId>()
  /** What is left has been named to the operator to be closed by hand: a repair of ours would come on top. */
  handedOver = false

  constructor(
    private readonly context: ExecutionContext,
    private readonly plan: TradePlan,
    private readonly tradeOrders: TradeOrders,
    /** What an operator has taken over; it is nobody's to repair any more. */
    public accepted: AcceptedAmounts,
  ) {}

  /** The operator takes over what is open now; from here on only what changes is repaired. */
  accept(legs: readonly Leg[]): readonly AssetExposure[] {
    const taken = this.exposures(legs).filter(({ amount }) => !amount.isZero)
    this.accepted = new Map(
      computeExposures(this.plan, this.withRepairs(legs), new Map()).map(({ asset, amount }) => [asset, amount]),
    )
    this.handedOver = false
    return taken
  }

  /**
   * Exposures beyond the bound, repairing orders included; an asset that nothing values is beyond it with whatever amount.
   *
   * @param legs - All legs of the trade but the repairing orders.
   */
  excess(legs: readonly Leg[]): readonly AssetExposure[] {
    return this.exposures(legs).filter((exposure) => {
      if (exposure.amount.isZero) return false
      const worth = this.price(exposure)?.times(exposure.amount.abs())
      return worth === undefined || worth.greaterThan(this.context.settings.maxResidualNotional)
    })
  }

  /**
   * Sends orders until nothing is beyond the bound, the deadline has passed, the orders are used up or the engine stops. The deadline
   * counts the time in which an order could have been sent: while an earlier one is unknown, another might be one too many.
   *
   * @param legs - All legs of the trade but the repairing orders. A quote among them may still fill; any other is settled.
   * @returns `false` when a repairing order is not settled: what is open is not known then.
   */
  async run(legs: readonly Leg[]): Promise<boolean> {
    const { clock, settings, reconciler } = this.context
    let untilUs = clock.nowUs() + settings.repairDeadlineMs * usPerMs
    const before = this.ordersTaken
    for (let inVain = 0; ;) {
      const open = this.excess(legs)
      if (open.length === 0) return true
      if (reconciler.isStopped || this.handedOver) return true
      if (clock.nowUs() >= untilUs || this.ordersTaken - before >= settings.maxRepairOrders) return true
      const step = this.next(open)
      const sentAtUs = clock.nowUs()
      const filled = step !== undefined && (await this.send(step))
      untilUs += clock.nowUs() - sentAtUs
      if (filled === 'unsettled') return false
      if (filled === true) inVain = 0
      else await sleep(clock, Math.min(maxRetryMs, settings.repairRetryMs * 2 ** inVain++))
    }
  }

  /**
   * One try to close what is left within the bound as well, where an order for it is legal: what many quotes leave would
   * add up.
   *
   * @returns as `run`.
   */
  async tidy(legs: readonly Leg[]): Promise<boolean> {
    if (this.handedOver) return true
    const left = this.exposures(legs).find(({ amount }) => !amount.isZero)
    const step = left === undefined ? undefined : this.next([left])
    return step === undefined || (await this.send(step)) !== 'unsettled'
  }

  private exposures(legs: readonly Leg[]): readonly AssetExposure[] {
    return computeExposures(this.plan, this.withRepairs(legs), this.accepted)
  }

  private withRepairs(legs: readonly Leg[]): readonly Leg[] {
    return [...legs, ...this.orders.map(({ leg }) => leg)]
  }

  /** Orders that an exchange has taken; one that it refused has cost nothing and does not use up the number allowed. */
  private get ordersTaken(): number {
    return this.orders.filter(({ leg }) => leg.state !== 'rejected').length
  }

  private next(exposures: readonly AssetExposure[]): RepairStep | undefined {
    const { venues, quotes, portfolio, settings, valuation, desk, halt } = this.context
    const { correlationId } = this.plan
    const context = {
      plan: this.plan,
      instruments: venues.all,
      quotes,
      accounts: portfolio,
      valuation: valuation(this.plan.profitAsset),
      maxResidualNotional: settings.maxResidualNotional,
      slippageBps: settings.repairSlippageBps,
      avoid: this.avoid,
      resting: desk.unsettled().flatMap(({ leg }) => (leg.rests ? [leg.request] : [])),
    }
    try {
      return planRepair(exposures, context)
    } catch (error) {
      // Whatever is wrong with the planning, the trade still ends, and says what it left.
      const { message } = toCexArbitrageException(error, { doing: 'planning a repair', correlationId })
      halt.halt({ rule: 'invariant', detail: message, correlationId })
      return undefined
    }
  }

  /** Whether it filled anything; an order that did not is taken as a reason to try elsewhere first. */
  private async send(step: RepairStep): Promise<boolean | 'unsettled'> {
    const { approver, logger, desk } = this.context
    const tracked = this.tradeOrders.plan(step, step.role)
    const { clientOrderId } = tracked.leg.request
    try {
      const permit = approver.approveHedge(tracked.leg.request)
      if (!(await this.tradeOrders.journal([tracked]))) {
        desk.discard(tracked)
        return false
      }
      this.orders.push(tracked)
      this.tradeOrders.send([{ tracked, permit }], 'hedge')
    } catch (error) {
      const doing = `approving the repairing order ${clientOrderId}`
      const { code, message } = toCexArbitrageException(error, { doing, correlationId: this.plan.correlationId })
      logger.warn({ correlationId: this.plan.correlationId, clientOrderId, code, message }, 'repair refused')
      desk.discard(tracked)
      this.avoid.add(accountOf(step.instrument))
      return false
    }
    if (!(await this.tradeOrders.settled([tracked]))) return 'unsettled'
    const filled = !tracked.leg.filledQuantity.isZero
    if (filled) this.avoid.delete(accountOf(step.instrument))
    else this.avoid.add(accountOf(step.instrument))
    return filled
  }

  private price({ asset }: AssetExposure): Decimal | undefined {
    return this.plan.surplusPrices.get(asset) ?? this.context.valuation(this.plan.profitAsset)(asset)
  }
}
