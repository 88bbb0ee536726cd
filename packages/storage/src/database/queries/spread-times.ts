import { sql, type SelectQueryBuilder } from 'kysely'
import type { DatabaseSchema } from '../schema.js'

/**
 * Times of at most so many rows of a query, evenly spread by time, the newest among them: the last row of each of equal
 * spans. Done by the database, for a series may have millions of rows.
 */
export async function spreadTimes<Table extends 'equity' | 'venueHealth'>(
  query: SelectQueryBuilder<DatabaseSchema, Table, object>,
  maxTimes: number,
): Promise<number[]> {
  // Both tables have `atMs`; the query builder wants to see one to know its columns.
  const rows = query as unknown as SelectQueryBuilder<DatabaseSchema, 'equity', object>
  const { first, last } = await rows
    .select(({ fn }) => [fn.min<number | null>('atMs').as('first'), fn.max<number | null>('atMs').as('last')])
    .executeTakeFirstOrThrow()
  if (first === null || last === null) return []
  const spanMs = Math.ceil((last - first + 1) / maxTimes)
  const spans = await rows
    .select(({ fn }) => fn.max<number>('atMs').as('atMs'))
    // Written out, not bound: a bound number is a double to SQLite, and the division must be one of integers.
    .groupBy(sql`(${sql.ref('atMs')} - ${sql.lit(first)}) / ${sql.lit(spanMs)}`)
    .execute()
  return spans.map(({ atMs }) => atMs)
}
