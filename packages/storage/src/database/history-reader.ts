import type { Kysely } from 'kysely'
import type { FillRow, HistoryQueries, OpportunityRow, OrderRow, TimeRange, TradeRow } from './history-queries.js'
import { asDatabaseException, openDatabase, type DatabaseAddress, type OpenedDatabase } from './open-database.js'
import { DatabaseQueries } from './queries/database-queries.js'
import { filterTrades } from './queries/filter-trades.js'
import { resolveScope } from './queries/journal-scope.js'
import { TradeParts } from './queries/trade-parts.js'
import type { DatabaseSchema } from './schema.js'

/** A trade with what was sent and filled for it. */
export interface AccountedTrade extends TradeRow {
  readonly orders: readonly OrderRow[]
  readonly fills: readonly FillRow[]
}

const rowsAtOnce = 500
/** Where a scope says nothing; no journal has this name. */
const noJournal = ''

/** Reads the history of one or many runs whole, in bounded memory; for reports. It writes nothing, and an engine may run beside it. */
export class HistoryReader {
  readonly queries: HistoryQueries
  private readonly db: Kysely<DatabaseSchema>
  private readonly parts: TradeParts

  private constructor(private readonly database: OpenedDatabase) {
    this.db = database.db
    this.queries = new DatabaseQueries(this.db, noJournal)
    this.parts = new TradeParts(this.db)
  }

  /**
   * @throws {@link DatabaseException} It cannot be reached, or there is none.
   * @throws {@link ConfigurationException} The address is of no known kind.
   */
  static async open(address: DatabaseAddress): Promise<HistoryReader> {
    return new HistoryReader(await openDatabase({ ...address, mustExist: true }))
  }

  /** Oldest first within a journal, the journals in the order in which they began. */
  trades(range: TimeRange): AsyncGenerator<AccountedTrade> {
    return this.each(range, async (journal, after: AccountedTrade | undefined) => {
      let query = filterTrades(this.db, journal, range)
      if (after !== undefined)
        query = query
          .where('startedAtMs', '>=', after.startedAtMs)
          .where((eb) =>
            eb.or([eb('startedAtMs', '>', after.startedAtMs), eb('correlationId', '>', after.correlationId)]),
          )
      const rows = await query.selectAll().orderBy('startedAtMs').orderBy('correlationId').limit(rowsAtOnce).execute()
      const ids = rows.map(({ correlationId }) => correlationId)
      const orders = await this.parts.orders(journal, ids)
      const fills = await this.parts.fills(journal, ids)
      const trades = await this.parts.withLegs(journal, rows)
      return trades.map((trade) => ({
        ...trade,
        orders: orders.get(trade.correlationId) ?? [],
        fills: fills.get(trade.correlationId) ?? [],
      }))
    })
  }

  /** Sampled opportunities, in the same order. */
  async *opportunities(range: TimeRange): AsyncGenerator<OpportunityRow> {
    type Row = DatabaseSchema['opportunities']
    const rows = this.each(range, (journal, after: Row | undefined) => {
      let query = this.db.selectFrom('opportunities').where('journal', '=', journal)
      if (range.fromMs !== undefined) query = query.where('atMs', '>=', range.fromMs)
      if (range.toMs !== undefined) query = query.where('atMs', '<', range.toMs)
      if (after !== undefined)
        query = query
          .where('atMs', '>=', after.atMs)
          .where((eb) => eb.or([eb('atMs', '>', after.atMs), eb('ordinal', '>', after.ordinal)]))
      return query.selectAll().orderBy('atMs').orderBy('ordinal').limit(rowsAtOnce).execute()
    })
    for await (const { journal: _, ordinal: _ordinal, ...row } of rows) yield row
  }

  close(): Promise<void> {
    return this.database.close()
  }

  /** Page after page of every journal of the range. */
  private async *each<Row>(
    range: TimeRange,
    fetchPage: (journal: string, after: Row | undefined) => Promise<readonly Row[]>,
  ): AsyncGenerator<Row> {
    try {
      for (const journal of await resolveScope(this.db, range, noJournal))
        for (let page: readonly Row[] = await fetchPage(journal, undefined); page.length > 0;) {
          yield* page
          page = page.length < rowsAtOnce ? [] : await fetchPage(journal, page.at(-1))
        }
    } catch (error) {
      throw asDatabaseException(error, 'reading the history')
    }
  }
}
