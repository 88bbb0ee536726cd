import { ShuttingDownException, type ExchangeId, type MarketType } from '@cex-arbitrage/common'
import type { PrivateExchange } from '../interfaces/private-exchange.js'
import type { PublicExchange } from '../interfaces/public-exchange.js'
import type { ExchangeRestClient } from '../interfaces/rest-client.js'
import type { ComponentKey, ComponentRegistry, ComponentScope, ExchangeParts } from './component-registry.js'
import type { ExchangeContext } from './exchange-context.js'

interface Closable {
  close(): Promise<void>
}

/**
 * Assembles the parts of one exchange from the registry, each once. A REST client class that is registered for both
 * scopes of a market gives one client to both, so that they share its rate budget and its clock.
 *
 * Making parts connects nothing.
 */
export class BaseExchangeFactory {
  private readonly restClients = new Map<MarketType, Map<object, ExchangeRestClient>>()
  private readonly publicExchanges = new Map<MarketType, PublicExchange>()
  private readonly privateExchanges = new Map<MarketType, PrivateExchange>()
  /** In order of making; closed in the opposite order. */
  private readonly made: Closable[] = []
  private closed = false

  constructor(
    readonly exchange: ExchangeId,
    protected readonly registry: ComponentRegistry,
    protected readonly context: ExchangeContext,
  ) {}

  /** @throws {@link MissingComponentException} The exchange has no such market. */
  publicExchange(marketType: MarketType): PublicExchange {
    const present = this.publicExchanges.get(marketType)
    if (present !== undefined) return present
    const compositeClass = this.registry.publicComposite({ exchange: this.exchange, marketType })
    const created = this.keep(new compositeClass(this.context, this.createParts(marketType, 'public')))
    this.publicExchanges.set(marketType, created)
    return created
  }

  /** @throws {@link MissingComponentException} The exchange takes no orders on such a market. */
  privateExchange(marketType: MarketType): PrivateExchange {
    const present = this.privateExchanges.get(marketType)
    if (present !== undefined) return present
    const compositeClass = this.registry.privateComposite({ exchange: this.exchange, marketType })
    const created = this.keep(new compositeClass(this.context, this.createParts(marketType, 'private')))
    this.privateExchanges.set(marketType, created)
    return created
  }

  /** Closes everything made, composites before the clients they use; every part is tried, the first failure is thrown. */
  async close(): Promise<void> {
    this.closed = true
    const failures: unknown[] = []
    for (const part of this.made.splice(0).reverse()) {
      try {
        await part.close()
      } catch (error) {
        failures.push(error)
      }
    }
    this.restClients.clear()
    this.publicExchanges.clear()
    this.privateExchanges.clear()
    if (failures.length > 0) throw failures[0] as Error
  }

  private createParts(marketType: MarketType, scope: ComponentScope): ExchangeParts {
    const key: ComponentKey = { exchange: this.exchange, marketType, scope }
    const rest = this.restClient(key)
    const webSocketClass = this.registry.webSocketClient(key)
    return { rest, webSocket: this.keep(new webSocketClass(this.context, rest)) }
  }

  private restClient(key: ComponentKey): ExchangeRestClient {
    const restClass = this.registry.restClient(key)
    const ofMarket = this.restClients.get(key.marketType) ?? new Map<object, ExchangeRestClient>()
    this.restClients.set(key.marketType, ofMarket)
    const present = ofMarket.get(restClass)
    if (present !== undefined) return present
    const created = this.keep(new restClass(this.context))
    ofMarket.set(restClass, created)
    return created
  }

  private keep<T extends Closable>(part: T): T {
    if (this.closed)
      throw new ShuttingDownException({
        exchange: this.exchange,
        message: `The factory of ${this.exchange} is closed and makes no more parts.`,
      })
    this.made.push(part)
    return part
  }
}
