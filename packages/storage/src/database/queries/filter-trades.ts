import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { TradeFilter } from '../history-queries.js'
import type { DatabaseSchema } from '../schema.js'

export type TradeSelection = SelectQueryBuilder<DatabaseSchema, 'trades', object>

/** Trades of one journal that a filter lets through, in no order yet. */
export function filterTrades(db: Kysely<DatabaseSchema>, journal: string, filter: TradeFilter): TradeSelection {
  const { fromMs, toMs, strategy, symbol, outcome } = filter
  let query: TradeSelection = db.selectFrom('trades').where('journal', '=', journal)
  if (fromMs !== undefined) query = query.where('startedAtMs', '>=', fromMs)
  if (toMs !== undefined) query = query.where('startedAtMs', '<', toMs)
  if (strategy !== undefined) query = query.where('strategy', '=', strategy)
  if (symbol !== undefined) query = query.where('symbol', '=', symbol)
  if (outcome !== undefined) query = query.where('outcome', '=', outcome)
  return query
}
