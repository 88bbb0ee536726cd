import { describe, expect, it } from 'vitest'
import * as api from './index.js'

describe('the public API of exchanges', () => {
  it('is exactly this', () => {
    expect(Object.keys(api).toSorted()).toEqual([
      'BaseExchangeFactory',
      'BookSyncTally',
      'BookSynchronizer',
      'ComponentRegistry',
      'ExchangeEnum',
      'FactoryManager',
      'MarketTypeEnum',
      'OrderType',
      'ServerClock',
      'SnapshotScheduler',
      'SymbolTable',
      'asPart',
      'readScaledDecimal',
      'scaledCut',
      'scaledExact',
      'scaledInvalid',
    ])
  })
})
