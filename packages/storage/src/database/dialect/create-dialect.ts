import { ConfigurationException } from '@cex-arbitrage/common'
import { PostgresDialect, type Dialect } from 'kysely'
import pg from 'pg'
import { LibsqlDialect } from './libsql-dialect.js'

export type DatabaseEngine = 'sqlite' | 'postgres'

export interface CreatedDialect {
  readonly engine: DatabaseEngine
  readonly dialect: Dialect
  /** Of the embedded database; `undefined` for one in memory and for PostgreSQL. */
  readonly file: string | undefined
}

const connectTimeoutMs = 10_000
/** A server that has gone without a word is given up after this; deleting old rows may take minutes. */
const queryTimeoutMs = 300_000
const bigintType = 20
const sqlitePrefix = 'sqlite:'

/**
 * @param url - `sqlite:path`, `sqlite::memory:`, or `postgres://user:password@host:port/name`.
 * @throws {@link ConfigurationException} It is neither; the address itself is not repeated, for it may carry a password.
 */
export function createDialect(url: string, poolSize: number): CreatedDialect {
  if (url.startsWith(sqlitePrefix)) {
    const path = url.slice(sqlitePrefix.length)
    if (path !== '')
      return { engine: 'sqlite', dialect: new LibsqlDialect(path), file: path === ':memory:' ? undefined : path }
  }
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) {
    const pool = new pg.Pool({
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: queryTimeoutMs,
      keepAlive: true,
      application_name: 'cex-arbitrage',
      types: { getTypeParser: parserOf },
    })
    // A connection that breaks, idle or between two statements, is replaced; the next query tells if that fails too.
    pool.on('error', () => undefined)
    pool.on('connect', (client) => client.on('error', () => undefined))
    return { engine: 'postgres', dialect: new PostgresDialect({ pool }), file: undefined }
  }
  throw new ConfigurationException({
    message: 'The database address is neither sqlite:path nor postgres://user:password@host/name.',
    problems: [{ path: 'database.url', message: 'must begin with sqlite: or postgres://' }],
  })
}

/** `bigint` columns hold times and counters, all of them safe integers. */
function parserOf(type: number, format?: 'text' | 'binary'): ReturnType<typeof pg.types.getTypeParser> {
  return type === bigintType ? Number : pg.types.getTypeParser(type, format as 'text')
}
