import type { ExecutionRecord } from '../execution/execution-record.js'
import type { Journal } from '../types/journal.js'

/** A journal that writes for the sake of writing. The mark keeps one that anybody reads from being given in its place. */
export interface RehearsalJournal extends Journal<ExecutionRecord> {
  readonly isRehearsal: true
}
