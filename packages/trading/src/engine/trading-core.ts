import type { AssetId, Clock, ExchangeId, Instrument, Logger } from '@cex-arbitrage/common'
import type { OrderGateway } from '@cex-arbitrage/exchanges'
import { BoardAssetValues, type AssetValues } from '../market-data/asset-values.js'
import { BookQuotes } from '../market-data/book-quotes.js'
import { MarketBoard } from '../market-data/market-board.js'
import { ClockOffsets } from '../risk/clock-offsets.js'
import { createClockPolling } from '../risk/clock-polling.js'
import { FeedWatch } from '../risk/feed-watch.js'
import type { Polling } from '../risk/polling.js'
import { FundingRates } from '../risk/funding-rates.js'
import { createFundingPolling } from '../risk/funding-polling.js'
import { MarginWatch } from '../risk/margin-watch.js'
import { HaltRules } from '../risk/halt-rules.js'
import type { KillSwitch } from '../risk/kill-switch.js'
import { RiskGate } from '../risk/risk-gate.js'
import type { RiskLimits } from '../risk/risk-limits.js'
import { accountOf } from '../types/account-id.js'
import type { AccountView } from '../types/account-view.js'
import type { ExecutableQuotes } from '../types/executable-quotes.js'
import type { TradingVenue } from '../types/trading-venue.js'

export interface TradingCoreDependencies {
  readonly venues: readonly TradingVenue[]
  readonly account: AccountView
  readonly halt: KillSwitch
  readonly clock: Clock
  readonly log: Logger
  /** Read at every question, so that an owner who changes its fields changes the limits. */
  readonly limits: RiskLimits
  /** Asset in which limits are counted. */
  readonly reportingAsset: AssetId
  /** Milliseconds between two measurements of an exchange's clock. */
  readonly serverTimeIntervalMs: number
}

/** What strategies, executor and engine share: the board with what is read off it, and the risk gate with its rules. */
export interface TradingCore {
  readonly board: MarketBoard
  readonly quotes: ExecutableQuotes
  readonly values: AssetValues
  readonly feeds: FeedWatch
  readonly offsets: ClockOffsets
  readonly clockPolling: Pick<Polling<never>, 'start' | 'close'>
  readonly fundingPolling: Pick<Polling<never>, 'start' | 'close'>
  readonly funding: FundingRates
  readonly margins: MarginWatch
  readonly halt: KillSwitch
  readonly rules: HaltRules
  readonly gate: RiskGate
}

/** Builds the core of venues whose instruments carry the account's own fees. Nothing is opened or started. */
export function createTradingCore(deps: TradingCoreDependencies): TradingCore {
  const { venues, account, halt, clock, log, limits, reportingAsset } = deps
  const board = new MarketBoard(venues.flatMap(({ instruments }) => instruments))
  const values = new BoardAssetValues(board, reportingAsset)
  const feeds = new FeedWatch(clock, limits)
  const offsets = new ClockOffsets()
  const clockPolling = createClockPolling({
    exchanges: venues.map(({ publicExchange }) => publicExchange),
    offsets,
    clock,
    log: log.child({ component: 'clock-polling' }),
    intervalMs: deps.serverTimeIntervalMs,
  })
  const profitAssets = [...new Set(board.instruments.map(({ quote }) => quote))]
  const margins = new MarginWatch({ board, account, clock })
  const funding = new FundingRates(clock)
  const rules = new HaltRules({ halt, account, values, clock, feeds, offsets, margins, limits, profitAssets })
  const gateways = new Map<string, OrderGateway>(
    venues.map(({ exchange, privateExchange }) => [
      gatewayKey(exchange, privateExchange.marketType),
      privateExchange.orders,
    ]),
  )
  const gate = new RiskGate({
    limits,
    account,
    board,
    values,
    halt,
    rules,
    feeds,
    offsets,
    clock,
    accounts: [...new Set(venues.map(({ privateExchange }) => accountOf(privateExchange)))],
    gatewayOf: ({ exchange, marketType }) => gateways.get(gatewayKey(exchange, marketType)),
  })
  const quotes = new BookQuotes(board, clock, limits)
  const fundingPolling = createFundingPolling(venues, funding, clock, log)
  return { board, quotes, values, feeds, offsets, clockPolling, fundingPolling, funding, margins, halt, rules, gate }
}

const gatewayKey = (exchange: ExchangeId, marketType: Instrument['marketType']): string => `${exchange}:${marketType}`
