import type { Clock, Timer } from '@cex-arbitrage/common'
import type { Journal } from '../types/journal.js'
import type { ExecutionRecord, ExecutionRecordOf } from './execution-record.js'
import { RememberedRecords } from './remembered-records.js'

export interface CheckpointingJournalOptions {
  readonly inner: Journal<ExecutionRecord>
  readonly clock: Clock
  /** So many records after the last checkpoint comes the next; 0 for none. */
  readonly afterRecords: number
  /** All that the records so far have come to, but for the trades that are remembered record by record; given their ids. */
  readonly captureState: (rememberedTrades: ReadonlySet<string>) => ExecutionRecordOf<'state'>
}

/**
 * Keeps the next start short: now and then it has the journal note what the records so far have come to, so that a replay
 * begins there. Taken between two turns, when every record and what it did to the books are both done.
 */
export class CheckpointingJournal implements Journal<ExecutionRecord> {
  private readonly remembered = new RememberedRecords()
  private sinceCheckpoint = 0
  private timer: Timer | undefined

  constructor(private readonly options: CheckpointingJournalOptions) {}

  append(record: ExecutionRecord): Promise<void> | undefined {
    this.note(record)
    return this.options.inner.append(record)
  }

  enqueue(record: ExecutionRecord): void {
    this.note(record)
    this.options.inner.enqueue(record)
  }

  flush(): Promise<void> {
    return this.options.inner.flush()
  }

  async *replay(): AsyncIterable<ExecutionRecord> {
    for await (const record of this.options.inner.replay()) {
      this.remembered.take(record)
      this.sinceCheckpoint = record.kind === 'state' ? 0 : this.sinceCheckpoint + 1
      yield record
    }
  }

  checkpoint(records: readonly ExecutionRecord[]): void {
    this.options.inner.checkpoint(records)
  }

  close(): Promise<void> {
    this.timer?.cancel()
    return this.options.inner.close()
  }

  private note(record: ExecutionRecord): void {
    const { afterRecords, clock } = this.options
    this.remembered.take(record)
    if (++this.sinceCheckpoint < afterRecords || afterRecords === 0) return
    this.timer ??= clock.setTimer(() => this.take(), 0)
  }

  private take(): void {
    this.timer = undefined
    this.sinceCheckpoint = 0
    this.checkpoint([...this.remembered.records, this.options.captureState(this.remembered.trades)])
  }
}
