import { existsSync } from 'node:fs'
import { RingBuffer, toCexArbitrageException, type Clock, type Logger, type Timer } from '@cex-arbitrage/common'
import {
  toFlag,
  type DisplayRecorder,
  type DisplayRow,
  type EquitySample,
  type OpportunitySample,
  type VenueHealthSample,
  type WhyNotSample,
} from './display-data.js'
import { historyQueryNames, type HistoryQueries } from './history-queries.js'
import { DatabaseHost } from './host/database-host.js'
import type { HistoryHost, HistoryHostOptions, HistoryProgress } from './host/history-host.js'
import { WorkerHost } from './host/worker-host.js'
import { defaultRetentionPolicy, type RetentionPolicy } from './retention.js'

export interface HistoryDatabaseOptions {
  /** `sqlite:path` or `postgres://user:password@host/name`. */
  readonly url: string
  /** Connections to PostgreSQL. */
  readonly poolSize: number
  /** Name of the journal in the tables: `live`, or one of each simulated or paper run. */
  readonly journal: string
  readonly mode: string
  /** Folder of the journal's files and its catalogue of instruments. */
  readonly journalDirectory: string
  /** Milliseconds that rows are collected before they are written together. */
  readonly flushIntervalMs: number
  /** Display rows held while the database is slow or away. */
  readonly maxQueuedRows: number
  readonly retention?: RetentionPolicy
  readonly clock: Clock
  readonly logger: Logger
  /** Entry of the database's thread; by default the one of this package, and no thread where it is not built. */
  readonly workerEntry?: URL | undefined
}

export interface HistoryStatus extends HistoryProgress {
  /** Display rows waiting, and those that were dropped because the ring was full. */
  readonly queued: number
  readonly dropped: number
}

/** Display rows handed over at a time: copying them to the other thread must not hold up the one that trades. */
const rowsAtOnce = 500

/**
 * The engine's door to its history. The thread that holds it does nothing but collect display rows; everything else is
 * done by the host, which follows the journal's files, so that no record waits in memory and none can be lost.
 */
export class HistoryDatabase implements DisplayRecorder {
  readonly queries: HistoryQueries
  private readonly ring: RingBuffer<DisplayRow>
  private readonly log: Logger
  private sending: readonly DisplayRow[] = []
  private ordinal = 0
  private turn: Promise<void> = Promise.resolve()
  private timer: Timer | undefined
  private problem: string | undefined
  private position = 0
  private closed = false

  private constructor(
    private readonly options: HistoryDatabaseOptions,
    private readonly host: HistoryHost,
  ) {
    this.ring = new RingBuffer(options.maxQueuedRows)
    this.log = options.logger.child({ component: 'database' })
    this.queries = createQueries(host)
    this.flushSoon()
  }

  /**
   * Opens the database and begins to follow the journal, beside which an {@link InstrumentCatalogue} must stand.
   *
   * @throws {@link DatabaseException} It cannot be reached or written.
   * @throws {@link ConfigurationException} The address is of no known kind.
   */
  static async open(options: HistoryDatabaseOptions): Promise<HistoryDatabase> {
    const { url, poolSize, journal, mode, journalDirectory, flushIntervalMs } = options
    const hostOptions: HistoryHostOptions = {
      url,
      poolSize,
      journal,
      mode,
      journalDirectory,
      followIntervalMs: flushIntervalMs,
      retention: options.retention ?? defaultRetentionPolicy,
    }
    const entry = options.workerEntry ?? builtWorkerEntry()
    const host = entry === undefined ? await DatabaseHost.open(hostOptions) : await WorkerHost.open(entry, hostOptions)
    return new HistoryDatabase(options, host)
  }

  status(): HistoryStatus {
    const { position, problem } = this
    return { position, problem, queued: this.ring.size + this.sending.length, dropped: this.ring.dropped }
  }

  recordOpportunity(sample: OpportunitySample): void {
    this.push({ table: 'opportunities', row: { journal: this.options.journal, ordinal: this.ordinal++, ...sample } })
  }

  recordWhyNot(sample: WhyNotSample): void {
    this.push({ table: 'whyNot', row: { journal: this.options.journal, ...sample } })
  }

  recordEquity(sample: EquitySample): void {
    this.push({ table: 'equity', row: { journal: this.options.journal, ...sample } })
  }

  recordVenueHealth(sample: VenueHealthSample): void {
    const { marketDataConnected, accountConnected } = sample
    const flags = {
      marketDataConnected: toFlag(marketDataConnected),
      accountConnected: toFlag(accountConnected),
    }
    this.push({ table: 'venueHealth', row: { journal: this.options.journal, ...sample, ...flags } })
  }

  /** Resolves when everything that the journal held and that was recorded at the call is in the tables, or cannot be. */
  async flush(): Promise<HistoryStatus> {
    do await this.send()
    while (this.ring.size > 0 && this.problem === undefined)
    this.note(await this.host.catchUp())
    return this.status()
  }

  /** Writes the rest and lets go of the database. Close it before the journal's folder goes. */
  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.timer?.cancel()
    try {
      await this.flush()
    } finally {
      await this.host.close()
    }
  }

  private push(row: DisplayRow): void {
    this.ring.push(row)
  }

  private flushSoon(): void {
    this.timer = this.options.clock.setTimer(() => {
      void this.send().then(() => {
        if (!this.closed) this.flushSoon()
      })
    }, this.options.flushIntervalMs)
  }

  private send(): Promise<void> {
    this.turn = this.turn.then(() => this.sendSome())
    return this.turn
  }

  /** Hands over what waits; what fails is tried again with the next call, while the ring bounds the rest. */
  private async sendSome(): Promise<void> {
    if (this.sending.length === 0) {
      const rows: DisplayRow[] = []
      for (let row = this.ring.shift(); row !== undefined; row = this.ring.shift())
        if (rows.push(row) >= rowsAtOnce) break
      this.sending = rows
    }
    try {
      if (this.sending.length > 0) await this.host.write(this.sending)
      this.sending = []
      this.note(await this.host.progress())
    } catch (error) {
      const { message } = toCexArbitrageException(error, { doing: 'writing display data' })
      this.note({ position: this.position, problem: message })
    }
  }

  private note({ position, problem }: HistoryProgress): void {
    this.position = position
    if (problem !== undefined && this.problem === undefined)
      this.log.warn({ problem, position }, 'the tables do not follow the journal')
    if (problem === undefined && this.problem !== undefined)
      this.log.info({ position }, 'the tables follow the journal again')
    this.problem = problem
  }
}

/** Beside the built code; sources that are run as they are have no thread of their own. */
function builtWorkerEntry(): URL | undefined {
  const entry = new URL('./host/database-worker.js', import.meta.url)
  return entry.protocol === 'file:' && existsSync(entry) ? entry : undefined
}

function createQueries(host: HistoryHost): HistoryQueries {
  const entries = historyQueryNames.map((name) => [name, (...args: never[]) => host.query(name, args as never)])
  return Object.fromEntries(entries) as unknown as HistoryQueries
}
