import {
  createAssetId,
  Decimal,
  silentLogger,
  UniqueIdSource,
  type Instrument,
  type OrderBook,
} from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import type { PublicExchange, ServerTime } from '@cex-arbitrage/exchanges'
import { createTradingCore, type TradingCore } from '../engine/trading-core.js'
import { KillSwitch } from '../risk/kill-switch.js'
import type { RiskLimits } from '../risk/risk-limits.js'
import type { CrossExchangeMarketMakingOptions } from '../strategies/cross-exchange-market-making-options.js'
import { CrossExchangeMarketMakingStrategy } from '../strategies/cross-exchange-market-making.js'
import type { SpotSpotOptions } from '../strategies/spot-spot-options.js'
import { SpotSpotStrategy } from '../strategies/spot-spot.js'
import { accountOf } from '../types/account-id.js'
import type { AccountView } from '../types/account-view.js'
import type { TradingVenue } from '../types/trading-venue.js'
import { createTestInstrument, type TestInstrumentSpec } from './create-instrument.js'
import { FixedAccountView } from './fixed-account-view.js'
import { SimulatedExchange } from './simulated-exchange.js'
import { SimulatedMarketDataFeed } from './simulated-market-data-feed.js'

/** One exchange of the world: its instrument, feed and private side. */
export interface WorldVenue {
  readonly instrument: Instrument
  readonly feed: SimulatedMarketDataFeed
  readonly exchange: SimulatedExchange
  readonly venue: TradingVenue
  /** What `fetchServerTime` answers; an error is thrown. */
  serverTime: ServerTime | Error
}

export interface TwoVenueWorld {
  readonly clock: ManualClock
  readonly alpha: WorldVenue
  readonly beta: WorldVenue
  /** What the core judges by, unless a spec brought an account of its own. */
  readonly account: FixedAccountView
  readonly halt: KillSwitch
  readonly core: TradingCore
  readonly limits: RiskLimits
  readonly createStrategy: (options?: Partial<SpotSpotOptions>) => SpotSpotStrategy
  /** Quotes on alpha and hedges on beta. */
  readonly createQuotingStrategy: (
    options?: Partial<CrossExchangeMarketMakingOptions>,
  ) => CrossExchangeMarketMakingStrategy
  /** Lets the board listen and shows a book of each: buying on alpha at 100 and selling on beta at 101 pays. */
  readonly open: () => Promise<void>
  readonly bookOf: (venue: WorldVenue) => OrderBook
}

export const testRiskLimits: RiskLimits = {
  minNetEdgeBps: 1,
  edgeMarginBps: 0,
  edgeMarginBpsPerSecond: 4,
  maxQuoteAgeUs: 1_500_000,
  maxAgeSkewUs: 750_000,
  maxNotionalPerTrade: Decimal.parse('2000'),
  maxPositionByAsset: new Map(),
  maxExposurePerExchange: Decimal.parse('5000'),
  maxExposurePerAsset: Decimal.parse('5000'),
  maxExposureTotal: Decimal.parse('10000'),
  maxOpenTrades: 10,
  maxOpenOrders: 20,
  maxOrdersPerSecond: 20,
  maxPriceDeviation: Decimal.parse('0.02'),
  maxHedgePriceDeviation: Decimal.parse('0.1'),
  maxDailyLoss: Decimal.parse('100'),
  maxConsecutiveFailures: 5,
  maxClockOffsetMs: 1000,
  maxFeedSilenceMs: 5000,
}

export const testStrategyOptions: SpotSpotOptions = {
  minNetEdgeBps: 3,
  edgeMarginBps: 0.5,
  edgeMarginBpsPerSecond: 4,
  minNotional: Decimal.parse('10'),
  maxNotional: Decimal.parse('1000'),
  maxPriceDeviation: Decimal.parse('0.02'),
  unwindMargin: Decimal.parse('0.02'),
  maxSurplusNotional: Decimal.parse('10'),
  slackShare: Decimal.zero,
  maxQuoteAgeUs: 1_500_000,
  maxAgeSkewUs: 750_000,
  legOrder: 'concurrent',
  coolDownMs: 100,
  failureCoolDownMs: 1000,
}

