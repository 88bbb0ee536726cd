/** One metric as it is exported and documented. */
export interface MetricDescription {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
}

const describe = (
  type: MetricDescription['type'],
  name: string,
  help: string,
  labels: readonly string[] = [],
): MetricDescription => ({ name: `cex_arbitrage_${name}`, type, help, labels })

/** Every metric of ours. Names and labels are an interface: dashboards and alerts are written against them. */
export const metricCatalogue = {
  up: describe('gauge', 'engine_up', '1 while the engine trades or is halted, 0 while it starts or stops.'),
  halted: describe('gauge', 'halted', '1 for every rule that forbids opening now.', ['rule']),
  bookUpdates: describe('counter', 'book_updates_total', 'Book events taken.'),
  topChanges: describe('counter', 'top_changes_total', 'Book events that moved a best quote.'),
  crossings: describe('counter', 'crossings_total', 'Times that quotes began to cross by more than fees and margin.'),
  proposals: describe('counter', 'proposals_total', 'Plans that strategies made.'),
  approvals: describe('counter', 'approvals_total', 'Plans that the risk gate let through.'),
  refusals: describe('counter', 'refusals_total', 'Why not: the first cause of each refusal.', ['cause']),
  trades: describe('counter', 'trades_total', 'Ended trades.', ['end']),
  openTrades: describe('gauge', 'open_trades', 'Trades under way.'),
  profit: describe('gauge', 'profit', 'Profit since the start, expected and realised, in the asset.', [
    'asset',
    'kind',
  ]),
  realisedToday: describe('gauge', 'realised_today', 'Realised since midnight UTC, in the reporting asset.'),
  equity: describe('gauge', 'equity', 'Worth of everything held, in the reporting asset.'),
  failures: describe('gauge', 'consecutive_failures', 'Failed trades in a row.'),
  connected: describe('gauge', 'exchange_connected', '1 while the stream stands.', ['exchange', 'stream']),
  books: describe('gauge', 'books', 'Watched books, and those of them that may be quoted from.', ['exchange', 'state']),
  frames: describe('counter', 'frames_total', 'Market data frames received.', ['exchange']),
  gaps: describe('counter', 'book_gaps_total', 'Sequence gaps found.', ['exchange']),
  resyncs: describe('counter', 'book_resyncs_total', 'Books loaded anew.', ['exchange']),
  reconnects: describe('counter', 'reconnects_total', 'Market data connections made anew.', ['exchange']),
  clockOffset: describe('gauge', 'clock_offset_seconds', "Difference to the exchange's clock.", ['exchange']),
  openOrders: describe('gauge', 'open_orders', 'Orders open or unknown.', ['exchange']),
  unknownOrders: describe('gauge', 'unknown_orders', 'Orders whose outcome is not known, over all exchanges.'),
  balance: describe('gauge', 'balance', 'Holdings as the ledger has them.', ['exchange', 'asset']),
  netPosition: describe('gauge', 'net_position', 'Surplus over the inventory at start; what is not flat.', ['asset']),
  decisionLatency: describe('histogram', 'decision_seconds', 'From the frame to the plan that it made possible.'),
  acknowledgementLatency: describe(
    'histogram',
    'acknowledgement_seconds',
    'From sending an order to its acknowledgement.',
    ['exchange'],
  ),
  tradeDuration: describe('histogram', 'trade_seconds', 'From the decision to the end of the last leg.'),
} as const
