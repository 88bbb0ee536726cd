import type { DisplayRow } from '../display-data.js'
import type { HistoryQueries } from '../history-queries.js'
import type { RetentionPolicy } from '../retention.js'

/** What a host is opened with; it crosses to another thread as it is. */
export interface HistoryHostOptions {
  /** `sqlite:path` or `postgres://user:password@host/name`. */
  readonly url: string
  readonly poolSize: number
  /** Name of the engine's journal in the tables: `live`, or one of each simulated or paper run. */
  readonly journal: string
  readonly mode: string
  /** Folder of the journal's files and its catalogue of instruments. */
  readonly journalDirectory: string
  /** Milliseconds between two looks at the journal. */
  readonly followIntervalMs: number
  readonly retention: RetentionPolicy
}

/** How far the tables are. */
export interface HistoryProgress {
  /** Records of the journal that have been taken. */
  readonly position: number
  /** Why the tables do not follow the journal at the moment. */
  readonly problem: string | undefined
}

/** Whoever holds the connection: on this thread or on one of its own. */
export interface HistoryHost {
  /** Runs one of {@link HistoryQueries}. */
  query<Name extends keyof HistoryQueries>(
    name: Name,
    args: Parameters<HistoryQueries[Name]>,
  ): Promise<Awaited<ReturnType<HistoryQueries[Name]>>>
  /** Writes display data. */
  write(rows: readonly DisplayRow[]): Promise<void>
  /** Takes everything that the journal holds at this moment. */
  catchUp(): Promise<HistoryProgress>
  /** As it is, without taking anything. */
  progress(): Promise<HistoryProgress>
  /** Ends what is under way and lets go of the database; what the journal has besides is taken at the next start. */
  close(): Promise<void>
}
