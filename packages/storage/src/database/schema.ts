/** Truth as both engines keep it. */
export type Flag = 0 | 1

/** One journal, with how much of it the tables hold. */
export interface JournalTable {
  journal: string
  mode: string
  createdAtMs: number
  /** Records of the journal that have been taken. */
  position: number
  /** SHA-256 of the last record taken; shows whether the journal is still the one that the tables came from. */
  lastRecordHash: string
}

export interface SessionTable {
  journal: string
  position: number
  startedAtMs: number
  fencingToken: number
  stoppedAtMs: number | null
  openOrders: number | null
}

export interface TradeTable {
  journal: string
  correlationId: string
  strategy: string
  symbol: string
  startedAtMs: number
  endedAtMs: number | null
  outcome: string | null
  expectedProfit: string
  realisedProfit: string | null
  profitAsset: string
  /** JSON: prices by asset. */
  surplusPrices: string
  netEdgeBps: number
  quoteAgeUs: number
  decidedAtUs: number
  durationUs: number | null
  refused: Flag | null
  latency: string | null
  slippage: string | null
  fees: string | null
  rounding: string | null
  partialFill: string | null
  unwind: string | null
}

export interface LegTable {
  journal: string
  correlationId: string
  legIndex: number
  clientOrderId: string
  instrumentId: string
  exchange: string
  side: string
  priceTicks: number
  quantityLots: number
  price: string
  quantity: string
  expectedNotional: string
  expectedFee: string
  expectedFeeAsset: string
}

export interface OrderTable {
  journal: string
  clientOrderId: string
  correlationId: string
  role: string
  instrumentId: string
  exchange: string
  side: string
  priceTicks: number
  quantityLots: number
  price: string
  quantity: string
  exchangeOrderId: string | null
  state: string
  attempts: number
  filledQuantity: string
  filledNotional: string
  sendNotional: string | null
  refusalCode: string | null
  refusalMessage: string | null
  intendedAtMs: number
  sentAtMs: number | null
  updatedAtMs: number
}

export interface FillTable {
  journal: string
  instrumentId: string
  fillId: string
  exchange: string
  exchangeOrderId: string
  clientOrderId: string | null
  correlationId: string | null
  origin: string
  side: string
  price: string
  quantity: string
  fee: string
  feeAsset: string
  role: string
  exchangeTimeMs: number
  recordedAtMs: number
}

export interface ResidualTable {
  journal: string
  correlationId: string
  /** Place in the trade's list; a later end with fewer leaves the others at zero. */
  residualIndex: number
  exchange: string
  asset: string
  amount: string
}

export interface LedgerPostingTable {
  journal: string
  position: number
  entry: number
  atMs: number
  reason: string
  account: string
  asset: string
  amount: string
  correlationId: string | null
}

export interface LedgerBalanceTable {
  journal: string
  account: string
  asset: string
  amount: string
}

export interface BalanceCheckTable {
  journal: string
  position: number
  atMs: number
  exchange: string
  /** JSON: asset, ledger's and exchange's amount of each that differs. */
  differences: string
}

export interface HaltTable {
  journal: string
  position: number
  atMs: number
  rule: string
  detail: string
  asset: string | null
  correlationId: string | null
}

export interface OpportunityTable {
  journal: string
  atMs: number
  /** Tells apart what was sampled in the same millisecond. */
  ordinal: number
  strategy: string
  symbol: string
  buyExchange: string
  sellExchange: string
  netEdgeBps: number
  expectedProfit: string
  profitAsset: string
  correlationId: string | null
  verdict: string
  survivalUs: number | null
}

export interface WhyNotTable {
  journal: string
  atMs: number
  cause: string
  /** Since the row before. */
  count: number
}

export interface EquityTable {
  journal: string
  atMs: number
  asset: string
  equity: string
  realised: string
}

export interface VenueHealthTable {
  journal: string
  atMs: number
  exchange: string
  marketDataConnected: Flag
  accountConnected: Flag
  booksTrusted: number
  booksTotal: number
  frames: number
  gaps: number
  resyncs: number
  reconnects: number
  clockOffsetMs: number | null
  openOrders: number
}

/** All tables, in the words of the query layer; the database says the same in snake_case. */
export interface DatabaseSchema {
  journals: JournalTable
  sessions: SessionTable
  trades: TradeTable
  legs: LegTable
  orders: OrderTable
  fills: FillTable
  residuals: ResidualTable
  ledgerPostings: LedgerPostingTable
  ledgerBalances: LedgerBalanceTable
  balanceChecks: BalanceCheckTable
  halts: HaltTable
  opportunities: OpportunityTable
  whyNot: WhyNotTable
  equity: EquityTable
  venueHealth: VenueHealthTable
}

export type TableName = keyof DatabaseSchema

/** Primary keys; every write is an upsert by them. */
export const tableKeys = {
  journals: ['journal'],
  sessions: ['journal', 'position'],
  trades: ['journal', 'correlationId'],
  legs: ['journal', 'correlationId', 'legIndex'],
  orders: ['journal', 'clientOrderId'],
  fills: ['journal', 'instrumentId', 'fillId'],
  residuals: ['journal', 'correlationId', 'residualIndex'],
  ledgerPostings: ['journal', 'position', 'entry'],
  ledgerBalances: ['journal', 'account', 'asset'],
  balanceChecks: ['journal', 'position'],
  halts: ['journal', 'position'],
  opportunities: ['journal', 'atMs', 'ordinal'],
  whyNot: ['journal', 'atMs', 'cause'],
  equity: ['journal', 'atMs', 'asset'],
  venueHealth: ['journal', 'atMs', 'exchange'],
} as const satisfies { readonly [Table in TableName]: readonly (keyof DatabaseSchema[Table])[] }

/** Tables that follow from the journal alone; a rebuild empties and fills them. */
export const journalTables = [
  'sessions',
  'trades',
  'legs',
  'orders',
  'fills',
  'residuals',
  'ledgerPostings',
  'ledgerBalances',
  'balanceChecks',
  'halts',
] as const satisfies readonly TableName[]

/** Tables of what was sampled for display; nothing else holds it, and losing some of it harms nobody. */
export const displayTables = [
  'opportunities',
  'whyNot',
  'equity',
  'venueHealth',
] as const satisfies readonly TableName[]

export type JournalTableName = (typeof journalTables)[number]
export type DisplayTableName = (typeof displayTables)[number]

/** A row with the table that it belongs to. */
export type TableRow<Name extends TableName = TableName> = {
  [Table in Name]: { readonly table: Table; readonly row: Readonly<DatabaseSchema[Table]> }
}[Name]