export const testQuotingOptions: CrossExchangeMarketMakingOptions = {
  ...testStrategyOptions,
  spreadBps: 10,
  requoteThresholdBps: 5,
  requoteMinIntervalMs: 250,
  quoteLifetimeMs: 10_000,
  maxResidualNotional: Decimal.parse('10'),
}

/** Two exchanges that list one symbol, in memory, on a clock that moves only when told. */
export function createTwoVenueWorld(
  options: {
    readonly alpha?: TestInstrumentSpec
    readonly beta?: TestInstrumentSpec
    readonly limits?: Partial<RiskLimits>
    /** Balances of each exchange, decimal texts by asset. */
    readonly balances?: Readonly<Record<string, string>>
    /** The account to judge by; one that says what a spec writes into it by default. */
    readonly createAccount?: (clock: ManualClock) => AccountView
  } = {},
): TwoVenueWorld {
  const clock = new ManualClock()
  const alpha = createVenue(clock, createTestInstrument({ exchange: 'alpha', ...options.alpha }), options.balances)
  const beta = createVenue(clock, createTestInstrument({ exchange: 'beta', ...options.beta }), options.balances)
  const balances: Record<string, string> = {}
  for (const { instrument } of [alpha, beta]) {
    balances[`${accountOf(instrument)}:${instrument.base}`] = '100'
    balances[`${accountOf(instrument)}:${instrument.quote}`] = '100000'
  }
  const account = new FixedAccountView(balances)
  const view = options.createAccount?.(clock) ?? account
  const halt = new KillSwitch(clock, silentLogger)
  const limits = { ...testRiskLimits, ...options.limits }
  const core = createTradingCore({
    venues: [alpha.venue, beta.venue],
    account: view,
    halt,
    clock,
    log: silentLogger,
    limits,
    reportingAsset: createAssetId('USDT'),
    serverTimeIntervalMs: 1000,
  })
  const ids = new UniqueIdSource('arb', clock, { next: () => 0 })
  return {
    clock,
    alpha,
    beta,
    account,
    halt,
    core,
    limits,
    createStrategy: (overrides) =>
      new SpotSpotStrategy({
        board: core.board,
        account: view,
        clock,
        ids,
        options: { ...testStrategyOptions, ...overrides },
      }),
    createQuotingStrategy: (overrides) =>
      new CrossExchangeMarketMakingStrategy({
        board: core.board,
        account: view,
        clock,
        ids,
        options: { ...testQuotingOptions, ...overrides },
        makerExchange: alpha.venue.exchange,
        hedgeExchange: beta.venue.exchange,
      }),
    open: async () => {
      for (const { venue, feed, instrument } of [alpha, beta]) {
        core.feeds.add(venue.exchange, feed, [instrument.id])
        await core.board.attach(feed, venue.instruments)
      }
      alpha.feed.set(alpha.instrument, [['99.9', '5']], [['100', '5']])
      beta.feed.set(beta.instrument, [['101', '5']], [['101.1', '5']])
    },
    bookOf: ({ feed, instrument }) => feed.book(instrument.id)!,
  }
}

function createVenue(
  clock: ManualClock,
  instrument: Instrument,
  balances: Readonly<Record<string, string>> = {},
): WorldVenue {
  const feed = new SimulatedMarketDataFeed(clock)
  const exchange = new SimulatedExchange({ name: instrument.exchange, instruments: [instrument], clock, balances })
  const created: WorldVenue = {
    instrument,
    feed,
    exchange,
    venue: {
      ...exchange.venue,
      publicExchange: {
        exchange: instrument.exchange,
        marketType: instrument.marketType,
        marketData: feed,
        fetchServerTime: () =>
          created.serverTime instanceof Error
            ? Promise.reject(created.serverTime)
            : Promise.resolve(created.serverTime),
      } as unknown as PublicExchange,
    },
    serverTime: { exchangeTimeMs: 0, offsetMs: 0, roundTripMs: 10 },
  }
  return created
}
