import {
  clientOrderIdPrefix,
  InvariantBrokenException,
  silentLogger,
  type Clock,
  type IdSource,
  type InstrumentId,
  type Logger,
  type Random,
} from '@cex-arbitrage/common'
import type { Portfolio } from '../portfolio/portfolio.js'
import type { ExecutableQuotes } from '../types/executable-quotes.js'
import type { TradingHalt } from '../types/halt.js'
import type { HedgeApprover } from '../types/hedge-approver.js'
import type { Journal } from '../types/journal.js'
import type { TradingVenue } from '../types/trading-venue.js'
import type { ExecutionRecord } from './execution-record.js'
import { defaultExecutionSettings, type ExecutionSettings } from './execution-settings.js'
import { captureExecutionState } from './execution-state.js'
import { CheckpointingJournal } from './checkpointing-journal.js'
import { HashingJournal } from './hashing-journal.js'
import { JournaledTradeExecutor } from './journaled-trade-executor.js'
import { LegReconciler } from './leg-reconciler.js'
import { OrderDesk } from './order-desk.js'
import { OrderSubmitter } from './order-submitter.js'
import { createQuoteValuation } from './quote-valuation.js'
import { VenueDirectory } from './venue-directory.js'

export interface TradeExecutorOptions {
  readonly venues: readonly TradingVenue[]
  /** Made first, for the risk gate reads it; written from here on by the executor alone. */
  readonly portfolio: Portfolio
  readonly journal: Journal<ExecutionRecord>
  /** The journal lock's token of this session; goes into its first record. */
  readonly fencingToken?: number
  readonly approver: HedgeApprover
  readonly quotes: ExecutableQuotes
  readonly halt: TradingHalt
  readonly clock: Clock
  readonly random: Random
  readonly ids: IdSource
  /** Begins every id of `ids`; orders that carry it are taken for ours. */
  readonly idPrefix?: string
  readonly logger?: Logger
  readonly settings?: Partial<ExecutionSettings>
  /** Leverage of the perpetual contracts that are traded; set on their exchanges at the start. */
  readonly leverages?: ReadonlyMap<InstrumentId, number>
  /** So many journal records after a checkpoint comes the next; 0, the default, for none. */
  readonly checkpointAfterRecords?: number
}

/**
 * Puts an executor together. Await `recover()` before the first `execute`, and `shutdown()` at the end.
 *
 * @example
 * const portfolio = new Portfolio(clock)
 * const gate = new RiskGate({ accounts: portfolio, ... })
 * const executor = createTradeExecutor({ venues, portfolio, journal, approver: gate, quotes, halt, clock, random, ids })
 * await executor.recover()
 */
export function createTradeExecutor(options: TradeExecutorOptions): JournaledTradeExecutor {
  const { portfolio, approver, quotes, halt, clock, random, ids } = options
  const logger = (options.logger ?? silentLogger).child({ component: 'execution' })
  const settings = { ...defaultExecutionSettings, ...options.settings }
  const venues = new VenueDirectory(options.venues)
  for (const [id, leverage] of options.leverages ?? []) {
    const instrument = venues.instrument(id)
    if (instrument === undefined) continue
    if (venues.venueOf(instrument).privateExchange.positions === undefined)
      throw new InvariantBrokenException({
        exchange: instrument.exchange,
        message: `The account of ${instrument.id} tells no positions, so none may be held there. Trade contracts elsewhere.`,
      })
    portfolio.positions.setLeverage(instrument, leverage)
  }
  const checkpointing = new CheckpointingJournal({
    inner: options.journal,
    clock,
    afterRecords: options.checkpointAfterRecords ?? 0,
    captureState: (rememberedTrades) => captureExecutionState(portfolio, desk, rememberedTrades, clock.nowMs()),
  })
  const journal = new HashingJournal(checkpointing)
  const idPrefix = options.idPrefix ?? clientOrderIdPrefix
  const desk = new OrderDesk({ venues, portfolio, halt, journal, clock, logger, idPrefix })
  const reconciler = new LegReconciler({ venues, desk, clock, random, logger, settings })
  const submitter = new OrderSubmitter({ venues, desk, clock, logger, settings })
  const valuation = createQuoteValuation(venues.all, quotes)
  return new JournaledTradeExecutor(
    {
      venues,
      portfolio,
      journal,
      desk,
      submitter,
      reconciler,
      approver,
      quotes,
      valuation,
      halt,
      clock,
      random,
      ids,
      logger,
      settings,
    },
    options.fencingToken ?? 0,
  )
}
