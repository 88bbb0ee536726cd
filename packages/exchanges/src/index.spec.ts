import { describe, expect, it } from 'vitest'
import * as api from './index.js'

describe('the public API of exchanges', () => {
  it('is exactly this', () => {
    expect(Object.keys(api).toSorted()).toEqual([
      'BaseExchangeFactory',
      'BookKeeper',
      'BookSyncTally',
      'BookSynchronizer',
      'ComponentRegistry',
      'ExchangeEnum',
      'FactoryManager',
      'GridReader',
      'MarketTypeEnum',
      'OrderType',
      'ServerClock',
      'SnapshotScheduler',
      'SymbolTable',
      'TradeAdmissions',
      'asPart',
      'gridRead',
      'readScaledDecimal',
      'scaledCut',
      'scaledExact',
      'scaledInvalid',
    ])
  })
})
