import { SeededRandom, silentLogger, UniqueIdSource, type InstrumentId } from '@cex-arbitrage/common'
import type { ManualClock } from '@cex-arbitrage/common/testing'
import { createTradeExecutor } from '../execution/create-trade-executor.js'
import type { ExecutionSettings } from '../execution/execution-settings.js'
import type { JournaledTradeExecutor } from '../execution/journaled-trade-executor.js'
import type { MemoryJournal } from '../execution/memory-journal.js'
import { Portfolio } from '../portfolio/portfolio.js'
import { KillSwitch } from '../risk/kill-switch.js'
import type { ExecutableQuotes } from '../types/executable-quotes.js'
import type { HedgeApprover } from '../types/hedge-approver.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import { approveEverything } from './approve-everything.js'
import { createMortalProcess, type WallClock } from './mortal-process.js'
import type { SimulatedExchange } from './simulated-exchange.js'

/** The engine's side of a world: what a process loses when it dies. */
export interface TradingEngine {
  readonly executor: JournaledTradeExecutor
  readonly portfolio: Portfolio
  readonly halt: KillSwitch
  readonly outcomes: TradeOutcome[]
}

export interface ExecutionSources {
  readonly clock: ManualClock
  readonly wall: WallClock
  readonly exchanges: readonly SimulatedExchange[]
  readonly quotes: ExecutableQuotes
  readonly journal: MemoryJournal
  readonly seed: number
  /** Approves everything by default. */
  readonly approver?: HedgeApprover
  readonly settings?: Partial<ExecutionSettings>
  readonly checkpointAfterRecords?: number
  readonly leverages?: ReadonlyMap<InstrumentId, number>
}

/** A new engine process over these exchanges; once its journal has been killed, nothing of it goes on. */
export function startExecution(sources: ExecutionSources): TradingEngine {
  const { clock, wall, exchanges, quotes, journal, seed, settings, leverages } = sources
  const outside = createMortalProcess(
    clock,
    exchanges.map(({ venue }) => venue),
    () => journal.killed,
    wall,
  )
  const halt = new KillSwitch(clock, silentLogger)
  const portfolio = new Portfolio(clock)
  const random = new SeededRandom(seed)
  const executor = createTradeExecutor({
    venues: outside.venues,
    portfolio,
    journal,
    approver: sources.approver ?? approveEverything,
    quotes,
    halt,
    clock: outside.clock,
    random,
    ids: new UniqueIdSource('arb', clock, random),
    ...(settings !== undefined && { settings }),
    ...(leverages !== undefined && { leverages }),
    checkpointAfterRecords: sources.checkpointAfterRecords ?? 0,
  })
  const outcomes: TradeOutcome[] = []
  executor.onOutcome((outcome) => outcomes.push(outcome))
  return { executor, portfolio, halt, outcomes }
}

/** Runs the clock until the promise has its result. */
export async function finishOn<T>(clock: ManualClock, promise: Promise<T>, withinMs = 300_000): Promise<T> {
  let done = false
  const watched = promise.finally(() => (done = true))
  watched.catch(() => undefined)
  for (let passed = 0; !done && passed <= withinMs; passed += 50) await clock.advance(50)
  if (!done) throw new Error(`Nothing came within ${withinMs} simulated ms.`)
  return watched
}
