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
      'mexcFuturesCapabilities',
      'registerExchange',
    ])
  })

  it('registers spot with and without a key, and futures without', () => {
    const registry = new ComponentRegistry()
    api.registerExchange(registry)
    expect(registry.exchanges).toEqual(['mexc'])
    expect(registry.marketTypes(api.mexcExchangeId)).toEqual(['spot', 'futures'])
    expect(registry.factoryClass(api.mexcExchangeId)).toBe(api.MexcExchangeFactory)
  })
})
