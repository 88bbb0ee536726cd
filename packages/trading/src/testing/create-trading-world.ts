import { Decimal, usPerMs, type CorrelationId, type Instrument } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import type { ExecutionSettings } from '../execution/execution-settings.js'
import { MemoryJournal } from '../execution/memory-journal.js'
import type { HedgeApprover } from '../types/hedge-approver.js'
import type { LegPlan, LegSending, QuotePlan, TradePlan } from '../types/trade-plan.js'
import type { WallClock } from './mortal-process.js'
import { finishOn, startExecution, type TradingEngine } from './start-execution.js'
import { createTestInstrument, type TestInstrumentSpec } from './create-instrument.js'
import { SimulatedExchange } from './simulated-exchange.js'
import { SimulatedQuotes } from './simulated-quotes.js'

export interface TradingWorldOptions {
  readonly seed?: number
  readonly latencyMs?: number
  readonly settings?: Partial<ExecutionSettings>
  readonly checkpointAfterRecords?: number
  readonly instrument?: TestInstrumentSpec
  /** How plans of it are sent; all legs at once by default. */
  readonly sending?: LegSending
  /** Approves everything by default. */
  readonly approver?: HedgeApprover
}

/**
 * Three simulated exchanges with one symbol, where BTC is cheap on `alpha`, dear on `beta` and in between on `gamma`, and
 * an engine over them. Everything follows the manual clock and the seed.
 */
export function createTradingWorld(options: TradingWorldOptions = {}) {
  const clock = new ManualClock()
  const latencyMs = options.latencyMs ?? 0
  const exchanges = (['alpha', 'beta', 'gamma'] as const).map((name) => {
    const instruments = [createTestInstrument({ ...options.instrument, exchange: name })]
    return new SimulatedExchange({ name, instruments, clock, latencyMs, balances: { BTC: '5', USDT: '100000' } })
  })
  const [alpha, beta, gamma] = exchanges as [SimulatedExchange, SimulatedExchange, SimulatedExchange]
  const instrumentOf = (exchange: SimulatedExchange): Instrument => exchange.venue.instruments[0]!
  const refill = (): void => {
    alpha.orders.book(instrumentOf(alpha)).set([['99.9', '3']], [['100', '3']])
    beta.orders.book(instrumentOf(beta)).set([['101', '3']], [['101.1', '3']])
    gamma.orders.book(instrumentOf(gamma)).set([['100.5', '3']], [['100.6', '3']])
  }
  refill()
  const quotes = new SimulatedQuotes(exchanges)
  const wall: WallClock = { offsetMs: 0 }
  let engines = 0

  /** A new engine process over the same exchanges; once its journal has been killed, nothing of it goes on. */
  const startEngine = (journal: MemoryJournal = new MemoryJournal()): TradingEngine =>
    startExecution({ ...options, clock, wall, exchanges, quotes, journal, seed: (options.seed ?? 1) + engines++ })

  /** Buys on alpha and sells on beta. */
  const createPlan = (id: string, quantity = '1'): TradePlan => {
    const [buy, sell] = [instrumentOf(alpha), instrumentOf(beta)]
    const lots = buy.quantityToLots(Decimal.parse(quantity), 'exact')
    const paid = Decimal.parse(quantity).times(Decimal.of(100))
    const brought = Decimal.parse(quantity).times(Decimal.of(101))
    const buyFee = paid.times(buy.fees.taker)
    const sellFee = brought.times(sell.fees.taker)
    return {
      correlationId: id as CorrelationId,
      strategy: 'spot-spot',
      symbol: buy.symbol,
      legs: [
        {
          instrument: buy,
          side: 'buy',
          priceTicks: buy.priceToTicks(Decimal.parse('100.2'), 'exact'),
          quantityLots: lots,
          expectedNotional: paid,
          expectedFee: buyFee,
          expectedFeeAsset: buy.quote,
        },
        {
          instrument: sell,
          side: 'sell',
          priceTicks: sell.priceToTicks(Decimal.parse('100.8'), 'exact'),
          quantityLots: lots,
          expectedNotional: brought,
          expectedFee: sellFee,
          expectedFeeAsset: sell.quote,
        },
      ],
      sending: options.sending ?? 'concurrent',
      expectedProfit: brought.minus(paid).minus(buyFee).minus(sellFee),
      surplusPrices: new Map([[buy.base, Decimal.parse('99.9')]]),
      profitAsset: buy.quote,
      netEdgeBps: 80,
      quoteAgeUs: usPerMs,
      decidedAtUs: clock.nowUs(),
    }
  }

  /** Rests on alpha to buy at 99.95, to be hedged on beta; a spec may want other terms. */
  const createQuotePlan = (id: string, quantity = '1', terms: Partial<QuotePlan> = {}): TradePlan => {
    const { legs, ...plan } = createPlan(id, quantity)
    const [bought, sold] = legs as [LegPlan, LegPlan]
    const paid = Decimal.parse(quantity).times(Decimal.parse('99.95'))
    const fee = paid.times(bought.instrument.fees.maker)
    const surplusPrice = Decimal.parse('101').times(Decimal.one.minus(sold.instrument.fees.taker))
    const priceTicks = bought.instrument.priceToTicks(Decimal.parse('99.95'), 'exact')
    return {
      ...plan,
      strategy: 'cross-exchange-market-making',
      legs: [{ ...bought, priceTicks, expectedNotional: paid, expectedFee: fee }],
      quote: { hedge: sold, toleranceBps: 5, minRestMs: 250, maxRestMs: 10_000, ...terms },
      surplusPrices: new Map([[bought.instrument.base, surplusPrice]]),
      expectedProfit: surplusPrice.times(Decimal.parse(quantity)).minus(paid).minus(fee),
    }
  }

  /** All exchanges together less what they began with. */
  const drift = (asset: 'BTC' | 'USDT'): Decimal =>
    exchanges
      .reduce((sum, exchange) => sum.plus(exchange.ledger.total(asset as never)), Decimal.zero)
      .minus(Decimal.of(asset === 'BTC' ? 15 : 300_000))

  return {
    clock,
    wall,
    alpha,
    beta,
    gamma,
    exchanges,
    quotes,
    refill,
    startEngine,
    createPlan,
    createQuotePlan,
    finish: <T>(promise: Promise<T>, withinMs?: number) => finishOn(clock, promise, withinMs),
    drift,
    instrumentOf,
  }
}

export type TradingWorld = ReturnType<typeof createTradingWorld>
