import { RingBuffer, type Clock, type Timer } from '@cex-arbitrage/common'
import type { ExecutionRecord, Journal } from '@cex-arbitrage/trading'

const drainIntervalMs = 100
/** More than a busy engine writes between two looks; beyond it the oldest are left out of the traces. */
const maxWaiting = 10_000

/** Hands every record on to the journal at once, and to a listener a moment later, when nothing waits for it. */
export class TracedJournal implements Journal<ExecutionRecord> {
  private readonly waiting = new RingBuffer<ExecutionRecord>(maxWaiting)
  private timer: Timer | undefined

  constructor(
    private readonly inner: Journal<ExecutionRecord>,
    private readonly clock: Clock,
    private readonly listener: (record: ExecutionRecord) => void,
  ) {}

  append(record: ExecutionRecord): Promise<void> | undefined {
    const durable = this.inner.append(record)
    this.note(record)
    return durable
  }

  enqueue(record: ExecutionRecord): void {
    this.note(record)
    this.inner.enqueue(record)
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

  private note(record: ExecutionRecord): void {
    this.waiting.push(record)
    this.timer ??= this.clock.setTimer(() => this.drain(), drainIntervalMs)
  }

  /** Tells what waits now. */
  drain(): void {
    this.timer?.cancel()
    this.timer = undefined
    for (let record = this.waiting.shift(); record !== undefined; record = this.waiting.shift()) this.listener(record)
  }
}
