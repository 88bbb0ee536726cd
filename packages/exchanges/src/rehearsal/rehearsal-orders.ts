import {
  silentLogger,
  type Clock,
  type ExchangeId,
  type MarketType,
  type OrderAcknowledgement,
  type OrderRequest,
  type Random,
  type RiskApproved,
} from '@cex-arbitrage/common'
import { BaseExchangeFactory } from '../factory/base-exchange-factory.js'
import type { ComponentRegistry } from '../factory/component-registry.js'
import type { ExchangeContext } from '../factory/exchange-context.js'
import type { OrderGateway, RatePermit, SubmitOptions, TradeRateNeed } from '../interfaces/order-gateway.js'
import { RehearsalNetwork } from './rehearsal-network.js'
import { SkippingClock } from './skipping-clock.js'

export interface RehearsalSources {
  readonly clock: Clock
  readonly random: Random
  /** Those of the exchange, without its keys. */
  readonly options?: ExchangeContext['options']
}

/** No window of an exchange is longer in terms of the orders of one trade. */
const betweenTradesMs = 2_000

/** Signs nothing that anybody takes. */
const credentials = { apiKey: { reveal: () => 'rehearsal' }, secret: { reveal: () => 'rehearsal' } }

/**
 * An exchange's own order gateway with rate budget, clock, keys and network of its own, none of which is real. Being a
 * class with something private, nothing else can be given in its place.
 */
export class RehearsalOrders {
  private constructor(
    private readonly gateway: OrderGateway,
    private readonly factory: BaseExchangeFactory,
    private readonly clock: SkippingClock,
  ) {}

  /** `undefined` where the exchange has registered no answers. */
  static create(
    registry: ComponentRegistry,
    exchange: ExchangeId,
    marketType: MarketType,
    sources: RehearsalSources,
  ): RehearsalOrders | undefined {
    const answer = registry.rehearsalAnswer({ exchange, marketType })
    if (answer === undefined) return undefined
    const factoryClass = registry.factoryClass(exchange) ?? BaseExchangeFactory
    const clock = new SkippingClock(sources.clock)
    const factory = new factoryClass(exchange, registry, {
      clock,
      random: sources.random,
      logger: silentLogger,
      credentials,
      network: new RehearsalNetwork(clock, answer),
      options: { ...sources.options, orderEntry: 'rest' },
    })
    return new RehearsalOrders(factory.privateExchange(marketType).orders, factory, clock)
  }

  submitOrder(order: RiskApproved<OrderRequest>, options: SubmitOptions): Promise<OrderAcknowledgement> {
    return this.gateway.submitOrder(order, options)
  }

  /** As long after the trade before as the exchange wants, whatever the real clock says. */
  admitTrade(need: TradeRateNeed): RatePermit | undefined {
    this.clock.skip(betweenTradesMs)
    return this.gateway.admitTrade(need)
  }

  close(): Promise<void> {
    return this.factory.close()
  }
}
