import type { EquityPoint, LiveModel, TradeStatus } from '@cex-arbitrage/arbitrage-runner/live-model'

/** A trade with this id that began at this time. */
export function createTrade(correlationId: string, atMs: number, realisedProfit = '1'): TradeStatus {
  return {
    correlationId,
    atMs,
    strategy: 'spot-spot',
    symbol: 'BTC/USDT',
    route: 'mexc → gateio',
    quantity: '1',
    orders: [],
    end: 'completed',
    expectedProfit: '1',
    realisedProfit,
    profitAsset: 'USDT',
    difference: '0',
    attribution: {},
    durationMs: 1,
  }
}

export const createPoint = (atMs: number): EquityPoint => ({ atMs, worth: 1, traded: 1, realised: 0 })

/** The sections that specs look at; the page's own parts are looked at in a browser. */
export function createModel(sections: Partial<LiveModel> = {}): LiveModel {
  return { startedAtMs: 0, edges: [], books: [], recentTrades: [], ...sections } as unknown as LiveModel
}
