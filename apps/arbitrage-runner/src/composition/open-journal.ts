import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '@cex-arbitrage/common'
import type { EngineConfig } from '@cex-arbitrage/config'
import { FileJournal, type SyncPolicy } from '@cex-arbitrage/storage'
import { executionRecordCodec, type ExecutionRecord, type Journal } from '@cex-arbitrage/trading'

const bytesPerMegabyte = 1_048_576

/** A journal, the token that proves that it is ours alone, and the way to let go of it. */
export interface OpenedJournal {
  readonly journal: Journal<ExecutionRecord>
  readonly fencingToken: number
  /** Folder of its files. */
  readonly directory: string
  close(): Promise<void>
}

/**
 * The journal of the mode: in the configured folder where money is real. Simulated and paper accounts end with the process,
 * and so does their journal.
 *
 * @throws {@link JournalException} Another engine holds the journal, or it is damaged.
 */
export async function openJournal(config: EngineConfig, clock: Clock): Promise<OpenedJournal> {
  const { folder, fsync } = config.journal
  if (config.mode === 'live') return open(config, clock, folder, fsync)
  const passing = await mkdtemp(join(tmpdir(), 'cex-arbitrage-journal-'))
  const opened = await open(config, clock, passing, 'never')
  return {
    ...opened,
    close: async () => {
      await opened.close()
      await rm(passing, { recursive: true, force: true })
    },
  }
}

async function open(config: EngineConfig, clock: Clock, directory: string, sync: SyncPolicy): Promise<OpenedJournal> {
  const journal = await FileJournal.open({
    directory,
    codec: executionRecordCodec,
    clock,
    sync,
    syncIntervalMs: config.journal.fsyncIntervalMs,
    maxSegmentBytes: config.journal.rotateAtMegabytes * bytesPerMegabyte,
  })
  return { journal, fencingToken: journal.fencingToken, directory, close: () => journal.close() }
}
