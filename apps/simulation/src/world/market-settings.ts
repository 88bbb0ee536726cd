import type { SymbolSpec, SyntheticMarketChoice } from '@cex-arbitrage/simulator'
import { simulatedExchanges } from '../schedule/schedule.js'

/** The one pair that is traded, with each venue's own steps and fees. */
export const simulatedSymbol = 'BTC/USDT'
const common = { base: 'BTC', quote: 'USDT', referencePrice: 65_000 } as const
export const symbolSpecs: Readonly<Record<(typeof simulatedExchanges)[number], SymbolSpec>> = {
  mexc: {
    ...common,
    tickSize: '0.01',
    lotSize: '0.00000001',
    minQuantity: '0.000001',
    minNotional: '1',
    maxNotional: '4000000',
    makerFee: '0',
    takerFee: '0.0005',
  },
  gateio: {
    ...common,
    tickSize: '0.1',
    lotSize: '0.00001',
    minNotional: '3',
    maxNotional: '5000000',
    makerFee: '0.001',
    takerFee: '0.001',
  },
}

export const openingBalances: Readonly<Record<string, string>> = { BTC: '1.5', USDT: '100000' }

/** Prices move apart by more than all fees about every three seconds. */
export function createMarket(): SyntheticMarketChoice {
  return {
    kind: 'synthetic',
    stepMs: 250,
    tradesPerSecond: 0.5,
    ladder: { levels: 4, halfSpreadBps: 1, topNotional: 1_500 },
    dislocations: {
      slotMs: 3_000,
      probability: 1,
      minBps: 40,
      maxBps: 90,
      minDurationMs: 500,
      maxDurationMs: 2_000,
      exchanges: [...simulatedExchanges],
    },
  }
}
