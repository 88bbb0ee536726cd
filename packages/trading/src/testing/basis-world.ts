import { Decimal, usPerMs, type CorrelationId, type InstrumentId, type Side } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import type { ExecutionSettings } from '../execution/execution-settings.js'
import { MemoryJournal } from '../execution/memory-journal.js'
import type { LegPlan, LegSending, TradePlan } from '../types/trade-plan.js'
import { createTestInstrument } from './create-instrument.js'
import { SimulatedExchange } from './simulated-exchange.js'
import { SimulatedQuotes } from './simulated-quotes.js'
import { finishOn, startExecution, type TradingEngine } from './start-execution.js'

export interface BasisWorldOptions {
  readonly settings?: Partial<ExecutionSettings>
  readonly checkpointAfterRecords?: number
  readonly leverage?: number
  readonly sending?: LegSending
}

/** Spot and perpetual contracts of a tenth of BTC on one exchange, the contracts being dearer at first. */
export function createBasisWorld(options: BasisWorldOptions = {}) {
  const clock = new ManualClock()
  const spot = createTestInstrument()
  const perpetual = createTestInstrument({
    marketType: 'futures',
    contractSize: '0.1',
    lotSize: '1',
    takerFee: '0.0005',
  })
  const wallet = new SimulatedExchange({
    name: 'alpha',
    instruments: [spot],
    clock,
    balances: { BTC: '5', USDT: '100000' },
  })
  const margins = new SimulatedExchange({ name: 'alpha', instruments: [perpetual], clock, balances: { USDT: '20000' } })
  const exchanges = [wallet, margins]
  const spotBook = wallet.orders.book(spot)
  const perpetualBook = margins.orders.book(perpetual)
  spotBook.set([['99.9', '30']], [['100', '30']])
  perpetualBook.set([['101', '300']], [['101.1', '300']])
  let engines = 0

  const startEngine = (journal: MemoryJournal = new MemoryJournal()): TradingEngine =>
    startExecution({
      ...options,
      clock,
      wall: { offsetMs: 0 },
      exchanges,
      quotes: new SimulatedQuotes(exchanges),
      journal,
      seed: ++engines,
      leverages: new Map<InstrumentId, number>([[perpetual.id, options.leverage ?? 2]]),
    })

  const legAt = (instrument: typeof spot, side: Side, base: string, price: string, reduceOnly: boolean): LegPlan => {
    const quantity = Decimal.parse(base).dividedBy(instrument.contractSize, instrument.quantityDecimals, 'exact')
    const notional = Decimal.parse(base).times(Decimal.parse(price))
    return {
      instrument,
      side,
      priceTicks: instrument.priceToTicks(Decimal.parse(price), 'exact'),
      quantityLots: instrument.quantityToLots(quantity, 'exact'),
      expectedNotional: notional,
      expectedFee: notional.times(instrument.fees.taker),
      expectedFeeAsset: instrument.quote,
      ...(reduceOnly && { reduceOnly: true as const }),
    }
  }

  /** Opens: buys spot and sells contracts; closes: the other way round. */
  const createPlan = (
    id: string,
    holding: 'opens' | 'closes',
    base: string,
    prices: { readonly spot: string; readonly perpetual: string },
  ): TradePlan => {
    const opens = holding === 'opens'
    const spotLeg = legAt(spot, opens ? 'buy' : 'sell', base, prices.spot, false)
    const perpetualLeg = legAt(perpetual, opens ? 'sell' : 'buy', base, prices.perpetual, !opens)
    const [bought, sold] = opens ? [spotLeg, perpetualLeg] : [perpetualLeg, spotLeg]
    return {
      correlationId: id as CorrelationId,
      strategy: 'spot-futures',
      symbol: spot.symbol,
      legs: [bought, sold],
      sending: options.sending ?? 'concurrent',
      holding,
      expectedProfit: sold.expectedNotional
        .minus(bought.expectedNotional)
        .minus(sold.expectedFee)
        .minus(bought.expectedFee),
      surplusPrices: new Map([[spot.base, Decimal.parse('99.9')]]),
      profitAsset: spot.quote,
      netEdgeBps: 80,
      quoteAgeUs: usPerMs,
      decidedAtUs: clock.nowUs(),
    }
  }

  return {
    clock,
    spot,
    perpetual,
    wallet,
    margins,
    positions: margins.positions!,
    spotBook,
    perpetualBook,
    startEngine,
    createPlan,
    finish: <T>(promise: Promise<T>, withinMs?: number) => finishOn(clock, promise, withinMs),
  }
}
