import { describe, expect, it } from 'vitest'
import { ComponentRegistry } from '../../factory/component-registry.js'
import * as api from './index.js'

describe('the public API of MEXC', () => {
  it('is exactly this', () => {
    expect(Object.keys(api).toSorted()).toEqual([
      'MexcExchangeFactory',
      'MexcMarketDataDecoder',
      'mexcCapabilities',
      'mexcExchangeId',
      'mexcFrameKind',
      'registerExchange',
    ])
  })

  it('registers spot, with and without a key', () => {
    const registry = new ComponentRegistry()
    api.registerExchange(registry)
    expect(registry.exchanges).toEqual(['mexc'])
    expect(registry.marketTypes(api.mexcExchangeId)).toEqual(['spot'])
    expect(registry.factoryClass(api.mexcExchangeId)).toBe(api.MexcExchangeFactory)
  })
})
