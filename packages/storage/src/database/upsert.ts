import { sql, type Kysely } from 'kysely'
import { tableKeys, type DatabaseSchema, type TableName, type TableRow } from './schema.js'

/** Values in one statement; SQLite takes 32766, PostgreSQL 65535. */
const maxValues = 30_000

/** Writes rows by their keys: new ones are added, known ones replaced, the last of several with one key wins. */
export async function upsertRows(db: Kysely<DatabaseSchema>, rows: Iterable<TableRow>): Promise<void> {
  const byTable = new Map<TableName, Map<string, object>>()
  for (const { table, row } of rows) {
    let byKey = byTable.get(table)
    if (byKey === undefined) byTable.set(table, (byKey = new Map()))
    byKey.set(keyOf(table, row), row)
  }
  for (const [table, byKey] of byTable) await upsertInto(db, table, [...byKey.values()])
}

async function upsertInto(db: Kysely<DatabaseSchema>, table: TableName, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0]!)
  const keys: readonly string[] = tableKeys[table]
  const others = columns.filter((column) => !keys.includes(column))
  const atOnce = Math.floor(maxValues / columns.length)
  for (let from = 0; from < rows.length; from += atOnce)
    await db
      .insertInto(table)
      .values(rows.slice(from, from + atOnce) as never[])
      .onConflict((conflict) =>
        conflict
          .columns([...keys] as never[])
          .doUpdateSet(Object.fromEntries(others.map((column) => [column, sql.ref(`excluded.${column}`)])) as never),
      )
      .execute()
}

const keyOf = (table: TableName, row: object): string =>
  tableKeys[table].map((column) => String((row as Readonly<Record<string, unknown>>)[column])).join('\u0000')
