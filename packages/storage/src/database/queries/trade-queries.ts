import { sql, type Kysely } from 'kysely'
import type { PostingRow, TradeDetail, TradeFilter, TradeRow } from '../history-queries.js'
import type { DatabaseSchema, TradeTable } from '../schema.js'
import { filterTrades } from './filter-trades.js'
import { boundedLimit } from './limits.js'
import { TradeParts } from './trade-parts.js'

/** Trades and what belongs to them. */
export class TradeQueries {
  private readonly parts: TradeParts

  constructor(private readonly db: Kysely<DatabaseSchema>) {
    this.parts = new TradeParts(db)
  }

  /** Each journal is asked for its newest, which an index answers; all together would have to be sorted. */
  async recent(journals: readonly string[], filter: TradeFilter): Promise<readonly TradeRow[]> {
    const limit = boundedLimit(filter.limit)
    const before = filter.before === undefined ? undefined : await this.find(journals, filter.before)
    if (filter.before !== undefined && before === undefined) return []
    const found = await Promise.all(journals.map((journal) => this.newest(journal, filter, before, limit)))
    return found.flat().toSorted(newestFirst).slice(0, limit)
  }

  async detail(journal: string, correlationId: string): Promise<TradeDetail | undefined> {
    const trade = await this.find([journal], correlationId)
    if (trade === undefined) return undefined
    const ids = [correlationId]
    const [row] = await this.parts.withLegs(journal, [trade])
    const orders = await this.parts.orders(journal, ids)
    const fills = await this.parts.fills(journal, ids)
    const of = <Table extends 'residuals' | 'ledgerPostings'>(table: Table) =>
      this.db
        .selectFrom(table as 'ledgerPostings')
        .selectAll()
        .where('journal', '=', journal)
        .where('correlationId', '=', correlationId)
    const residuals = await of('residuals').orderBy(sql.ref('residualIndex')).execute()
    const postings = await of('ledgerPostings').orderBy('position').orderBy('entry').execute()
    return {
      ...row!,
      orders: orders.get(correlationId) ?? [],
      fills: fills.get(correlationId) ?? [],
      residuals: (residuals as unknown as readonly DatabaseSchema['residuals'][])
        .filter(({ amount }) => amount !== '0')
        .map(({ exchange, asset, amount }) => ({ exchange, asset, amount })),
      postings: postings.map(({ journal: _journal, ...posting }): PostingRow => posting),
    }
  }

  private async newest(
    journal: string,
    filter: TradeFilter,
    before: TradeTable | undefined,
    limit: number,
  ): Promise<readonly TradeRow[]> {
    let query = filterTrades(this.db, journal, filter)
    if (before !== undefined)
      query = query
        .where('startedAtMs', '<=', before.startedAtMs)
        .where((eb) =>
          eb.or([eb('startedAtMs', '<', before.startedAtMs), eb('correlationId', '<', before.correlationId)]),
        )
    const trades = await query
      .selectAll()
      .orderBy('startedAtMs', 'desc')
      .orderBy('correlationId', 'desc')
      .limit(limit)
      .execute()
    return this.parts.withLegs(journal, trades)
  }

  private find(journals: readonly string[], correlationId: string): Promise<TradeTable | undefined> {
    return this.db
      .selectFrom('trades')
      .selectAll()
      .where('journal', 'in', [...journals])
      .where('correlationId', '=', correlationId)
      .executeTakeFirst()
  }
}

const newestFirst = (a: TradeRow, b: TradeRow): number =>
  b.startedAtMs - a.startedAtMs || (a.correlationId < b.correlationId ? 1 : -1)
