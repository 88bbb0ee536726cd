import { describe, expect, it } from 'vitest'
import { createAssetId, createExchangeId } from './ids.js'
import { isFinalOrderStatus } from './order.js'
import { oppositeSide } from './side.js'
import { createSymbol, parseSymbol } from './symbol.js'

describe('symbols', () => {
  it('read what they write', () => {
    const symbol = createSymbol(createAssetId('BTC'), createAssetId('USDT'))
    expect(parseSymbol(symbol)).toEqual({ symbol, base: 'BTC', quote: 'USDT' })
  })

  it('may carry a slash in the base', () => {
    expect(parseSymbol('A/B/USDT')).toMatchObject({ base: 'A/B', quote: 'USDT' })
  })

  it.each(['BTC', '/USDT', 'BTC/', '/', ''])("refuse '%s'", (text) => {
    expect(() => parseSymbol(text)).toThrow(TypeError)
  })
})

describe('ids', () => {
  it.each(['mexc', 'gate-io', 'a1_b'])('take the exchange name %s', (name) => {
    expect(createExchangeId(name)).toBe(name)
  })

  it.each(['', 'MEXC', '1inch', 'a b', 'a.b'])("refuse the exchange name '%s'", (name) => {
    expect(() => createExchangeId(name)).toThrow(TypeError)
  })

  it('refuse an empty ticker', () => {
    expect(() => createAssetId('')).toThrow(TypeError)
  })
})

describe('small words', () => {
  it('turns a side round', () => {
    expect([oppositeSide('buy'), oppositeSide('sell')]).toEqual(['sell', 'buy'])
  })

  it('knows which order states are final', () => {
    const states = ['open', 'partially_filled', 'filled', 'cancelled', 'rejected'] as const
    expect(states.filter(isFinalOrderStatus)).toEqual(['filled', 'cancelled', 'rejected'])
  })
})
