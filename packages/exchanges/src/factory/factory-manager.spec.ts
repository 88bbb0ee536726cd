import {
  ConfigurationException,
  MissingComponentException,
  SeededRandom,
  ShuttingDownException,
  createExchangeId,
  silentLogger,
} from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  ExampleCaptureReplay,
  ExampleRestClient,
  ExampleWebSocketClient,
  exampleEvents,
  exampleId,
  registerExample,
  type ExamplePublicExchange,
} from '../testing/example-exchange.js'
import { BaseExchangeFactory } from './base-exchange-factory.js'
import { ComponentRegistry } from './component-registry.js'
import type { ExchangeContext } from './exchange-context.js'
import { asPart } from './exchange-parts.js'
import { FactoryManager, type ModuleLoader } from './factory-manager.js'

const createContext = (options: Record<string, unknown> = {}): ExchangeContext => ({
  clock: new ManualClock(),
  random: new SeededRandom(1),
  logger: silentLogger,
  options,
})

const createManager = (options: Record<string, unknown> = {}, loader?: ModuleLoader): FactoryManager => {
  const manager = new FactoryManager(new ComponentRegistry(), () => createContext(options), loader)
  manager.register(registerExample)
  return manager
}

describe('FactoryManager', () => {
  beforeEach(() => void exampleEvents.splice(0))

  it('makes each exchange once, and one REST client for both scopes', () => {
    const manager = createManager()
    const exchange = manager.publicExchange(exampleId, 'spot')
    expect(manager.publicExchange(exampleId, 'spot')).toBe(exchange)
    const account = manager.privateExchange(exampleId, 'spot')
    expect(manager.privateExchange(exampleId, 'spot')).toBe(account)
    const partsOf = (each: unknown) => (each as ExamplePublicExchange).parts
    expect(partsOf(account).rest).toBe(partsOf(exchange).rest)
    expect(partsOf(account).webSocket).not.toBe(partsOf(exchange).webSocket)
    expect(exampleEvents).toEqual(['rest made'])
  })

  it('closes composites before the clients they use, and makes nothing afterwards', async () => {
    const manager = createManager()
    manager.publicExchange(exampleId, 'spot')
    await manager.close()
    expect(exampleEvents).toEqual(['rest made', 'composite closed', 'socket closed', 'rest closed'])
    expect(() => manager.publicExchange(exampleId, 'spot')).toThrow(ShuttingDownException)
  })

  it('closes the rest too when one part cannot be closed, and says so', async () => {
    const manager = createManager({ fails: true })
    manager.publicExchange(exampleId, 'spot')
    await expect(manager.close()).rejects.toThrow('cannot close')
    expect(exampleEvents).toContain('rest closed')
  })

  it('says which exchange or market is missing', () => {
    const manager = createManager()
    expect(() => manager.publicExchange(createExchangeId('nowhere'), 'spot')).toThrow(MissingComponentException)
    expect(() => manager.privateExchange(exampleId, 'futures')).toThrow(/example\/futures\/private/)
    expect(() => manager.createCaptureReplay(exampleId, 'futures')).toThrow(MissingComponentException)
    expect(manager.createCaptureReplay(exampleId, 'spot')).toBeInstanceOf(ExampleCaptureReplay)
  })

  it('uses the factory that an exchange brings', () => {
    const manager = createManager()
    class OwnFactory extends BaseExchangeFactory {}
    manager.registry.registerFactory(exampleId, OwnFactory)
    manager.publicExchange(exampleId, 'spot')
    expect(manager.registry.factoryClass(exampleId)).toBe(OwnFactory)
  })

  it('takes a plug-in by its npm name through the same door', async () => {
    const manager = new FactoryManager(
      new ComponentRegistry(),
      () => createContext(),
      () => Promise.resolve({ registerExchange: registerExample }),
    )
    await manager.loadPlugin('@cex-arbitrage/exchange-example')
    expect(manager.registry.exchanges).toEqual([exampleId])
  })

  it('says what is wrong with a plug-in that cannot be used', async () => {
    await expect(createManager().loadPlugin('@cex-arbitrage/no-such-package')).rejects.toThrow(/cannot be loaded/)
    const withoutDoor = createManager({}, () => Promise.resolve({}))
    await expect(withoutDoor.loadPlugin('left-pad')).rejects.toThrow(ConfigurationException)
  })
})

describe('BaseExchangeFactory', () => {
  it('makes no more parts once it is closed', async () => {
    const registry = new ComponentRegistry()
    registerExample(registry)
    const factory = new BaseExchangeFactory(exampleId, registry, createContext())
    await factory.close()
    expect(() => factory.publicExchange('spot')).toThrow(ShuttingDownException)
  })
})

describe('asPart', () => {
  it('narrows a part to its class and refuses one of another', () => {
    const rest = new ExampleRestClient(createContext())
    expect(asPart(rest, ExampleRestClient)).toBe(rest)
    expect(() => asPart(rest, ExampleWebSocketClient)).toThrow(ConfigurationException)
  })
})
