import {
  Decimal,
  JournalException,
  asClientOrderId,
  asCorrelationId,
  createAssetId,
  type Fill,
  type Instrument,
  type InstrumentId,
} from '@cex-arbitrage/common'
import {
  Ledger,
  acceptanceEntries,
  createFillEntries,
  mapRecordToEvidence,
  mapRecordToFill,
  strangerOrigin,
  type ExecutionRecord,
  type ExecutionRecordOf,
  type FillOrigin,
  type LedgerAccount,
  type LedgerEntry,
} from '@cex-arbitrage/trading'
import type { InstrumentCatalogue } from '../instrument-catalogue.js'
import type { JournalTableName, ResidualTable, SessionTable, TableRow, TradeTable } from '../schema.js'
import { ProjectedOrder } from './projected-order.js'
import { endedTradeRow, legRows, openTradeRow, residualRows } from './trade-rows.js'

type JournalRow = TableRow<JournalTableName>

interface ProjectedTrade {
  row: TradeTable
  residuals: ResidualTable[]
  readonly orders: ProjectedOrder[]
}

/** Ended trades that late evidence may still reach; the executor waits for it much shorter. */
const rememberedTrades = 10_000

/**
 * Turns the records of one journal, from the first on, into the rows that they leave in the tables. The rows depend on the
 * records alone, so following a journal while it is written and rebuilding from it give the same tables.
 */
export class ExecutionProjection {
  /** Number of records taken; the next one has this position. */
  position = 0
  private rows: JournalRow[] = []
  private fencingToken = 0
  private session: SessionTable | undefined
  private readonly ledger = new Ledger()
  private readonly trades = new Map<string, ProjectedTrade>()
  private readonly orders = new Map<string, ProjectedOrder>()
  private readonly ended = new Set<string>()
  private readonly seenFills = new Set<string>()

  constructor(
    private readonly journal: string,
    private readonly catalogue: InstrumentCatalogue,
  ) {}

  /**
   * Takes the next record.
   *
   * @returns the rows that it adds or replaces.
   * @throws {@link JournalException} It speaks of an order or instrument that nothing before it has named.
   */
  take(record: ExecutionRecord): readonly JournalRow[] {
    this.rows = []
    this.project(record)
    this.position++
    return this.rows
  }

  private project(record: ExecutionRecord): void {
    switch (record.kind) {
      case 'session_start':
        return this.takeSessionStart(record)
      case 'session_stop':
        return this.takeSessionStop(record)
      case 'trade_start':
        return this.takeTradeStart(record)
      case 'intent':
        return this.takeIntent(record)
      case 'leg':
        return this.takeEvidence(record)
      case 'send_quote': {
        const order = this.order(record.clientOrderId)
        order.sendNotional = record.notional
        return this.emitOrder(order, record.atMs)
      }
      case 'foreign_fill':
        return this.takeFill(mapRecordToFill(record.fill), strangerOrigin(record.orphan), undefined, record.atMs)
      case 'posting':
        return this.post(
          record.entries.map(({ account, asset, amount }) => ({
            account: account as LedgerAccount,
            asset: createAssetId(asset),
            amount: Decimal.parse(amount),
          })),
          { reason: record.reason, correlationId: null, atMs: record.atMs },
        )
      case 'balance_check': {
        const { atMs, exchange } = record
        const differences = JSON.stringify(record.differences)
        return this.emit('balanceChecks', {
          journal: this.journal,
          position: this.position,
          atMs,
          exchange,
          differences,
        })
      }
      case 'trade_end':
        return this.takeTradeEnd(record)
      case 'residual_accepted':
        return this.takeAcceptance(record)
      case 'trades_forgotten':
      case 'state':
        return
      case 'halt': {
        const { atMs, rule, detail, asset, correlationId } = record
        const { journal, position } = this
        return this.emit('halts', { journal, position, atMs, rule, detail, asset, correlationId })
      }
    }
  }

  private takeSessionStart({ atMs, fencingToken }: ExecutionRecordOf<'session_start'>): void {
    const { journal, position } = this
    this.fencingToken = fencingToken
    this.session = { journal, position, startedAtMs: atMs, fencingToken, stoppedAtMs: null, openOrders: null }
    this.emit('sessions', this.session)
  }

  private takeSessionStop({ atMs, openOrders }: ExecutionRecordOf<'session_stop'>): void {
    if (this.session === undefined) return
    this.session = { ...this.session, stoppedAtMs: atMs, openOrders }
    this.emit('sessions', this.session)
  }

  private takeTradeStart(record: ExecutionRecordOf<'trade_start'>): void {
    const row = openTradeRow(this.journal, record)
    this.trades.set(row.correlationId, { row, residuals: [], orders: [] })
    this.emit('trades', row)
    const instruments = record.plan.legs.map(({ instrumentId }) => this.instrument(instrumentId))
    for (const leg of legRows(this.journal, record, instruments)) this.emit('legs', leg)
  }

  private takeIntent(record: ExecutionRecordOf<'intent'>): void {
    const order = new ProjectedOrder(
      {
        instrument: this.instrument(record.instrumentId),
        clientOrderId: asClientOrderId(record.clientOrderId),
        correlationId: asCorrelationId(record.correlationId),
        type: 'limit',
        side: record.side,
        priceTicks: record.priceTicks,
        quantityLots: record.quantityLots,
        execution: { timeInForce: 'ioc' },
      },
      record.role,
      record.atMs,
    )
    this.orders.set(record.clientOrderId, order)
    this.trades.get(record.correlationId)?.orders.push(order)
    this.emitOrder(order, record.atMs)
  }

