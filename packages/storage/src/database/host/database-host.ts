import { systemClock, type Timer } from '@cex-arbitrage/common'
import { executionRecordCodec } from '@cex-arbitrage/trading'
import type { DisplayRow } from '../display-data.js'
import type { HistoryQueries } from '../history-queries.js'
import { InstrumentCatalogue } from '../instrument-catalogue.js'
import { JournalFollower } from '../journal-follower.js'
import { JournalTail } from '../journal-tail.js'
import { asDatabaseException, openDatabase, type OpenedDatabase } from '../open-database.js'
import { DatabaseQueries } from '../queries/database-queries.js'
import { applyRetention } from '../retention.js'
import { upsertRows } from '../upsert.js'
import type { HistoryHost, HistoryHostOptions, HistoryProgress } from './history-host.js'

const retentionIntervalMs = 3_600_000
/** Longest rest after failures in a row. */
const maxRestMs = 30_000

/** Holds the connection, follows the journal, deletes what is old. One per thread. */
export class DatabaseHost implements HistoryHost {
  private readonly queries: DatabaseQueries
  private readonly follower: JournalFollower
  private turn: Promise<unknown> = Promise.resolve()
  private timer: Timer | undefined
  private problem: string | undefined
  private failures = 0
  private retentionDueMs = 0
  private closing: Promise<void> | undefined

  private constructor(
    private readonly options: HistoryHostOptions,
    private readonly database: OpenedDatabase,
  ) {
    const { journal, mode, journalDirectory } = options
    this.queries = new DatabaseQueries(database.db, journal)
    this.follower = createFollower(database, { journal, mode, journalDirectory })
    this.followSoon(0)
  }

  /** @throws {@link DatabaseException} It cannot be opened. */
  static async open(options: HistoryHostOptions): Promise<DatabaseHost> {
    return new DatabaseHost(options, await openDatabase(options))
  }

  async query<Name extends keyof HistoryQueries>(
    name: Name,
    args: Parameters<HistoryQueries[Name]>,
  ): Promise<Awaited<ReturnType<HistoryQueries[Name]>>> {
    try {
      const run = this.queries[name] as (...given: Parameters<HistoryQueries[Name]>) => ReturnType<HistoryQueries[Name]>
      return await run.apply(this.queries, args)
    } catch (error) {
      throw asDatabaseException(error, `answering ${name}`)
    }
  }

  async write(rows: readonly DisplayRow[]): Promise<void> {
    try {
      await this.database.db.transaction().execute((transaction) => upsertRows(transaction, rows))
    } catch (error) {
      throw asDatabaseException(error, 'writing display data')
    }
  }

  async catchUp(): Promise<HistoryProgress> {
    await this.inTurn(() => this.follow())
    return this.progress()
  }

  progress(): Promise<HistoryProgress> {
    return Promise.resolve({ position: this.follower.position, problem: this.problem })
  }

  close(): Promise<void> {
    this.closing ??= this.finish()
    return this.closing
  }

  private async finish(): Promise<void> {
    this.timer?.cancel()
    await this.turn
    await this.database.close()
  }

  private followSoon(delayMs: number): void {
    this.timer = systemClock.setTimer(() => {
      void this.inTurn(async () => {
        await this.follow()
        if (this.closing === undefined) this.followSoon(this.restMs())
      })
    }, delayMs)
  }

  /** Never rejects: what fails is tried again and told meanwhile. */
  private async follow(): Promise<void> {
    const { retention, journal } = this.options
    try {
      await this.follower.catchUp()
      const nowMs = systemClock.nowMs()
      if (nowMs >= this.retentionDueMs) {
        this.retentionDueMs = nowMs + retentionIntervalMs
        await applyRetention(this.database.db, retention, { nowMs, journal })
      }
      this.problem = undefined
      this.failures = 0
    } catch (error) {
      this.problem = asDatabaseException(error, 'following the journal').message
      this.failures++
    }
  }

  private restMs(): number {
    const { followIntervalMs } = this.options
    return this.failures === 0 ? followIntervalMs : Math.min(followIntervalMs * 2 ** this.failures, maxRestMs)
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work)
    this.turn = done
    return done
  }
}

/** The follower of a journal in files. */
export function createFollower(
  { db }: OpenedDatabase,
  journal: { readonly journal: string; readonly mode: string; readonly journalDirectory: string },
  onProgress?: (position: number) => void,
): JournalFollower {
  const { journalDirectory } = journal
  return new JournalFollower({
    db,
    journal: journal.journal,
    mode: journal.mode,
    createdAtMs: systemClock.nowMs(),
    openSource: () => new JournalTail(journalDirectory),
    decode: (payload) => executionRecordCodec.decode(payload),
    readCatalogue: () => InstrumentCatalogue.read(journalDirectory),
    onProgress,
  })
}
