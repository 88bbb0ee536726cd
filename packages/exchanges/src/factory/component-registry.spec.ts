import {
  ConfigurationException,
  DuplicateComponentException,
  MissingComponentException,
  createExchangeId,
} from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { BaseExchangeFactory } from './base-exchange-factory.js'
import { ComponentRegistry } from './component-registry.js'
import { ExampleRestClient, exampleId, registerExample } from '../testing/example-exchange.js'

const key = { exchange: exampleId, marketType: 'spot', scope: 'public' } as const

describe('ComponentRegistry', () => {
  it('hands out what was registered, by exchange, market and scope', () => {
    const registry = new ComponentRegistry()
    registerExample(registry)
    expect(registry.restClient(key)).toBe(ExampleRestClient)
    expect(registry.has('REST client', key)).toBe(true)
    expect(registry.has('REST client', { ...key, marketType: 'margin' })).toBe(false)
    expect(registry.exchanges).toEqual([exampleId])
    expect(registry.marketTypes(exampleId)).toEqual(['spot'])
    expect(registry.marketTypes(createExchangeId('other'))).toEqual([])
  })

  it('refuses a second component under the same key, naming the first', () => {
    const registry = new ComponentRegistry()
    registerExample(registry)
    expect(() => registry.registerRestClient(key, ExampleRestClient)).toThrow(DuplicateComponentException)
    expect(() => registry.registerRestClient(key, ExampleRestClient)).toThrow(/ExampleRestClient/)
  })

  it('refuses a second factory of an exchange', () => {
    const registry = new ComponentRegistry()
    registry.registerFactory(exampleId, BaseExchangeFactory)
    expect(registry.factoryClass(exampleId)).toBe(BaseExchangeFactory)
    expect(() => registry.registerFactory(exampleId, BaseExchangeFactory)).toThrow(DuplicateComponentException)
  })

  it('names what is registered when something is missing', () => {
    const registry = new ComponentRegistry()
    expect(() => registry.webSocketClient(key)).toThrow(/Registered: none/)
    registerExample(registry)
    const missing = { exchange: createExchangeId('nowhere'), marketType: 'spot' } as const
    expect(() => registry.publicComposite(missing)).toThrow(MissingComponentException)
    expect(() => registry.privateComposite(missing)).toThrow(/private composite example\/spot\/private/)
    expect(() => registry.captureReplay(missing)).toThrow(/capture replay nowhere/)
  })

  it('checks at registration that a class brings what its kind needs', () => {
    const registry = new ComponentRegistry()
    class Bare {}
    expect(() => registry.registerComposite(key, Bare as never)).toThrow(ConfigurationException)
    expect(() => registry.registerComposite(key, Bare as never)).toThrow(/fetchServerTime, .*close/)
    expect(() => registry.registerComposite({ ...key, scope: 'private' }, Bare as never)).toThrow(/fetchBalances/)
    expect(() => registry.registerCaptureReplay(key, Bare as never)).toThrow(/accept, books/)
    expect(() => registry.registerWebSocketClient(key, new Bare() as never)).toThrow(/no class/)
  })
})
