import type { Kysely, SelectQueryBuilder } from 'kysely'
import type {
  BalanceRow,
  EquityPoint,
  HaltRow,
  HistoryQueries,
  JournalChoice,
  JournalRow,
  JournalScope,
  OpportunityRow,
  TimeRange,
  TradeDayRow,
  TradeDetail,
  TradeFilter,
  TradeRow,
  TradeSummary,
  VenueHealthRow,
  WhyNotRow,
} from '../history-queries.js'
import type { DatabaseSchema, VenueHealthTable } from '../schema.js'
import { resolveScope } from './journal-scope.js'
import { boundedLimit, boundedPoints } from './limits.js'
import { spreadTimes } from './spread-times.js'
import { TradeQueries } from './trade-queries.js'
import { TradeSums } from './trade-sums.js'

type Timed = 'equity' | 'whyNot' | 'venueHealth' | 'opportunities' | 'halts'

/** The queries, run on the thread that holds the connection. */
export class DatabaseQueries implements HistoryQueries {
  private readonly trades: TradeQueries
  private readonly sums: TradeSums

  /** @param journal - Whose rows are meant where a query names none. */
  constructor(
    private readonly db: Kysely<DatabaseSchema>,
    private readonly journal: string,
  ) {
    this.trades = new TradeQueries(db)
    this.sums = new TradeSums(db)
  }

  async recentTrades(filter: TradeFilter = {}): Promise<readonly TradeRow[]> {
    return this.trades.recent(await this.scope(filter), filter)
  }

  tradeDetail(correlationId: string, choice: JournalChoice = {}): Promise<TradeDetail | undefined> {
    return this.trades.detail(this.chosen(choice), correlationId)
  }

  async tradeSummary(range: TimeRange = {}): Promise<TradeSummary> {
    return this.sums.summary(await this.scope(range), range)
  }

  async tradeDays(range: TimeRange = {}): Promise<readonly TradeDayRow[]> {
    return this.sums.days(await this.scope(range), range)
  }

  async equitySeries(range: TimeRange & { readonly maxPoints?: number } = {}): Promise<readonly EquityPoint[]> {
    const query = this.timed('equity', await this.scope(range), range)
    const times = await spreadTimes(query, boundedPoints(range.maxPoints))
    if (times.length === 0) return []
    return query
      .select(['journal', 'atMs', 'asset', 'equity', 'realised'])
      .where('atMs', 'in', times)
      .orderBy('atMs')
      .orderBy('asset')
      .execute()
  }

  async whyNot(range: TimeRange = {}): Promise<readonly WhyNotRow[]> {
    const rows = await this.timed('whyNot', await this.scope(range), range)
      .select(({ fn }) => ['cause', fn.sum<number | string>('count').as('sum')])
      .groupBy('cause')
      .execute()
    return rows
      .map(({ cause, sum }) => ({ cause, count: Number(sum) }))
      .toSorted((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1))
  }

  async venueHealth(choice: JournalChoice = {}): Promise<readonly VenueHealthRow[]> {
    const journal = this.chosen(choice)
    const newest = await this.db
      .selectFrom('venueHealth')
      .select(({ fn }) => ['exchange', fn.max('atMs').as('atMs')])
      .where('journal', '=', journal)
      .groupBy('exchange')
      .orderBy('exchange')
      .execute()
    const rows = newest.map(({ exchange, atMs }) =>
      this.db
        .selectFrom('venueHealth')
        .selectAll()
        .where('journal', '=', journal)
        .where('exchange', '=', exchange)
        .where('atMs', '=', Number(atMs))
        .executeTakeFirstOrThrow(),
    )
    return (await Promise.all(rows)).map(mapHealth)
  }

  async venueHealthSeries(
    exchange: string,
    range: TimeRange & { readonly maxPoints?: number } = {},
  ): Promise<readonly VenueHealthRow[]> {
    const query = this.timed('venueHealth', await this.scope(range), range).where(
      'exchange' as never,
      '=',
      exchange as never,
    )
    const times = await spreadTimes(query, boundedPoints(range.maxPoints))
    if (times.length === 0) return []
    const rows = await query
      .selectAll()
      .where('atMs' as never, 'in', times as never)
      .orderBy('atMs')
      .execute()
    return (rows as unknown as readonly VenueHealthTable[]).map(mapHealth)
  }

  async opportunities(range: TimeRange & { readonly limit?: number } = {}): Promise<readonly OpportunityRow[]> {
    const rows = await this.timed('opportunities', await this.scope(range), range)
      .selectAll()
      .orderBy('atMs', 'desc')
      .orderBy('ordinal' as never, 'desc')
      .limit(boundedLimit(range.limit))
      .execute()
    return (rows as unknown as readonly DatabaseSchema['opportunities'][]).map(
      ({ journal: _journal, ordinal: _ordinal, ...row }) => row,
    )
  }

  async halts(range: TimeRange & { readonly limit?: number } = {}): Promise<readonly HaltRow[]> {
    const rows = await this.timed('halts', await this.scope(range), range)
      .selectAll()
      .orderBy('atMs', 'desc')
      .orderBy('position' as never, 'desc')
      .limit(boundedLimit(range.limit))
      .execute()
    return (rows as unknown as readonly DatabaseSchema['halts'][]).map(({ journal: _journal, ...row }) => row)
  }

  balances(choice: JournalChoice = {}): Promise<readonly BalanceRow[]> {
    return this.db
      .selectFrom('ledgerBalances')
      .select(['account', 'asset', 'amount'])
      .where('journal', '=', this.chosen(choice))
      .orderBy('account')
      .orderBy('asset')
      .execute()
  }

  journals(): Promise<readonly JournalRow[]> {
    return this.db
      .selectFrom('journals')
      .select(['journal', 'mode', 'createdAtMs', 'position'])
      .orderBy('createdAtMs', 'desc')
      .orderBy('journal')
      .execute()
  }

  private chosen({ journal }: JournalChoice): string {
    return journal ?? this.journal
  }

  private scope(scope: JournalScope): Promise<readonly string[]> {
    return resolveScope(this.db, scope, this.journal)
  }

  /** Rows of the journals in the range. */
  private timed<Table extends Timed>(
    table: Table,
    journals: readonly string[],
    range: TimeRange,
  ): SelectQueryBuilder<DatabaseSchema, Table, object> {
    // The five share `journal` and `atMs`; the query builder wants to see one table to know its columns.
    let query = this.db.selectFrom(table as 'equity').where('journal', 'in', [...journals])
    if (range.fromMs !== undefined) query = query.where('atMs', '>=', range.fromMs)
    if (range.toMs !== undefined) query = query.where('atMs', '<', range.toMs)
    return query as unknown as SelectQueryBuilder<DatabaseSchema, Table, object>
  }
}

const mapHealth = ({ journal: _journal, ...row }: VenueHealthTable): VenueHealthRow => ({
  ...row,
  marketDataConnected: row.marketDataConnected === 1,
  accountConnected: row.accountConnected === 1,
})
