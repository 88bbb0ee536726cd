import type { CreateTableBuilder, Kysely, Migration } from 'kysely'

type Columns = Readonly<Record<string, 'text' | 'text?' | 'bigint' | 'bigint?' | 'double'>>

/** Columns in the words of the query layer; both engines know `text`, `bigint` and `double precision`. */
async function createTable(db: Kysely<unknown>, name: string, columns: Columns, key: readonly string[]): Promise<void> {
  let table: CreateTableBuilder<string, string> = db.schema.createTable(name)
  for (const [column, kind] of Object.entries(columns)) {
    const type = kind === 'double' ? 'double precision' : kind.startsWith('text') ? 'text' : 'bigint'
    table = table.addColumn(column, type, (built) => (kind.endsWith('?') ? built : built.notNull()))
  }
  await table.addPrimaryKeyConstraint(`${name}Pk`, key as never[]).execute()
}

async function createIndex(db: Kysely<unknown>, table: string, columns: readonly string[]): Promise<void> {
  await db.schema
    .createIndex([table, ...columns.slice(1), 'idx'].join('_'))
    .on(table)
    .columns([...columns])
    .execute()
}

const journal = { journal: 'text' } as const

async function createJournalTables(db: Kysely<unknown>): Promise<void> {
  await createTable(
    db,
    'journals',
    { ...journal, mode: 'text', createdAtMs: 'bigint', position: 'bigint', lastRecordHash: 'text' },
    ['journal'],
  )
  await createTable(
    db,
    'sessions',
    {
      ...journal,
      position: 'bigint',
      startedAtMs: 'bigint',
      fencingToken: 'bigint',
      stoppedAtMs: 'bigint?',
      openOrders: 'bigint?',
    },
    ['journal', 'position'],
  )
  await createTable(
    db,
    'halts',
    {
      ...journal,
      position: 'bigint',
      atMs: 'bigint',
      rule: 'text',
      detail: 'text',
      asset: 'text?',
      correlationId: 'text?',
    },
    ['journal', 'position'],
  )
}

async function createTradeTables(db: Kysely<unknown>): Promise<void> {
  await createTable(
    db,
    'trades',
    {
      ...journal,
      correlationId: 'text',
      strategy: 'text',
      symbol: 'text',
      startedAtMs: 'bigint',
      endedAtMs: 'bigint?',
      outcome: 'text?',
      expectedProfit: 'text',
      realisedProfit: 'text?',
      profitAsset: 'text',
      surplusPrice: 'text',
      netEdgeBps: 'double',
      quoteAgeUs: 'double',
      decidedAtUs: 'double',
      durationUs: 'bigint?',
      refused: 'bigint?',
      latency: 'text?',
      slippage: 'text?',
      fees: 'text?',
      rounding: 'text?',
      partialFill: 'text?',
      unwind: 'text?',
    },
    ['journal', 'correlationId'],
  )
  await createTable(
    db,
    'legs',
    {
      ...journal,
      correlationId: 'text',
      legIndex: 'bigint',
      clientOrderId: 'text',
      instrumentId: 'text',
      exchange: 'text',
      side: 'text',
      priceTicks: 'bigint',
      quantityLots: 'bigint',
      price: 'text',
      quantity: 'text',
      expectedNotional: 'text',
      expectedFee: 'text',
      expectedFeeAsset: 'text',
    },
    ['journal', 'correlationId', 'legIndex'],
  )
  await createTable(
    db,
    'residuals',
    { ...journal, correlationId: 'text', residualIndex: 'bigint', exchange: 'text', asset: 'text', amount: 'text' },
    ['journal', 'correlationId', 'residualIndex'],
  )
}

async function createOrderTables(db: Kysely<unknown>): Promise<void> {
  await createTable(
    db,
    'orders',
    {
      ...journal,
      clientOrderId: 'text',
      correlationId: 'text',
      role: 'text',
      instrumentId: 'text',
      exchange: 'text',
      side: 'text',
      priceTicks: 'bigint',
      quantityLots: 'bigint',
      price: 'text',
      quantity: 'text',
      exchangeOrderId: 'text?',
      state: 'text',
      attempts: 'bigint',
      filledQuantity: 'text',
      filledNotional: 'text',
      sendNotional: 'text?',
      refusalCode: 'text?',
      refusalMessage: 'text?',
      intendedAtMs: 'bigint',
      sentAtMs: 'bigint?',
      updatedAtMs: 'bigint',
    },
    ['journal', 'clientOrderId'],
  )
  await createTable(
    db,
    'fills',
    {
      ...journal,
      instrumentId: 'text',
      fillId: 'text',
      exchange: 'text',
      exchangeOrderId: 'text',
      clientOrderId: 'text?',
      correlationId: 'text?',
      origin: 'text',
      side: 'text',
      price: 'text',
      quantity: 'text',
      fee: 'text',
      feeAsset: 'text',
      role: 'text',
      exchangeTimeMs: 'double',
      recordedAtMs: 'bigint',
    },
    ['journal', 'instrumentId', 'fillId'],
  )
}

