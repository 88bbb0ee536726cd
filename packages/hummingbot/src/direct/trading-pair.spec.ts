import { describe, expect, it } from 'vitest'
import { toHummingbotPair } from './trading-pair.js'

describe('toHummingbotPair', () => {
  it.each(['eth/usdt', 'ETH_USDT', 'ETH-USDT'])('writes %s as ETH-USDT', (text) => {
    expect(toHummingbotPair(text)).toBe('ETH-USDT')
  })

  it.each(['ETHUSDT', '-USDT', 'A-B-C', ''])('refuses %s', (text) => {
    expect(() => toHummingbotPair(text)).toThrow('Invalid trading pair')
  })
})
