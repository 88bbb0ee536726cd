import { createHash } from 'node:crypto'
import type { ExecutionRecord } from '@cex-arbitrage/trading'
import type { Kysely } from 'kysely'
import type { InstrumentCatalogue } from './instrument-catalogue.js'
import { ExecutionProjection } from './projection/execution-projection.js'
import { journalTables, type DatabaseSchema, type TableRow } from './schema.js'
import { upsertRows } from './upsert.js'

/** Gives the payloads that follow those given before; none when there is nothing new. */
export interface RecordSource {
  read(): Promise<readonly Uint8Array[]>
}

export interface JournalFollowerOptions {
  readonly db: Kysely<DatabaseSchema>
  /** Name of the journal in the tables. */
  readonly journal: string
  readonly mode: string
  readonly createdAtMs: number
  /** A fresh one from the journal's first record. */
  readonly openSource: () => RecordSource
  readonly decode: (payload: Uint8Array) => ExecutionRecord
  readonly readCatalogue: () => Promise<InstrumentCatalogue>
  /** Told how many records have been taken, every so often. */
  readonly onProgress?: ((position: number) => void) | undefined
}

interface Progress {
  readonly source: RecordSource
  readonly projection: ExecutionProjection
  /** Records that the tables hold already, and the hash of the last of them. */
  readonly held: number
  readonly heldHash: string
  readonly createdAtMs: number
}

/** Payloads in one transaction. */
const recordsAtOnce = 2_000

/**
 * Keeps the tables equal to a journal: takes its records in order, each in one transaction with the note of how far it
 * has come, so that after any death it goes on exactly where it stopped. When the tables turn out to hold what the
 * journal does not (it was lost with the machine, or another one stands in its place), they are emptied and filled again.
 */
export class JournalFollower {
  private progress: Progress | undefined
  private unread: readonly Uint8Array[] = []

  constructor(private readonly options: JournalFollowerOptions) {}

  /** Records taken by this follower. */
  get position(): number {
    return this.progress?.projection.position ?? 0
  }

  /**
   * Takes everything that the journal holds now.
   *
   * @returns how many records that was; those that the tables had already are counted as well.
   * @throws {@link JournalException} The journal is damaged. What a database driver throws; to be called again then.
   */
  async catchUp(): Promise<number> {
    for (let taken = 0; ;) {
      const step = await this.takeSome()
      if (step === 'foreign' || (step === 0 && this.position < this.progress!.held)) {
        await this.empty()
        taken = 0
      } else if (step === 0) return taken
      else taken += step
    }
  }

  /** Empties the tables of this journal and fills them again from its first record. */
  async rebuild(): Promise<number> {
    await this.empty()
    return this.catchUp()
  }

  private async empty(): Promise<void> {
    await this.options.db.transaction().execute(async (transaction) => {
      for (const table of [...journalTables, 'journals'] as const)
        await transaction.deleteFrom(table).where('journal', '=', this.options.journal).execute()
    })
    this.restart()
  }

  private restart(): void {
    this.progress = undefined
    this.unread = []
  }

  /** @returns how many were taken, or `foreign` when the tables come from another journal. */
  private async takeSome(): Promise<number | 'foreign'> {
    this.progress ??= await this.begin()
    if (this.unread.length === 0) this.unread = await this.progress.source.read()
    const payloads = this.unread.slice(0, recordsAtOnce)
    if (payloads.length === 0) return 0
    try {
      if (!(await this.takePayloads(payloads, this.progress))) return 'foreign'
    } catch (error) {
      // The projection has gone further than the tables; it begins anew and leaves out what they hold.
      this.restart()
      throw error
    }
    this.unread = this.unread.slice(payloads.length)
    this.options.onProgress?.(this.position)
    return payloads.length
  }

  /** @returns whether the records are those that the tables come from, as far as they hold them. */
  private async takePayloads(payloads: readonly Uint8Array[], progress: Progress): Promise<boolean> {
    const { projection, held, heldHash } = progress
    const rows: TableRow[] = []
    for (const payload of payloads) {
      const added = projection.take(this.options.decode(payload))
      if (projection.position > held) rows.push(...added)
      else if (projection.position === held && hashOf(payload) !== heldHash) return false
    }
    if (projection.position <= held) return true
    const journalRow = this.journalRow(projection.position, hashOf(payloads.at(-1)!), progress.createdAtMs)
    await this.options.db.transaction().execute((transaction) => upsertRows(transaction, [...rows, journalRow]))
    return true
  }

  private async begin(): Promise<Progress> {
    const { db, journal, openSource, readCatalogue } = this.options
    const catalogue = await readCatalogue()
    const known = await db.selectFrom('journals').selectAll().where('journal', '=', journal).executeTakeFirst()
    if (known === undefined) await upsertRows(db, [this.journalRow(0, '', this.options.createdAtMs)])
    return {
      source: openSource(),
      projection: new ExecutionProjection(journal, catalogue),
      held: known?.position ?? 0,
      heldHash: known?.lastRecordHash ?? '',
      createdAtMs: known?.createdAtMs ?? this.options.createdAtMs,
    }
  }

  private journalRow(position: number, lastRecordHash: string, createdAtMs: number): TableRow<'journals'> {
    const { journal, mode } = this.options
    return { table: 'journals', row: { journal, mode, createdAtMs, position, lastRecordHash } }
  }
}

const hashOf = (payload: Uint8Array): string => createHash('sha256').update(payload).digest('hex')
