import { DatabaseException } from '@cex-arbitrage/common'
import { Migrator, type Kysely, type Migration } from 'kysely'
import type { DatabaseSchema } from '../schema.js'
import { history0001 } from './0001-history.js'
import { surplusPrices0002 } from './0002-surplus-prices.js'

/** In the order of their names. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-history': history0001,
  '0002-surplus-prices': surplusPrices0002,
}

/**
 * Brings the tables up to this release; those that are there already are left alone.
 *
 * @returns the names of the migrations that ran.
 * @throws {@link DatabaseException} One failed, or the database comes from a newer release.
 */
export async function migrateToLatest(db: Kysely<DatabaseSchema>): Promise<readonly string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } })
  const { error, results } = await migrator.migrateToLatest()
  if (error !== undefined)
    throw new DatabaseException({
      cause: error,
      message: `The tables could not be brought up to date: ${error instanceof Error ? error.message : 'unknown'}. Use the release that wrote them last, or a new database.`,
    })
  return (results ?? []).map(({ migrationName }) => migrationName)
}
