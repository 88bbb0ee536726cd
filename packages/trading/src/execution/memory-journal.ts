import { JournalException } from '@cex-arbitrage/common'
import type { Journal } from '../types/journal.js'
import type { ExecutionRecord } from './execution-record.js'

export interface MemoryJournalOptions {
  /** What an earlier run left. */
  readonly records?: readonly ExecutionRecord[]
  /** What stands for the first `count` of them. */
  readonly checkpoint?: { readonly records: readonly ExecutionRecord[]; readonly count: number } | undefined
  /**
   * After so many writes of this run the process counts as killed: nothing more is kept, and nothing that waits for the
   * journal goes on.
   */
  readonly killAfter?: number
  /** After so many writes of this run nothing more can be written, as on a full disk. */
  readonly failAfter?: number
}

/** A journal without a file, for simulations: durable at once, and able to die between two writes. */
export class MemoryJournal implements Journal<ExecutionRecord> {
  readonly records: ExecutionRecord[]
  private writes = 0
  private closed = false
  private last: { readonly records: readonly ExecutionRecord[]; readonly count: number } | undefined
  private killAfter: number
  private readonly failAfter: number

  constructor(options: MemoryJournalOptions = {}) {
    this.records = [...(options.records ?? [])]
    this.last = options.checkpoint
    this.killAfter = options.killAfter ?? Number.POSITIVE_INFINITY
    this.failAfter = options.failAfter ?? Number.POSITIVE_INFINITY
  }

  /** The kill point has been passed. */
  get killed(): boolean {
    return this.writes > this.killAfter
  }

  /** Something could not be written, and nothing is any more. */
  get failed(): boolean {
    return this.writes > this.failAfter
  }

  /** The process dies now. */
  kill(): void {
    this.killAfter = Math.min(this.killAfter, this.writes - 1)
  }

  append(record: ExecutionRecord): Promise<void> | undefined {
    if (this.closed) return Promise.reject(new JournalException({ message: 'The journal is closed.' }))
    this.enqueue(record)
    if (this.failed && !this.killed) return Promise.reject(fullException())
    return this.killed ? new Promise(() => undefined) : Promise.resolve()
  }

  enqueue(record: ExecutionRecord): void {
    if (this.closed) return
    this.writes++
    if (!this.killed && !this.failed) this.records.push(record)
  }

  flush(): Promise<void> {
    if (this.failed && !this.killed) return Promise.reject(fullException())
    return this.killed ? new Promise(() => undefined) : Promise.resolve()
  }

  /** The newest one, for the next run to begin with. */
  get lastCheckpoint(): MemoryJournalOptions['checkpoint'] {
    return this.last
  }

  checkpoint(records: readonly ExecutionRecord[]): void {
    if (!this.closed && !this.killed && !this.failed) this.last = { records: [...records], count: this.records.length }
  }

  async *replay(): AsyncIterable<ExecutionRecord> {
    yield* this.last?.records ?? []
    yield* this.records.slice(this.last?.count ?? 0)
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }
}

const fullException = (): JournalException => new JournalException({ message: 'The disk is full.' })
