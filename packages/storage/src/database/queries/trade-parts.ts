import type { Kysely } from 'kysely'
import type { FillRow, LegRow, OrderRow, TradeRow } from '../history-queries.js'
import type { DatabaseSchema, TradeTable } from '../schema.js'

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

type ById<Row> = ReadonlyMap<string, readonly Row[]>

/** What belongs to trades of one journal, by their correlation ids. */
export class TradeParts {
  constructor(private readonly db: Kysely<DatabaseSchema>) {}

  /** Trades with their planned legs. */
  async withLegs(journal: string, trades: readonly TradeTable[]): Promise<readonly TradeRow[]> {
    const legs = await this.legs(
      journal,
      trades.map(({ correlationId }) => correlationId),
    )
    return trades.map((trade) => mapTrade(trade, legs.get(trade.correlationId) ?? []))
  }

  async legs(journal: string, correlationIds: readonly string[]): Promise<ById<LegRow>> {
    if (correlationIds.length === 0) return new Map()
    const rows = await this.db
      .selectFrom('legs')
      .select(legColumns)
      .where('journal', '=', journal)
      .where('correlationId', 'in', [...correlationIds])
      .orderBy('legIndex')
      .execute()
    return group(rows, ({ correlationId: _id, ...leg }) => leg)
  }

  /** In the order in which they were meant. */
  async orders(journal: string, correlationIds: readonly string[]): Promise<ById<OrderRow>> {
    if (correlationIds.length === 0) return new Map()
    const rows = await this.db
      .selectFrom('orders')
      .selectAll()
      .where('journal', '=', journal)
      .where('correlationId', 'in', [...correlationIds])
      .orderBy('intendedAtMs')
      .orderBy('clientOrderId')
      .execute()
    return group(rows, ({ journal: _journal, priceTicks: _ticks, quantityLots: _lots, ...order }) => order)
  }

  /** In the order in which they were recorded. */
  async fills(journal: string, correlationIds: readonly string[]): Promise<ById<FillRow>> {
    if (correlationIds.length === 0) return new Map()
    // Sorted here: asked for an order, SQLite takes the index of times and reads every fill of the journal.
    const rows = await this.db
      .selectFrom('fills')
      .selectAll()
      .where('journal', '=', journal)
      .where('correlationId', 'in', [...correlationIds])
      .execute()
    const sorted = rows.toSorted((a, b) => a.recordedAtMs - b.recordedAtMs || (a.fillId < b.fillId ? -1 : 1))
    return group(sorted, ({ journal: _journal, ...fill }) => fill)
  }
}

function group<Row extends { readonly correlationId: string | null }, Part>(
  rows: readonly Row[],
  map: (row: Row) => Part,
): ById<Part> {
  const groups = new Map<string, Part[]>()
  for (const row of rows) {
    const id = row.correlationId ?? ''
    const parts = groups.get(id) ?? []
    groups.set(id, parts)
    parts.push(map(row))
  }
  return groups
}

function mapTrade(row: TradeTable, legs: readonly LegRow[]): TradeRow {
  const { latency, slippage, fees, rounding, partialFill, unwind, decidedAtUs: _, refused, ...trade } = row
  const surplusPrices = JSON.parse(row.surplusPrices) as TradeRow['surplusPrices']
  const ended = latency !== null && slippage !== null && fees !== null && rounding !== null
  return {
    ...trade,
    surplusPrices,
    refused: refused === null ? null : refused === 1,
    attribution:
      ended && partialFill !== null && unwind !== null
        ? { latency, slippage, fees, rounding, partialFill, unwind }
        : null,
    legs,
  }
}
