import { describe, expect, it } from 'vitest'

import { TradingSymbol } from '../matching/trading-symbol.js'
import { Candles } from './candles.js'
import { defaultSymbols } from './default-symbols.js'

const symbol = new TradingSymbol(defaultSymbols[0]!)
const trade = (atMs: number, priceTicks: number, lots: number) =>
  ({ tradeId: 1, marketTradeId: 1, symbol: symbol.name, priceTicks, lots, side: 'buy', atMs }) as const

describe('candles', () => {
  it('gather trades into bars of any length', () => {
    const candles = new Candles(symbol)
    for (const [atMs, ticks] of [
      [1_000, 100],
      [1_500, 300],
      [1_900, 50],
      [5_000, 200],
      [61_000, 10],
    ] as const)
      candles.record(trade(atMs, ticks, 100_000))
    expect(candles.list(60_000, 0, 119_999)).toEqual([
      { openMs: 0, open: 10, high: 30, low: 5, close: 20, volume: 4, quoteVolume: 65 },
      { openMs: 60_000, open: 1, high: 1, low: 1, close: 1, volume: 1, quoteVolume: 1 },
    ])
    expect(candles.list(1_000, 1_000, 1_999)).toHaveLength(1)
    expect(candles.list(1_000, 100_000, 200_000)).toEqual([])
  })

  it('fill what was before with the history of the price, and join both', () => {
    const candles = new Candles(symbol, (atMs) => 100 + atMs / 1_000)
    candles.record(trade(3_500, 5_000, 100_000))
    const bars = candles.list(2_000, 0, 3_999)
    expect(bars).toEqual([
      { openMs: 0, open: 100, high: 102, low: 100, close: 102, volume: 0, quoteVolume: 0 },
      { openMs: 2_000, open: 102, high: 500, low: 102, close: 500, volume: 1, quoteVolume: 500 },
    ])
  })

  it('forget the oldest seconds', () => {
    const candles = new Candles(symbol)
    for (let i = 0; i < 7_300; i++) candles.record(trade(i * 1_000, 100, 1))
    expect(candles.list(1_000, 0, 7_300_000)).toHaveLength(7_200)
  })
})
