import { Decimal } from '@cex-arbitrage/common'
import { sql, type Kysely, type SelectQueryBuilder } from 'kysely'
import type {
  FillRow,
  LegRow,
  OrderRow,
  PostingRow,
  TimeRange,
  TradeDetail,
  TradeFilter,
  TradeRow,
  TradeSummary,
} from '../history-queries.js'
import type { DatabaseSchema, TradeTable } from '../schema.js'
import { boundedLimit } from './limits.js'

const tradesAtOnce = 10_000

const legColumns = [
  'correlationId',
  'legIndex',
  'clientOrderId',
  'instrumentId',
  'exchange',
  'side',
  'price',
  'quantity',
  'expectedNotional',
  'expectedFee',
  'expectedFeeAsset',
] as const

type Trades = SelectQueryBuilder<DatabaseSchema, 'trades', object>

/** Trades and what belongs to them, of one journal. */
export class TradeQueries {
  constructor(private readonly db: Kysely<DatabaseSchema>) {}

  async recent(journal: string, filter: TradeFilter): Promise<readonly TradeRow[]> {
    const trades = await this.filtered(journal, filter)
      .selectAll()
      .orderBy('startedAtMs', 'desc')
      .orderBy('correlationId', 'desc')
      .limit(boundedLimit(filter.limit))
      .execute()
    const legs = await this.legs(
      journal,
      trades.map(({ correlationId }) => correlationId),
    )
    return trades.map((trade) => mapTrade(trade, legs.get(trade.correlationId) ?? []))
  }

  async detail(journal: string, correlationId: string): Promise<TradeDetail | undefined> {
    const { db } = this
    const trade = await db
      .selectFrom('trades')
      .selectAll()
      .where('journal', '=', journal)
      .where('correlationId', '=', correlationId)
      .executeTakeFirst()
    if (trade === undefined) return undefined
    const of = <Table extends 'orders' | 'fills' | 'residuals' | 'ledgerPostings'>(table: Table) =>
      db
        .selectFrom(table as 'orders')
        .selectAll()
        .where('journal', '=', journal)
        .where('correlationId', '=', correlationId)
    const legs = await this.legs(journal, [correlationId])
    const orders = await of('orders').orderBy('intendedAtMs').orderBy('clientOrderId').execute()
    const fills = await of('fills').orderBy(sql.ref('recordedAtMs')).orderBy(sql.ref('fillId')).execute()
    const residuals = await of('residuals').orderBy(sql.ref('residualIndex')).execute()
    const postings = await of('ledgerPostings').orderBy(sql.ref('position')).orderBy(sql.ref('entry')).execute()
    return {
      ...mapTrade(trade, legs.get(correlationId) ?? []),
      orders: orders.map(withoutJournal) as readonly OrderRow[],
      fills: (fills as unknown as readonly DatabaseSchema['fills'][]).map(withoutJournal) as readonly FillRow[],
      residuals: (residuals as unknown as readonly DatabaseSchema['residuals'][])
        .filter(({ amount }) => amount !== '0')
        .map(({ exchange, asset, amount }) => ({ exchange, asset, amount })),
      postings: (postings as unknown as readonly DatabaseSchema['ledgerPostings'][]).map(
        withoutJournal,
      ) as readonly PostingRow[],
    }
  }

  /** Sums are exact, so they are made here and not by the database; read in pages to bound memory. */
  async summary(journal: string, range: TimeRange): Promise<TradeSummary> {
    let trades = 0
    let open = 0
    const byOutcome: Record<string, number> = {}
    const sums = new Map<string, { expected: Decimal; realised: Decimal }>()
    for (let after: string | undefined; ;) {
      let query = this.filtered(journal, range)
        .select(['correlationId', 'outcome', 'profitAsset', 'expectedProfit', 'realisedProfit'])
        .orderBy('correlationId')
        .limit(tradesAtOnce)
      if (after !== undefined) query = query.where('correlationId', '>', after)
      const page = await query.execute()
      for (const { outcome, profitAsset, expectedProfit, realisedProfit } of page) {
        trades++
        if (outcome === null || realisedProfit === null) {
          open++
          continue
        }
        byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1
        const sum = sums.get(profitAsset) ?? { expected: Decimal.zero, realised: Decimal.zero }
        sums.set(profitAsset, {
          expected: sum.expected.plus(Decimal.parse(expectedProfit)),
          realised: sum.realised.plus(Decimal.parse(realisedProfit)),
        })
      }
      if (page.length < tradesAtOnce) break
      after = page.at(-1)!.correlationId
    }
    const profit = [...sums].map(([asset, { expected, realised }]) => ({
      asset,
      expected: expected.toString(),
      realised: realised.toString(),
    }))
    return { trades, open, byOutcome, profit }
  }

  private filtered(journal: string, { fromMs, toMs, strategy, symbol, outcome }: TradeFilter): Trades {
    let query: Trades = this.db.selectFrom('trades').where('journal', '=', journal)
    if (fromMs !== undefined) query = query.where('startedAtMs', '>=', fromMs)
    if (toMs !== undefined) query = query.where('startedAtMs', '<', toMs)
    if (strategy !== undefined) query = query.where('strategy', '=', strategy)
    if (symbol !== undefined) query = query.where('symbol', '=', symbol)
    if (outcome !== undefined) query = query.where('outcome', '=', outcome)
    return query
  }

  private async legs(journal: string, correlationIds: readonly string[]): Promise<ReadonlyMap<string, LegRow[]>> {
    const byTrade = new Map<string, LegRow[]>(correlationIds.map((id) => [id, []]))
    if (correlationIds.length === 0) return byTrade
    const rows = await this.db
      .selectFrom('legs')
      .select(legColumns)
      .where('journal', '=', journal)
      .where('correlationId', 'in', [...correlationIds])
      .orderBy('legIndex')
      .execute()
    for (const { correlationId, ...leg } of rows) byTrade.get(correlationId)?.push(leg)
    return byTrade
  }
}

function mapTrade(row: TradeTable, legs: readonly LegRow[]): TradeRow {
  const { latency, slippage, fees, rounding, partialFill, unwind, decidedAtUs: _, refused, ...trade } = row
  const ended = latency !== null && slippage !== null && fees !== null && rounding !== null
  return {
    ...trade,
    refused: refused === null ? null : refused === 1,
    attribution:
      ended && partialFill !== null && unwind !== null
        ? { latency, slippage, fees, rounding, partialFill, unwind }
        : null,
    legs,
  }
}

function withoutJournal<Row extends { readonly journal: string }>({
  journal: _journal,
  ...row
}: Row): Omit<Row, 'journal'> {
  return row
}
