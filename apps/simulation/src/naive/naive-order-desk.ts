import {
  Decimal,
  type ClientOrderId,
  type CorrelationId,
  type IdSource,
  type OrderRequest,
  type RiskApproved,
  type Side,
} from '@cex-arbitrage/common'
import type { LegPlan, TradingVenue } from '@cex-arbitrage/trading'

const ackTimeoutMs = 2_000
const quoteStep = Decimal.of(1, 2)

/** The orders that a naive rule sent for one leg of a trade. */
export interface NaiveLeg {
  readonly plan: LegPlan
  readonly sentIds: string[]
}

/** Sends the orders of naive rules and remembers their ids, so that they can be judged. */
export class NaiveOrderDesk {
  constructor(
    private readonly venues: readonly TradingVenue[],
    private readonly ids: IdSource,
  ) {}

  /** Sends the leg as planned. Rejects as the gateway does. */
  async sendPlanned(leg: NaiveLeg): Promise<void> {
    const { instrument, side, priceTicks, quantityLots } = leg.plan
    const execution = { timeInForce: 'ioc' } as const
    await this.send(leg, { ...this.mint(leg), instrument, type: 'limit', side, priceTicks, quantityLots, execution })
  }

  /** Sends the leg, or the way back from it, at any price. Rejects as the gateway does. */
  async sendAtMarket(leg: NaiveLeg, side: Side = leg.plan.side): Promise<void> {
    const { instrument, quantityLots, expectedNotional } = leg.plan
    const order = { ...this.mint(leg), instrument, type: 'market' } as const
    // The exchanges take no more decimals than the pair's quote has.
    const quoteAmount = expectedNotional.toMultipleOf(quoteStep, 'up')
    await this.send(leg, side === 'buy' ? { ...order, side, quoteAmount } : { ...order, side, quantityLots })
  }

  private mint(leg: NaiveLeg): { readonly clientOrderId: ClientOrderId; readonly correlationId: CorrelationId } {
    const clientOrderId = this.ids.nextClientOrderId()
    leg.sentIds.push(clientOrderId)
    return { clientOrderId, correlationId: this.ids.nextCorrelationId() }
  }

  private async send(leg: NaiveLeg, order: OrderRequest): Promise<void> {
    const venue = this.venues.find(({ exchange }) => exchange === leg.plan.instrument.exchange)!
    // A model of engines that have no risk gate: nobody has approved this.
    const unchecked = order as RiskApproved<OrderRequest>
    await venue.privateExchange.orders.submitOrder(unchecked, { ackTimeoutMs, purpose: 'open' })
  }
}
