import { JournalLock } from '../journal/journal-lock.js'
import { createFollower } from './host/database-host.js'
import { asDatabaseException, openDatabase } from './open-database.js'

export interface RebuildOptions {
  readonly url: string
  readonly poolSize: number
  /** Name of the journal in the tables. */
  readonly journal: string
  readonly mode: string
  /** Folder of the journal; no engine may be writing it. */
  readonly journalDirectory: string
  /** Told how many records have been taken, every so often. */
  readonly onProgress?: (records: number) => void
}

/**
 * Empties the tables that follow from a journal and fills them again from it. Display data stays as it is.
 *
 * @returns how many records were taken.
 * @throws {@link DatabaseException} The database cannot be opened or written.
 * @throws {@link JournalException} The journal is damaged, or an engine is writing it.
 */
export async function rebuildDatabase(options: RebuildOptions): Promise<number> {
  const lock = await JournalLock.acquire(options.journalDirectory, 0)
  try {
    const database = await openDatabase(options)
    try {
      return await createFollower(database, options, options.onProgress).rebuild()
    } finally {
      await database.close()
    }
  } catch (error) {
    throw asDatabaseException(error, 'rebuilding from the journal')
  } finally {
    await lock.release()
  }
}
