import { createHash, type Hash } from 'node:crypto'
import type { Journal } from '../types/journal.js'
import type { ExecutionRecord } from './execution-record.js'
import { executionRecordCodec } from './execution-record-codec.js'

/** Records that wait for their place in the hash; an order must not wait for it. */
const maxUnhashed = 256

/**
 * Passes records on and keeps a running hash over those of this session: two runs with the same inputs on the same clock
 * must show the same one (invariant S12).
 */
export class HashingJournal implements Journal<ExecutionRecord> {
  private readonly running: Hash = createHash('sha256')
  private unhashed: ExecutionRecord[] = []

  constructor(private readonly inner: Journal<ExecutionRecord>) {}

  /** SHA-256 of all payloads so far, in hexadecimal digits. */
  get hash(): string {
    this.hashAll()
    return this.running.copy().digest('hex')
  }

  append(record: ExecutionRecord): Promise<void> | undefined {
    this.unhashed.push(record)
    return this.inner.append(record)
  }

  enqueue(record: ExecutionRecord): void {
    this.unhashed.push(record)
    this.inner.enqueue(record)
    if (this.unhashed.length >= maxUnhashed) this.hashAll()
  }

  flush(): Promise<void> {
    return this.inner.flush()
  }

  checkpoint(records: readonly ExecutionRecord[]): void {
    this.inner.checkpoint(records)
  }

  replay(): AsyncIterable<ExecutionRecord> {
    return this.inner.replay()
  }

  close(): Promise<void> {
    return this.inner.close()
  }

  private hashAll(): void {
    for (const record of this.unhashed) this.running.update(executionRecordCodec.encode(record)).update('\n')
    this.unhashed = []
  }
}
