import { accountOf, type EngineStatus, type TradingVenue } from '@cex-arbitrage/trading'
import type { DependencyContainer } from 'tsyringe'
import { tokens } from '../composition/tokens.js'
import { describePositions } from './describe-positions.js'
import { describeTrade } from './describe-trade.js'
import type { BalanceStatus, EngineState, ExchangeStatus, MemoryStatus, StatusSnapshot } from './status-snapshot.js'

export interface StatusSources {
  readonly mode: string
  readonly startedAtMs: number
  readonly nowMs: number
  readonly memory: MemoryStatus
  /** `undefined` before the engine is composed. */
  readonly container: DependencyContainer | undefined
}

/** Gathers what the parts of a running engine say of themselves. */
export function createStatusSnapshot({ mode, startedAtMs, nowMs, memory, container }: StatusSources): StatusSnapshot {
  const base = { mode, startedAtMs, uptimeMs: nowMs - startedAtMs, memory }
  if (container === undefined || !container.isRegistered(tokens.venues))
    return {
      ...base,
      state: 'starting',
      exchanges: [],
      opportunities: { evaluations: 0, found: 0, refusals: {} },
      trades: { byEnd: {}, profit: [] },
      recentTrades: [],
      balances: [],
      positions: [],
      halts: [],
    }
  const engine = container.resolve(tokens.engine).status()
  const venues = container.resolve(tokens.venues)
  return {
    ...base,
    state: stateOf(engine),
    exchanges: venues.map((venue) => exchangeStatus(venue, container)),
    opportunities: { evaluations: engine.topChanges, found: engine.proposals, refusals: engine.whyNot },
    trades: {
      byEnd: engine.trades,
      profit: engine.profits.map(({ asset, expected, realised }) => ({
        asset,
        expected: expected.toString(),
        realised: realised.toString(),
      })),
    },
    recentTrades: engine.recent.map(describeTrade).toReversed(),
    balances: balances(venues, container),
    positions: describePositions(venues, container),
    halts: engine.halts.map(({ rule, detail }) => ({ rule, detail })),
  }
}

function stateOf(engine: EngineStatus): EngineState {
  if (engine.state !== 'running') return engine.state
  return engine.halts.length > 0 ? 'halted' : 'trading'
}

function exchangeStatus(venue: TradingVenue, container: DependencyContainer): ExchangeStatus {
  const { exchange, publicExchange, privateExchange, instruments } = venue
  const { health } = publicExchange.marketData
  const books = instruments.map(({ id }) => publicExchange.marketData.book(id))
  const account = accountOf(privateExchange)
  return {
    exchange: account,
    marketDataConnected: health.connected,
    accountConnected: privateExchange.account.connected,
    booksTrusted: books.filter((book) => book?.trust === 'trusted').length,
    booksTotal: instruments.length,
    frames: health.frames,
    gaps: health.books.gaps,
    resyncs: health.books.resyncs,
    reconnects: health.reconnects,
    clockOffsetMs: container.resolve(tokens.core).offsets.latest(exchange)?.offsetMs,
    openOrders: container.resolve(tokens.portfolio).openOrders(account),
  }
}

function balances(venues: readonly TradingVenue[], container: DependencyContainer): BalanceStatus[] {
  const portfolio = container.resolve(tokens.portfolio)
  return venues.flatMap(({ privateExchange, instruments }) => {
    const account = accountOf(privateExchange)
    const assets = new Set(instruments.flatMap(({ base, quote }) => [base, quote]))
    return [...assets].map((asset) => ({
      exchange: account,
      asset,
      free: portfolio.available(account, asset).toString(),
      total: portfolio.total(account, asset).toString(),
    }))
  })
}
