import { closeSync, openSync, writeSync } from 'node:fs'
import { devNull } from 'node:os'
import type { ExecutionRecord, RehearsalJournal } from '@cex-arbitrage/trading'
import { executionRecordCodec } from '@cex-arbitrage/trading'
import { encodeFrame } from './frame.js'
import { GroupWriter } from './group-writer.js'

/** Writes records as the file journal does, to where nothing is kept: for rehearsals. */
export class DiscardingJournal implements RehearsalJournal {
  readonly isRehearsal = true
  private readonly file = openSync(devNull, 'w')
  private sequence = 0
  private readonly writer = new GroupWriter({
    isImmediate: true,
    writeNow: (group) => void writeSync(this.file, group),
    write: (group) => {
      writeSync(this.file, group)
      return Promise.resolve()
    },
  })

  append(record: ExecutionRecord): Promise<void> | undefined {
    return this.writer.append(this.frame(record))
  }

  enqueue(record: ExecutionRecord): void {
    this.writer.enqueue(this.frame(record))
  }

  checkpoint(): void {
    // There is nothing to begin from later.
  }

  flush(): Promise<void> {
    return this.writer.flush()
  }

  async *replay(): AsyncIterable<ExecutionRecord> {
    // Nothing is kept.
  }

  async close(): Promise<void> {
    await this.writer.flush()
    closeSync(this.file)
  }

  private frame(record: ExecutionRecord): Buffer {
    return encodeFrame(executionRecordCodec.encode(record), this.sequence++)
  }
}
