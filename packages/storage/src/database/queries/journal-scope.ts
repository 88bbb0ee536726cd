import type { Kysely } from 'kysely'
import type { JournalScope } from '../history-queries.js'
import type { DatabaseSchema } from '../schema.js'

/** Matches no journal; a list that is asked for must not be empty. */
const none = ''

/**
 * Names of the journals that a scope means, the oldest first; never an empty list.
 *
 * @param own - The one that is meant where the scope says nothing.
 */
export async function resolveScope(
  db: Kysely<DatabaseSchema>,
  { journal, mode }: JournalScope,
  own: string,
): Promise<readonly string[]> {
  if (journal !== undefined || mode === undefined) return [journal ?? own]
  const rows = await db
    .selectFrom('journals')
    .select('journal')
    .where('mode', '=', mode)
    .orderBy('createdAtMs')
    .orderBy('journal')
    .execute()
  return rows.length === 0 ? [none] : rows.map((row) => row.journal)
}
