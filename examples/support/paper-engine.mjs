// A whole engine put together from the packages: books, strategies, risk gate, executor and ledger, with accounts on paper.
import {
  Decimal,
  SeededRandom,
  UniqueIdSource,
  createAssetId,
  clientOrderIdPrefix,
  silentLogger,
  usPerMs,
} from '@cex-arbitrage/common'
import {
  KillSwitch,
  MemoryJournal,
  PaperExchange,
  Portfolio,
  TradingEngine,
  createTradeExecutor,
  createTradingCore,
} from '@cex-arbitrage/trading'

/** @import { Clock } from '@cex-arbitrage/common' */
/** @import { PublicExchange } from '@cex-arbitrage/exchanges' */
/** @import { RiskLimits, SpotSpotDependencies, Strategy, TradeOutcome } from '@cex-arbitrage/trading' */

const usdt = createAssetId('USDT')

/** What no strategy may exceed, in USDT where nothing else is said. @type {RiskLimits} */
export const limits = {
  minNetEdgeBps: 1,
  edgeMarginBps: 0,
  edgeMarginBpsPerSecond: 0,
  maxQuoteAgeUs: 1_500 * usPerMs,
  maxAgeSkewUs: 750 * usPerMs,
  maxNotionalPerTrade: Decimal.of(1_000),
  maxPositionByAsset: new Map(),
  maxExposurePerExchange: Decimal.of(5_000),
  maxExposurePerAsset: Decimal.of(5_000),
  maxExposureTotal: Decimal.of(10_000),
  maxOpenTrades: 5,
  maxOpenOrders: 20,
  maxOrdersPerSecond: 20,
  maxPriceDeviation: Decimal.parse('0.02'),
  maxHedgePriceDeviation: Decimal.parse('0.05'),
  maxDailyLoss: Decimal.of(100),
  maxConsecutiveFailures: 5,
  maxClockOffsetMs: 1_000,
  maxFeedSilenceMs: 5_000,
}

/**
 * @typedef {object} PaperEngineOptions
 * @property {Clock} clock
 * @property {number} seed Of ids, waits and the luck of orders.
 * @property {readonly PublicExchange[]} exchanges Where prices come from.
 * @property {string} symbol The one that is traded, `BTC/USDT`.
 * @property {Readonly<Record<string, string>>} balances On each exchange, decimal texts by asset.
 * @property {(sources: Pick<SpotSpotDependencies, 'board' | 'account' | 'clock' | 'ids'>) => Strategy} createStrategy
 * @property {(outcome: TradeOutcome) => void} onOutcome A trade has ended.
 * @property {number} [latencyMs] Until an order meets the book, and again until its answer.
 */

/**
 * Nothing runs before `start()` of the engine.
 *
 * @param {PaperEngineOptions} options
 */
export async function createPaperEngine(options) {
  const { clock, seed, exchanges, symbol, balances, latencyMs = 20 } = options
  const random = new SeededRandom(seed)
  const settings = {
    latencyMs,
    latencyJitterMs: latencyMs / 2,
    partialFillShare: 0.3,
    rejectShare: 0,
    balances: new Map(Object.entries(balances).map(([asset, amount]) => [createAssetId(asset), Decimal.parse(amount)])),
  }
  const venues = await Promise.all(
    exchanges.map(async (publicExchange) => ({
      exchange: publicExchange.exchange,
      publicExchange,
      privateExchange: new PaperExchange({ publicExchange, clock, random, settings }),
      instruments: (await publicExchange.fetchInstruments()).filter((instrument) => instrument.symbol === symbol),
    })),
  )
  const log = silentLogger
  const halt = new KillSwitch(clock, log)
  const portfolio = new Portfolio(clock)
  const ids = new UniqueIdSource(clientOrderIdPrefix, clock, random)
  const core = createTradingCore({
    venues,
    account: portfolio,
    halt,
    clock,
    log,
    limits,
    reportingAsset: usdt,
    serverTimeIntervalMs: 5_000,
  })
  const executor = createTradeExecutor({
    venues,
    portfolio,
    journal: new MemoryJournal(),
    approver: core.gate,
    quotes: core.quotes,
    halt,
    clock,
    random,
    ids,
  })
  executor.onOutcome(options.onOutcome)
  const strategies = [options.createStrategy({ board: core.board, account: portfolio, clock, ids })]
  const bounds = { maxConcurrentTrades: limits.maxOpenTrades, refusalRestMs: 20 }
  const engine = new TradingEngine({ venues, core, strategies, executor, clock, log, options: bounds })
  return engine
}
