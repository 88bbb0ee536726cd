import { msPerDay } from '@cex-arbitrage/common'
import type { Kysely } from 'kysely'
import { displayTables, journalTables, type DatabaseSchema } from './schema.js'

/** How long rows are kept. */
export interface RetentionPolicy {
  /** Sampled display data and balance checks, milliseconds. */
  readonly displayMs: number
  /** Rows that each table of display data may have, whatever their age. */
  readonly displayRows: number
  /** Ended trades with everything that belongs to them, milliseconds; `undefined` keeps them for ever. */
  readonly tradeMs: number | undefined
  /** Everything of a simulated or paper run, milliseconds after it began. */
  readonly passingJournalMs: number
}

export const defaultRetentionPolicy: RetentionPolicy = {
  displayMs: 30 * msPerDay,
  displayRows: 1_000_000,
  tradeMs: undefined,
  passingJournalMs: 7 * msPerDay,
}

/** The mode whose journal stays. */
export const lastingMode = 'live'

/**
 * Deletes what is older than the policy keeps. Ledger balances stay, so they are right without the postings that made them.
 *
 * @param journal - Of the running engine; kept whatever its age.
 * @returns how many rows went.
 */
export async function applyRetention(
  db: Kysely<DatabaseSchema>,
  policy: RetentionPolicy,
  { nowMs, journal }: { readonly nowMs: number; readonly journal: string },
): Promise<number> {
  let deleted = 0
  for (const table of [...displayTables, 'balanceChecks'] as const)
    deleted += await deleteBefore(db, table, nowMs - policy.displayMs)
  for (const table of displayTables) {
    const beyond = await db
      .selectFrom(table as 'equity')
      .select('atMs')
      .orderBy('atMs', 'desc')
      .offset(policy.displayRows)
      .limit(1)
      .executeTakeFirst()
    if (beyond !== undefined) deleted += await deleteBefore(db, table, beyond.atMs + 1)
  }
  if (policy.tradeMs !== undefined) deleted += await deleteTrades(db, nowMs - policy.tradeMs)
  return deleted + (await deletePassingJournals(db, nowMs - policy.passingJournalMs, journal))
}

type TimedTable = (typeof displayTables)[number] | 'balanceChecks'

async function deleteBefore(db: Kysely<DatabaseSchema>, table: TimedTable, beforeMs: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom(table as 'equity')
    .where('atMs', '<', beforeMs)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** In one transaction, so that no trade is ever seen without its parts. */
function deleteTrades(db: Kysely<DatabaseSchema>, beforeMs: number): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const old = transaction.selectFrom('trades').where('endedAtMs', '<', beforeMs)
    let deleted = 0
    for (const table of ['legs', 'orders', 'fills', 'residuals', 'ledgerPostings'] as const) {
      const { numDeletedRows } = await transaction
        .deleteFrom(table as 'orders')
        .where((where) =>
          where.exists(
            where
              .selectFrom('trades')
              .select('trades.correlationId')
              .where('trades.endedAtMs', '<', beforeMs)
              .whereRef('trades.journal', '=', where.ref(`${table as 'orders'}.journal`))
              .whereRef('trades.correlationId', '=', where.ref(`${table as 'orders'}.correlationId`)),
          ),
        )
        .executeTakeFirst()
      deleted += Number(numDeletedRows)
    }
    const { count } = await old.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    await transaction.deleteFrom('trades').where('endedAtMs', '<', beforeMs).execute()
    return deleted + Number(count)
  })
}

async function deletePassingJournals(db: Kysely<DatabaseSchema>, beforeMs: number, current: string): Promise<number> {
  const passed = await db
    .selectFrom('journals')
    .select('journal')
    .where('mode', '!=', lastingMode)
    .where('createdAtMs', '<', beforeMs)
    .where('journal', '!=', current)
    .execute()
  let deleted = 0
  for (const { journal } of passed)
    await db.transaction().execute(async (transaction) => {
      for (const table of [...journalTables, ...displayTables, 'journals'] as const) {
        const { numDeletedRows } = await transaction
          .deleteFrom(table as 'journals')
          .where('journal', '=', journal)
          .executeTakeFirst()
        deleted += Number(numDeletedRows)
      }
    })
  return deleted
}
