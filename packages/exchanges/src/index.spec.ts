import { describe, expect, it } from 'vitest'
import * as api from './index.js'

describe('the public API of exchanges', () => {
  it('is exactly this', () => {
    expect(Object.keys(api).toSorted()).toEqual([
      'BaseExchangeFactory',
      'BaseRestClient',
      'BookKeeper',
      'BookSyncTally',
      'BookSynchronizer',
      'ComponentRegistry',
      'ExchangeEnum',
      'FactoryManager',
      'GridReader',
      'MarketTypeEnum',
      'OrderType',
      'RehearsalOrders',
      'ServerClock',
      'SnapshotScheduler',
      'StreamLiveness',
      'SymbolTable',
      'TradeAdmissions',
      'asPart',
      'createStreamOptions',
      'gridRead',
      'privateRead',
      'publicRead',
      'readScaledDecimal',
      'scaledCut',
      'scaledExact',
      'scaledInvalid',
    ])
  })
})