  private takeEvidence({ atMs, clientOrderId, evidence }: ExecutionRecordOf<'leg'>): void {
    const order = this.order(clientOrderId)
    const { leg } = order
    if (!leg.apply(mapRecordToEvidence(evidence))) return
    if (evidence.kind === 'sent') order.attempts = evidence.attempt
    if (evidence.kind === 'refused') order.refusal = { code: evidence.code, message: evidence.message }
    this.emitOrder(order, atMs)
    if (evidence.kind === 'fill')
      this.takeFill(mapRecordToFill(evidence.fill), leg.role === 'leg' ? 'trading' : 'legging', order, atMs)
  }

  private takeFill(fill: Fill, origin: FillOrigin, order: ProjectedOrder | undefined, atMs: number): void {
    const key = `${fill.instrumentId} ${fill.fillId}`
    if (this.seenFills.has(key)) return
    this.seenFills.add(key)
    const instrument = order?.leg.request.instrument ?? this.instrument(fill.instrumentId)
    const correlationId = order?.leg.request.correlationId ?? null
    this.emit('fills', {
      journal: this.journal,
      instrumentId: fill.instrumentId,
      fillId: fill.fillId,
      exchange: instrument.exchange,
      exchangeOrderId: fill.exchangeOrderId,
      clientOrderId: order?.leg.request.clientOrderId ?? null,
      correlationId,
      origin,
      side: fill.side,
      price: fill.price.toString(),
      quantity: fill.quantity.toString(),
      fee: fill.fee.toString(),
      feeAsset: fill.feeAsset,
      role: fill.role,
      exchangeTimeMs: fill.exchangeTimeMs,
      recordedAtMs: atMs,
    })
    this.post(createFillEntries(fill, instrument, origin, this.ledger), { reason: 'fill', correlationId, atMs })
  }

  private takeTradeEnd(record: ExecutionRecordOf<'trade_end'>): void {
    const { correlationId, atMs } = record
    const trade = this.trades.get(correlationId)
    if (trade === undefined) return
    trade.row = endedTradeRow(trade.row, record)
    this.emit('trades', trade.row)
    this.setResiduals(trade, record)
    for (const order of trade.orders)
      // An end while the order had not left proves that it never will.
      if (order.leg.sentAtMs === undefined && order.leg.apply({ kind: 'absent' })) this.emitOrder(order, atMs)
    this.ended.delete(correlationId)
    if (record.end !== 'halted') this.forgetLater(correlationId)
  }

  private takeAcceptance({ correlationId, amounts, atMs }: ExecutionRecordOf<'residual_accepted'>): void {
    const entries = acceptanceEntries(
      amounts.map(({ asset, amount }) => ({ asset: createAssetId(asset), amount: Decimal.parse(amount) })),
    )
    if (entries.length > 0) this.post(entries, { reason: 'accepted', correlationId, atMs })
    const trade = this.trades.get(correlationId)
    if (trade === undefined) return
    this.setResiduals(trade, { correlationId, residuals: [] })
    this.forgetLater(correlationId)
  }

  private setResiduals(trade: ProjectedTrade, left: Parameters<typeof residualRows>[1]): void {
    trade.residuals = residualRows(this.journal, left, trade.residuals)
    for (const residual of trade.residuals) this.emit('residuals', residual)
  }

  private forgetLater(correlationId: string): void {
    this.ended.add(correlationId)
    if (this.ended.size > rememberedTrades) this.forgetOldest()
  }

  private forgetOldest(): void {
    const [oldest] = this.ended
    for (const { leg } of this.trades.get(oldest!)!.orders) {
      this.orders.delete(leg.request.clientOrderId)
      for (const { instrumentId, fillId } of leg.fills) this.seenFills.delete(`${instrumentId} ${fillId}`)
    }
    this.trades.delete(oldest!)
    this.ended.delete(oldest!)
  }

  private post(
    entries: readonly LedgerEntry[],
    { reason, correlationId, atMs }: { reason: string; correlationId: string | null; atMs: number },
  ): void {
    const { journal, position } = this
    this.ledger.post(entries)
    entries.forEach(({ account, asset, amount }, entry) => {
      const row = { journal, position, entry, atMs, reason, account, asset, amount: amount.toString(), correlationId }
      this.emit('ledgerPostings', row)
    })
    for (const { account, asset } of entries)
      this.emit('ledgerBalances', { journal, account, asset, amount: this.ledger.balance(account, asset).toString() })
  }

  private emitOrder(order: ProjectedOrder, atMs: number): void {
    this.emit('orders', order.toRow(this.journal, atMs))
  }

  private emit<Table extends JournalTableName>(table: Table, row: TableRow<Table>['row']): void {
    this.rows.push({ table, row } as unknown as JournalRow)
  }

  private order(clientOrderId: string): ProjectedOrder {
    const order = this.orders.get(clientOrderId)
    if (order === undefined)
      throw new JournalException({
        message: `Record ${this.position} of the journal has evidence of order ${clientOrderId} but no intent of it. The journal is not whole; restore it.`,
      })
    return order
  }

  private instrument(id: string): Instrument {
    const instrument = this.catalogue.find(id as InstrumentId, this.fencingToken)
    if (instrument === undefined)
      throw new JournalException({
        message: `Record ${this.position} of the journal speaks of ${id}, which its list of instruments does not have. Restore instruments.ndjson beside it.`,
      })
    return instrument
  }
}
