import type { DatabaseEngine } from './dialect/create-dialect.js'
import { asDatabaseException, openDatabase, type DatabaseAddress } from './open-database.js'

/** What a database turned out to be. */
export interface DatabaseProbe {
  readonly engine: DatabaseEngine
  /** Migrations that had to run; none when the tables were up to date. */
  readonly migrations: readonly string[]
}

/**
 * Opens a database as the engine does, brings its tables up to date, and sees that they can be written; no row changes.
 *
 * @throws {@link DatabaseException} It cannot be opened or written. @throws {@link ConfigurationException} The address is none.
 */
export async function probeDatabase(address: DatabaseAddress): Promise<DatabaseProbe> {
  const database = await openDatabase(address)
  const { engine, db, migrations } = database
  try {
    // Right and lock are asked for whether a row fits or not.
    await db
      .updateTable('journals')
      .set((eb) => ({ position: eb.ref('position') }))
      .where('position', '<', -1)
      .execute()
    return { engine, migrations }
  } catch (error) {
    throw asDatabaseException(error, 'writing it')
  } finally {
    await database.close()
  }
}
