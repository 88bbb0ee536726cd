import { createAssetId, msPerDay, type Clock, type Logger } from '@cex-arbitrage/common'
import type { EngineConfig } from '@cex-arbitrage/config'
import { HistoryDatabase, InstrumentCatalogue, type HistoryQueries, type RetentionPolicy } from '@cex-arbitrage/storage'
import type { DependencyContainer } from 'tsyringe'
import { HistorySampler } from '../history/history-sampler.js'
import { OpportunitySampler } from '../history/opportunity-sampler.js'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import type { OpenedJournal } from './open-journal.js'
import { tokens } from './tokens.js'

export interface OpenHistoryOptions {
  readonly config: EngineConfig
  readonly clock: Clock
  readonly logger: Logger
  /** Has the venues. */
  readonly container: DependencyContainer
  readonly journal: OpenedJournal
  readonly startedAtMs: number
  readonly snapshot: () => StatusSnapshot
}

export interface OpenedHistory {
  readonly queries: HistoryQueries
  /** Before the journal is closed: what it holds is taken first. */
  close(): Promise<void>
}

/** Name of the journal in the tables: the live one goes on, those of simulated and paper runs end with their process. */
export const journalName = (mode: string, startedAtMs: number): string =>
  mode === 'live' ? mode : `${mode}-${new Date(startedAtMs).toISOString()}`

export function toRetentionPolicy({ database }: EngineConfig): RetentionPolicy {
  const { displayDays, displayRows, tradeDays, runDays } = database.retention
  return {
    displayMs: displayDays * msPerDay,
    displayRows,
    tradeMs: tradeDays === 0 ? undefined : tradeDays * msPerDay,
    passingJournalMs: runDays * msPerDay,
  }
}

/**
 * Notes beside the journal what is traded, opens the database, registers `tokens.history` and what watches opportunities, and begins to sample.
 *
 * @returns `undefined` when `database.enabled` is false.
 * @throws {@link DatabaseException} It cannot be opened.
 */
export async function openHistory(options: OpenHistoryOptions): Promise<OpenedHistory | undefined> {
  const { config, clock, logger, container, journal, startedAtMs } = options
  const { enabled, url, poolSize, flushIntervalMs, maxQueuedRows } = config.database
  const instruments = container.resolve(tokens.venues).flatMap((venue) => venue.instruments)
  await InstrumentCatalogue.note(journal.directory, journal.fencingToken, instruments)
  if (!enabled) return undefined
  const database = await HistoryDatabase.open({
    url: url.reveal(),
    poolSize,
    flushIntervalMs,
    maxQueuedRows,
    retention: toRetentionPolicy(config),
    journal: journalName(config.mode, startedAtMs),
    mode: config.mode,
    journalDirectory: journal.directory,
    clock,
    logger,
  })
  container.register(tokens.history, { useValue: database.queries })
  const opportunities = new OpportunitySampler(database, clock)
  container.register(tokens.opportunityListener, { useValue: opportunities })
  const sampler = new HistorySampler({
    recorder: database,
    clock,
    snapshot: options.snapshot,
    ledger: container.resolve(tokens.portfolio).ledger,
    values: () => container.resolve(tokens.core).values,
    reportingAsset: createAssetId(config.risk.reportingAsset),
  })
  sampler.start()
  return {
    queries: database.queries,
    close: async () => {
      sampler.close()
      opportunities.close()
      await database.close()
    },
  }
}
