import {
  ConfigurationException,
  DuplicateComponentException,
  MissingComponentException,
  type ExchangeId,
  type MarketType,
} from '@cex-arbitrage/common'
import type { RehearsalAnswer } from '@cex-arbitrage/networking'
import type { CaptureReplay } from '../interfaces/capture-replay.js'
import type { PrivateExchange } from '../interfaces/private-exchange.js'
import type { PublicExchange } from '../interfaces/public-exchange.js'
import type { ExchangeRestClient } from '../interfaces/rest-client.js'
import type { ExchangeWebSocketClient } from '../interfaces/websocket-client.js'
import type { BaseExchangeFactory } from './base-exchange-factory.js'
import type { ExchangeContext } from './exchange-context.js'

/** Whether a part needs a key. */
export type ComponentScope = 'public' | 'private'

/** Names one component: which exchange, which kind of market, with or without a key. */
export interface ComponentKey {
  readonly exchange: ExchangeId
  readonly marketType: MarketType
  readonly scope: ComponentScope
}

/** The lower parts a composite is built from. A composite checks that they are its own exchange's. */
export interface ExchangeParts {
  readonly rest: ExchangeRestClient
  readonly webSocket: ExchangeWebSocketClient
}

export type RestClientClass = new (context: ExchangeContext) => ExchangeRestClient
export type WebSocketClientClass = new (context: ExchangeContext, rest: ExchangeRestClient) => ExchangeWebSocketClient
export type PublicCompositeClass = new (context: ExchangeContext, parts: ExchangeParts) => PublicExchange
export type PrivateCompositeClass = new (context: ExchangeContext, parts: ExchangeParts) => PrivateExchange
export type CaptureReplayClass = new () => CaptureReplay
export type ExchangeFactoryClass = new (
  exchange: ExchangeId,
  registry: ComponentRegistry,
  context: ExchangeContext,
) => BaseExchangeFactory

interface ComponentClass {
  readonly name: string
  readonly prototype: object
}

/** What a class must bring, by kind; checked when it is registered, for plug-ins come without our compiler. */
const requiredMethods = {
  'REST client': ['close'],
  'WebSocket client': ['close'],
  'public composite': [
    'fetchServerTime',
    'fetchInstruments',
    'fetchOrderBook',
    'fetchTrades',
    'fetchTicker',
    'fetchCandles',
    'close',
  ],
  'private composite': ['fetchBalances', 'fetchFees', 'fetchKeyRights', 'close'],
  'capture replay': ['accept', 'books'],
} as const
type ComponentKind = keyof typeof requiredMethods

/**
 * The parts of every exchange, keyed by exchange, market type and scope. Built-in exchanges and plug-ins register
 * through the same door, an exported `registerExchange(registry)`.
 */
export class ComponentRegistry {
  private readonly components = new Map<string, ComponentClass>()
  private readonly markets = new Map<ExchangeId, Set<MarketType>>()
  private readonly factoryClasses = new Map<ExchangeId, ExchangeFactoryClass>()
  private readonly rehearsalAnswers = new Map<string, RehearsalAnswer>()

  /**
   * Registers an exchange's own factory, for one that checks or prepares more than `BaseExchangeFactory` does.
   *
   * @throws {@link DuplicateComponentException}
   */
  registerFactory(exchange: ExchangeId, factoryClass: ExchangeFactoryClass): void {
    const present = this.factoryClasses.get(exchange)
    if (present !== undefined)
      throw new DuplicateComponentException({
        exchange,
        message: `A factory of ${exchange} is registered already (${present.name}). Remove one of the two plug-ins.`,
      })
    this.factoryClasses.set(exchange, factoryClass)
  }

  /** @throws {@link DuplicateComponentException} @throws {@link ConfigurationException} when the class lacks a method. */
  registerRestClient(key: ComponentKey, componentClass: RestClientClass): void {
    this.register('REST client', key, componentClass)
  }

  /** Errors as `registerRestClient`. */
  registerWebSocketClient(key: ComponentKey, componentClass: WebSocketClientClass): void {
    this.register('WebSocket client', key, componentClass)
  }

  /** Registers what trading sees: a `PublicExchange` or a `PrivateExchange`, by scope. Errors as `registerRestClient`. */
  registerComposite(key: ComponentKey & { readonly scope: 'public' }, componentClass: PublicCompositeClass): void
  registerComposite(key: ComponentKey & { readonly scope: 'private' }, componentClass: PrivateCompositeClass): void
  registerComposite(key: ComponentKey, componentClass: PublicCompositeClass | PrivateCompositeClass): void {
    this.register(key.scope === 'public' ? 'public composite' : 'private composite', key, componentClass)
  }

