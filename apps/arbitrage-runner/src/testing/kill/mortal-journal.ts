import type { ExecutionRecord, Journal } from '@cex-arbitrage/trading'
import type { KillPoint } from './kill-point.js'

const soonMs = 8

/** A journal that kills its process at one of its records. */
export class MortalJournal implements Journal<ExecutionRecord> {
  private counted = 0

  constructor(
    private readonly inner: Journal<ExecutionRecord>,
    private readonly point: KillPoint,
    private readonly die: () => void,
  ) {}

  append(record: ExecutionRecord): Promise<void> | undefined {
    return this.isLast(record) ? this.writeLast(record) : this.inner.append(record)
  }

  enqueue(record: ExecutionRecord): void {
    if (this.isLast(record)) void this.writeLast(record)
    else this.inner.enqueue(record)
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

  private isLast(record: ExecutionRecord): boolean {
    const { from, record: at } = this.point
    if (this.counted > 0 || from === 'session' || record.kind === 'trade_start') this.counted++
    return this.counted === at
  }

  private async writeLast(record: ExecutionRecord): Promise<void> {
    if (this.point.moment === 'before') this.die()
    await this.inner.append(record)
    if (this.point.moment === 'after') this.die()
    setTimeout(this.die, soonMs)
  }
}
