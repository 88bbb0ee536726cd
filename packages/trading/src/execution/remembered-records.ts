import type { ExecutionRecord } from './execution-record.js'

/** The records of every trade that a replay would still remember: open, halted, or watched for late fills. */
export class RememberedRecords {
  private readonly byTrade = new Map<string, ExecutionRecord[]>()
  private readonly tradeOf = new Map<string, string>()

  /** Takes the next record of the journal. */
  take(record: ExecutionRecord): void {
    switch (record.kind) {
      case 'trade_start':
        this.byTrade.set(record.plan.correlationId, [record])
        return
      case 'intent':
        this.tradeOf.set(record.clientOrderId, record.correlationId)
        this.byTrade.get(record.correlationId)?.push(record)
        return
      case 'leg':
      case 'send_quote':
        this.byTrade.get(this.tradeOf.get(record.clientOrderId) ?? '')?.push(record)
        return
      case 'trade_end':
      case 'residual_accepted':
        this.byTrade.get(record.correlationId)?.push(record)
        return
      case 'trades_forgotten':
        for (const id of record.correlationIds) this.forget(id)
        return
      case 'foreign_fill':
      case 'posting':
      case 'state':
      case 'session_start':
      case 'session_stop':
      case 'balance_check':
      case 'halt':
        return
    }
  }

  /** Correlation ids. */
  get trades(): ReadonlySet<string> {
    return new Set(this.byTrade.keys())
  }

  /** Trade by trade, oldest first, each in its own order. */
  get records(): readonly ExecutionRecord[] {
    return [...this.byTrade.values()].flat()
  }

  private forget(correlationId: string): void {
    for (const record of this.byTrade.get(correlationId) ?? [])
      if (record.kind === 'intent') this.tradeOf.delete(record.clientOrderId)
    this.byTrade.delete(correlationId)
  }
}
