import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
} from 'kysely'
import SqliteFile from 'libsql'

/** How long a statement waits for another process that writes, milliseconds. */
const busyTimeoutMs = 5_000

/** The embedded database: one file, or `:memory:`, through one connection of libsql. */
export class LibsqlDialect implements Dialect {
  /** @param path - Of the file, made where it is missing; its folder must be there. */
  constructor(private readonly path: string) {}

  createAdapter(): DialectAdapter {
    return new SqliteAdapter()
  }

  createDriver(): Driver {
    return new LibsqlDriver(this.path)
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db)
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler()
  }
}

/** Hands out its one connection to one user at a time. */
class LibsqlDriver implements Driver {
  private connection: LibsqlConnection | undefined
  private turn: Promise<void> = Promise.resolve()
  private endTurn: () => void = () => undefined

  constructor(private readonly path: string) {}

  init(): Promise<void> {
    const file = new SqliteFile(this.path)
    // A commit survives the death of the process; after that of the machine the last ones are taken from the journal again.
    for (const pragma of [`busy_timeout = ${busyTimeoutMs}`, 'journal_mode = wal', 'synchronous = normal'])
      file.pragma(pragma)
    this.connection = new LibsqlConnection(file)
    return Promise.resolve()
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.turn
    let end = (): void => undefined
    this.turn = new Promise((resolve) => (end = resolve))
    await before
    this.endTurn = end
    return this.connection!
  }

  releaseConnection(): Promise<void> {
    this.endTurn()
    return Promise.resolve()
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  destroy(): Promise<void> {
    this.connection?.close()
    return Promise.resolve()
  }
}

class LibsqlConnection implements DatabaseConnection {
  constructor(private readonly file: SqliteFile.Database) {}

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    await Promise.resolve()
    const statement = this.file.prepare(sql)
    if (statement.reader) return { rows: statement.all([...parameters]) as R[] }
    const { changes } = statement.run([...parameters])
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  // oxlint-disable-next-line require-yield -- answers are never streamed: every query is bounded
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new TypeError('The embedded database does not stream answers; ask for a bounded number of rows.')
  }

  close(): void {
    this.file.close()
  }
}
