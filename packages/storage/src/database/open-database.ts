import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CexArbitrageException, DatabaseException } from '@cex-arbitrage/common'
import { CamelCasePlugin, Kysely } from 'kysely'
import { createDialect, type DatabaseEngine } from './dialect/create-dialect.js'
import { migrateToLatest } from './migrations/migrate.js'
import type { DatabaseSchema } from './schema.js'

export interface DatabaseAddress {
  /** `sqlite:path`, `sqlite::memory:` or `postgres://user:password@host/name`. */
  readonly url: string
  /** Connections to PostgreSQL; 4 by default. */
  readonly poolSize?: number
  /** Refuses an embedded database that is not there instead of making it. */
  readonly mustExist?: boolean
}

export interface OpenedDatabase {
  readonly engine: DatabaseEngine
  readonly db: Kysely<DatabaseSchema>
  /** Names of the migrations that ran. */
  readonly migrations: readonly string[]
  close(): Promise<void>
}

const defaultPoolSize = 4

/**
 * Connects and brings the tables up to date.
 *
 * @throws {@link DatabaseException} It cannot be reached or written.
 */
export async function openDatabase({ url, poolSize, mustExist = false }: DatabaseAddress): Promise<OpenedDatabase> {
  const { engine, dialect, file } = createDialect(url, poolSize ?? defaultPoolSize)
  const db = new Kysely<DatabaseSchema>({ dialect, plugins: [new CamelCasePlugin()] })
  try {
    if (file !== undefined && mustExist && !existsSync(file))
      throw new DatabaseException({
        message: `There is no database at ${file}. An engine with database.enabled writes one; check database.url and the folder.`,
      })
    if (file !== undefined) await mkdir(dirname(file), { recursive: true })
    const migrations = await migrateToLatest(db)
    return { engine, db, migrations, close: () => db.destroy() }
  } catch (error) {
    await db.destroy().catch(() => undefined)
    throw asDatabaseException(error, 'opening it')
  }
}

/** Wraps what a driver throws; the address stays out of it. */
export function asDatabaseException(error: unknown, doing: string): CexArbitrageException {
  if (error instanceof CexArbitrageException) return error
  const reason = error instanceof Error ? reasonOf(error) : 'unknown'
  return new DatabaseException({
    cause: error,
    message: `The database failed while ${doing}: ${reason}. Check that it runs, its address, rights and disk.`,
  })
}

/** A refused connection has an empty message and says why in its code. */
const reasonOf = (error: Error & { readonly code?: unknown }): string =>
  error.message !== '' ? error.message : typeof error.code === 'string' ? error.code : error.name
