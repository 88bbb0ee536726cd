import { ConfigurationException, ShuttingDownException, type ExchangeId, type MarketType } from '@cex-arbitrage/common'
import type { CaptureReplay } from '../interfaces/capture-replay.js'
import type { PrivateExchange } from '../interfaces/private-exchange.js'
import type { PublicExchange } from '../interfaces/public-exchange.js'
import { BaseExchangeFactory } from './base-exchange-factory.js'
import type { ComponentRegistry } from './component-registry.js'
import type { ExchangeContext } from './exchange-context.js'

/** How an exchange, built in or a plug-in, makes itself known. */
export type RegisterExchange = (registry: ComponentRegistry) => void

/** Loads a module by its npm name; `import()` unless a test brings its own. */
export type ModuleLoader = (name: string) => Promise<unknown>

const importModule: ModuleLoader = (name) => import(name) as Promise<unknown>

/**
 * Hands out exchanges by id, each made once, and closes them all.
 *
 * @example
 * const manager = new FactoryManager(new ComponentRegistry(), (exchange) => contexts[exchange])
 * manager.register(registerMexc)
 * await manager.loadPlugin('@cex-arbitrage/exchange-example')
 * const mexc = manager.publicExchange(createExchangeId('mexc'), 'spot')
 */
export class FactoryManager {
  private readonly factories = new Map<ExchangeId, BaseExchangeFactory>()
  private closed = false

  /** @param contextOf - What an exchange is built from; asked once for each, when it is first needed. */
  constructor(
    readonly registry: ComponentRegistry,
    private readonly contextOf: (exchange: ExchangeId) => ExchangeContext,
    private readonly loadModule: ModuleLoader = importModule,
  ) {}

  /** Lets an exchange register its components. Throws what the registry throws. */
  register(registerExchange: RegisterExchange): void {
    registerExchange(this.registry)
  }

  /**
   * Loads an npm package that exports `registerExchange` and registers it as a built-in exchange is.
   *
   * @throws {@link ConfigurationException} The package cannot be loaded or does not export that function.
   */
  async loadPlugin(name: string): Promise<void> {
    let loaded: unknown
    try {
      loaded = await this.loadModule(name)
    } catch (cause) {
      throw new ConfigurationException({
        cause,
        message: `The plug-in '${name}' cannot be loaded. Install it beside the engine, or take it off the list.`,
      })
    }
    const door = (loaded as { readonly registerExchange?: unknown } | undefined)?.registerExchange
    if (typeof door !== 'function')
      throw new ConfigurationException({
        message: `The plug-in '${name}' exports no function registerExchange(registry), so it is no exchange plug-in.`,
      })
    this.register(door as RegisterExchange)
  }

  /** @throws {@link MissingComponentException} No such exchange or market is registered. */
  publicExchange(exchange: ExchangeId, marketType: MarketType): PublicExchange {
    return this.factory(exchange).publicExchange(marketType)
  }

  /** @throws {@link MissingComponentException} No such exchange or market is registered. */
  privateExchange(exchange: ExchangeId, marketType: MarketType): PrivateExchange {
    return this.factory(exchange).privateExchange(marketType)
  }

  /** A fresh replay. @throws {@link MissingComponentException} The exchange cannot replay captures of that market. */
  createCaptureReplay(exchange: ExchangeId, marketType: MarketType): CaptureReplay {
    const replayClass = this.registry.captureReplay({ exchange, marketType })
    return new replayClass()
  }

  /** Closes every exchange handed out; all are tried, the first failure is thrown. */
  async close(): Promise<void> {
    this.closed = true
    const factories = [...this.factories.values()]
    this.factories.clear()
    const results = await Promise.allSettled(factories.map((factory) => factory.close()))
    for (const result of results) if (result.status === 'rejected') throw result.reason as Error
  }

  private factory(exchange: ExchangeId): BaseExchangeFactory {
    if (this.closed)
      throw new ShuttingDownException({ exchange, message: `The exchanges are closed; ${exchange} is not made again.` })
    const present = this.factories.get(exchange)
    if (present !== undefined) return present
    const factoryClass = this.registry.factoryClass(exchange) ?? BaseExchangeFactory
    const created = new factoryClass(exchange, this.registry, this.contextOf(exchange))
    this.factories.set(exchange, created)
    return created
  }
}
