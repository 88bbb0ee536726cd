import type { SymbolSpec, SyntheticMarketChoice } from '@cex-arbitrage/simulator'
import { simulatedExchanges, type SimulatedExchangeName } from '../schedule/schedule.js'

/** What both venues list: one pair, or three between which one can go round. */
export type MarketShape = 'pair' | 'triangle'

/** The pair that every world has. */
export const simulatedSymbol = 'BTC/USDT'
/** In which everything else is valued. */
export const valueAsset = 'USDT'

const bitcoin = { base: 'BTC', quote: valueAsset, referencePrice: 65_000 } as const
const ether = { base: 'ETH', quote: valueAsset, referencePrice: 3_200 } as const
const cross = { base: 'ETH', quote: 'BTC', referencePrice: ether.referencePrice / bitcoin.referencePrice } as const
const mexcFees = { makerFee: '0', takerFee: '0.0005' } as const
const gateioFees = { makerFee: '0.001', takerFee: '0.001' } as const

/** Each venue's own steps and fees; the first is the pair. */
const triangles: Readonly<Record<SimulatedExchangeName, readonly [SymbolSpec, ...SymbolSpec[]]>> = {
  mexc: [
    {
      ...bitcoin,
      ...mexcFees,
      tickSize: '0.01',
      lotSize: '0.00000001',
      minQuantity: '0.000001',
      minNotional: '1',
      maxNotional: '4000000',
    },
    { ...ether, ...mexcFees, tickSize: '0.01', lotSize: '0.00001', minNotional: '1', maxNotional: '2000000' },
    { ...cross, ...mexcFees, tickSize: '0.000001', lotSize: '0.00001', minNotional: '0.000015', maxNotional: '30' },
  ],
  gateio: [
    { ...bitcoin, ...gateioFees, tickSize: '0.1', lotSize: '0.00001', minNotional: '3', maxNotional: '5000000' },
    { ...ether, ...gateioFees, tickSize: '0.01', lotSize: '0.0001', minNotional: '3', maxNotional: '5000000' },
    { ...cross, ...gateioFees, tickSize: '0.000001', lotSize: '0.0001', minNotional: '0.00005', maxNotional: '80' },
  ],
}

export const symbolSpecs = (exchange: SimulatedExchangeName, shape: MarketShape): readonly SymbolSpec[] =>
  shape === 'triangle' ? triangles[exchange] : [triangles[exchange][0]]

/** Assets that trades may leave over, with the price at which they begin. */
export const tradedAssets = (shape: MarketShape): ReadonlyMap<string, number> =>
  new Map([bitcoin, ...(shape === 'triangle' ? [ether] : [])].map(({ base, referencePrice }) => [base, referencePrice]))

export const openingBalances = (shape: MarketShape): Readonly<Record<string, string>> => ({
  BTC: '1.5',
  [valueAsset]: '100000',
  ...(shape === 'triangle' && { ETH: '30' }),
})

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