async function createLedgerTables(db: Kysely<unknown>): Promise<void> {
  await createTable(
    db,
    'ledgerPostings',
    {
      ...journal,
      position: 'bigint',
      entry: 'bigint',
      atMs: 'bigint',
      reason: 'text',
      account: 'text',
      asset: 'text',
      amount: 'text',
      correlationId: 'text?',
    },
    ['journal', 'position', 'entry'],
  )
  await createTable(db, 'ledgerBalances', { ...journal, account: 'text', asset: 'text', amount: 'text' }, [
    'journal',
    'account',
    'asset',
  ])
  await createTable(
    db,
    'balanceChecks',
    { ...journal, position: 'bigint', atMs: 'bigint', exchange: 'text', differences: 'text' },
    ['journal', 'position'],
  )
}

async function createDisplayTables(db: Kysely<unknown>): Promise<void> {
  await createTable(
    db,
    'opportunities',
    {
      ...journal,
      atMs: 'bigint',
      ordinal: 'bigint',
      strategy: 'text',
      symbol: 'text',
      buyExchange: 'text',
      sellExchange: 'text',
      netEdgeBps: 'double',
      expectedProfit: 'text',
      profitAsset: 'text',
      correlationId: 'text?',
      verdict: 'text',
      survivalUs: 'bigint?',
    },
    ['journal', 'atMs', 'ordinal'],
  )
  await createTable(db, 'whyNot', { ...journal, atMs: 'bigint', cause: 'text', count: 'bigint' }, [
    'journal',
    'atMs',
    'cause',
  ])
  await createTable(db, 'equity', { ...journal, atMs: 'bigint', asset: 'text', equity: 'text', realised: 'text' }, [
    'journal',
    'atMs',
    'asset',
  ])
  await createTable(
    db,
    'venueHealth',
    {
      ...journal,
      atMs: 'bigint',
      exchange: 'text',
      marketDataConnected: 'bigint',
      accountConnected: 'bigint',
      booksTrusted: 'bigint',
      booksTotal: 'bigint',
      frames: 'bigint',
      gaps: 'bigint',
      resyncs: 'bigint',
      reconnects: 'bigint',
      clockOffsetMs: 'bigint?',
      openOrders: 'bigint',
    },
    ['journal', 'atMs', 'exchange'],
  )
}

/** What the page, the API, reports and retention ask by. */
const indices: readonly (readonly [table: string, ...columns: string[]])[] = [
  ['trades', 'journal', 'startedAtMs'],
  ['trades', 'journal', 'strategy', 'startedAtMs'],
  ['trades', 'journal', 'symbol', 'startedAtMs'],
  ['trades', 'journal', 'endedAtMs'],
  ['orders', 'journal', 'correlationId'],
  ['fills', 'journal', 'correlationId'],
  ['fills', 'journal', 'recordedAtMs'],
  ['ledgerPostings', 'journal', 'correlationId'],
  ['ledgerPostings', 'journal', 'account', 'asset'],
  ['ledgerPostings', 'journal', 'atMs'],
  ['balanceChecks', 'journal', 'atMs'],
  ['venueHealth', 'journal', 'exchange', 'atMs'],
  ['opportunities', 'atMs'],
  ['whyNot', 'atMs'],
  ['equity', 'atMs'],
  ['venueHealth', 'atMs'],
]

/** The tables of version 0.1. Never changed; what comes later is a migration of its own. */
export const history0001: Migration = {
  async up(db: Kysely<unknown>) {
    await createJournalTables(db)
    await createTradeTables(db)
    await createOrderTables(db)
    await createLedgerTables(db)
    await createDisplayTables(db)
    for (const [table, ...columns] of indices) await createIndex(db, table, columns)
  },
}