  /** Registers how recorded traffic of an exchange is replayed. Errors as `registerRestClient`. */
  registerCaptureReplay(key: Omit<ComponentKey, 'scope'>, componentClass: CaptureReplayClass): void {
    this.register('capture replay', { ...key, scope: 'public' }, componentClass)
  }

  /**
   * Registers what the exchange would answer to an order, so that sending one can be rehearsed.
   *
   * @throws {@link DuplicateComponentException}
   */
  registerRehearsal({ exchange, marketType }: Omit<ComponentKey, 'scope'>, answer: RehearsalAnswer): void {
    const name = `${exchange}/${marketType}`
    if (this.rehearsalAnswers.has(name))
      throw new DuplicateComponentException({
        exchange,
        message: `Answers to a rehearsal of ${name} are registered already. Remove one of the two plug-ins.`,
      })
    this.rehearsalAnswers.set(name, answer)
  }

  /** @throws {@link MissingComponentException} naming what is registered. */
  restClient(key: ComponentKey): RestClientClass {
    return this.find('REST client', key) as unknown as RestClientClass
  }

  /** Errors as `restClient`. */
  webSocketClient(key: ComponentKey): WebSocketClientClass {
    return this.find('WebSocket client', key) as unknown as WebSocketClientClass
  }

  /** Errors as `restClient`. */
  publicComposite(key: Omit<ComponentKey, 'scope'>): PublicCompositeClass {
    return this.find('public composite', { ...key, scope: 'public' }) as unknown as PublicCompositeClass
  }

  /** Errors as `restClient`. */
  privateComposite(key: Omit<ComponentKey, 'scope'>): PrivateCompositeClass {
    return this.find('private composite', { ...key, scope: 'private' }) as unknown as PrivateCompositeClass
  }

  /** Errors as `restClient`. */
  captureReplay(key: Omit<ComponentKey, 'scope'>): CaptureReplayClass {
    return this.find('capture replay', { ...key, scope: 'public' }) as unknown as CaptureReplayClass
  }

  /** The exchange's own factory; `undefined` where it has none and `BaseExchangeFactory` serves. */
  factoryClass(exchange: ExchangeId): ExchangeFactoryClass | undefined {
    return this.factoryClasses.get(exchange)
  }

  /** `undefined` where the exchange cannot be rehearsed. */
  rehearsalAnswer({ exchange, marketType }: Omit<ComponentKey, 'scope'>): RehearsalAnswer | undefined {
    return this.rehearsalAnswers.get(`${exchange}/${marketType}`)
  }

  has(kind: ComponentKind, key: ComponentKey): boolean {
    return this.components.has(describe(kind, key))
  }

  /** Exchanges with at least one component, in order of registration. */
  get exchanges(): readonly ExchangeId[] {
    return [...this.markets.keys()]
  }

  /** Kinds of market with at least one component of the exchange. */
  marketTypes(exchange: ExchangeId): readonly MarketType[] {
    return [...(this.markets.get(exchange) ?? [])]
  }

  private register(kind: ComponentKind, key: ComponentKey, componentClass: ComponentClass): void {
    assertComponentClass(kind, key, componentClass)
    const name = describe(kind, key)
    const present = this.components.get(name)
    if (present !== undefined)
      throw new DuplicateComponentException({
        exchange: key.exchange,
        message: `A ${name} is registered already (${present.name}). Remove one of the two plug-ins.`,
      })
    this.components.set(name, componentClass)
    const markets = this.markets.get(key.exchange) ?? new Set()
    this.markets.set(key.exchange, markets.add(key.marketType))
  }

  private find(kind: ComponentKind, key: ComponentKey): ComponentClass {
    const name = describe(kind, key)
    const found = this.components.get(name)
    if (found !== undefined) return found
    const registered = [...this.components.keys()].filter((each) => each.startsWith(`${kind} `))
    throw new MissingComponentException({
      exchange: key.exchange,
      message: `No ${name} is registered. Registered: ${registered.join(', ') || 'none'}. Is its plug-in listed?`,
    })
  }
}

function describe(kind: ComponentKind, { exchange, marketType, scope }: ComponentKey): string {
  return `${kind} ${exchange}/${marketType}/${scope}`
}

function assertComponentClass(kind: ComponentKind, key: ComponentKey, componentClass: unknown): void {
  const isClass = typeof componentClass === 'function' && typeof componentClass.prototype === 'object'
  const prototype = (isClass ? componentClass.prototype : {}) as Record<string, unknown>
  const missing = requiredMethods[kind].filter((method) => typeof prototype[method] !== 'function')
  if (isClass && missing.length === 0) return
  throw new ConfigurationException({
    exchange: key.exchange,
    message: isClass
      ? `The ${describe(kind, key)} (${componentClass.name}) lacks the methods ${missing.join(', ')}.`
      : `The ${describe(kind, key)} is no class. Register the class itself, not an instance of it.`,
  })
}
