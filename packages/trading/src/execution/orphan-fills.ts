import {
  asCorrelationId,
  createAssetId,
  createExchangeId,
  Decimal,
  type AssetId,
  type ExchangeId,
  type Fill,
  type Instrument,
} from '@cex-arbitrage/common'
import type { AcceptedAmount } from '../portfolio/fill-entries.js'
import type { TradingHalt } from '../types/halt.js'
import type { ExecutionRecordOf } from './execution-record.js'

/** Under which the journal has what an operator has taken over of them. */
export const orphansCorrelationId = asCorrelationId('orphan-fills')

interface Orphans {
  readonly orders: Set<string>
  readonly amounts: Map<AssetId, Decimal>
}

/**
 * Fills of orders that carry our prefix and that the journal does not know: a part of it is lost, or it has been put back
 * to an older state. They belong to no trade that could repair them, so the exposure is named until an operator takes it
 * over (invariant S4).
 */
export class OrphanFills {
  private readonly byExchange = new Map<ExchangeId, Orphans>()

  constructor(private readonly halt: TradingHalt) {}

  note(fill: Fill, { exchange, base, contractSize }: Instrument): void {
    let orphans = this.byExchange.get(exchange)
    if (orphans === undefined) this.byExchange.set(exchange, (orphans = { orders: new Set(), amounts: new Map() }))
    const { orders, amounts } = orphans
    orders.add(fill.clientOrderId ?? fill.exchangeOrderId)
    const quantity = fill.quantity.times(contractSize)
    add(amounts, base, fill.side === 'buy' ? quantity : quantity.negated())
    if (fill.feeAsset === base) add(amounts, base, fill.fee.negated())
  }

  toRecord(): ExecutionRecordOf<'state'>['orphans'] {
    return [...this.byExchange].map(([exchange, { orders, amounts }]) => ({
      exchange,
      orders: [...orders],
      amounts: [...amounts].map(([asset, amount]) => ({ asset, amount: amount.toString() })),
    }))
  }

  /** Forgets all and takes these. */
  restore(orphans: ExecutionRecordOf<'state'>['orphans']): void {
    this.byExchange.clear()
    for (const { exchange, orders, amounts } of orphans)
      this.byExchange.set(createExchangeId(exchange), {
        orders: new Set(orders),
        amounts: new Map(amounts.map(({ asset, amount }) => [createAssetId(asset), Decimal.parse(amount)])),
      })
  }

  /** Halts for all that have been noted. */
  tell(): void {
    for (const [exchange, { orders, amounts }] of this.byExchange) {
      const left = [...amounts].map(([asset, amount]) => `${amount.toString()} ${asset}`).join(', ')
      const detail = `Orders of ours that the journal does not know have filled on ${exchange}, by ${left} in all: ${[...orders].join(', ')}. A part of the journal is lost. Close the amount by hand, then resume.`
      this.halt.halt({ rule: 'residual', exchange, detail })
    }
  }

  /** The operator takes them over; answers the amounts of all exchanges together. */
  accept(): readonly AcceptedAmount[] {
    const sums = new Map<AssetId, Decimal>()
    for (const { amounts } of this.byExchange.values()) for (const [asset, amount] of amounts) add(sums, asset, amount)
    this.byExchange.clear()
    return [...sums].map(([asset, amount]) => ({ asset, amount }))
  }
}

function add(sums: Map<AssetId, Decimal>, asset: AssetId, amount: Decimal): void {
  sums.set(asset, (sums.get(asset) ?? Decimal.zero).plus(amount))
}
