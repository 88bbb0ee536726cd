import {
  Decimal,
  asFillId,
  type AssetId,
  type ClientOrderId,
  type ExchangeOrderId,
  type Fill,
  type Instrument,
  type LiquidityRole,
  type OrderRequest,
  type OrderStatus,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import type { PaperExecution } from './paper-matching.js'

/** One order of a paper exchange. */
export class PaperOrder {
  readonly fills: Fill[] = []
  status: OrderStatus = 'open'
  reason: string | undefined
  filledLots = 0
  filledNotional = Decimal.zero
  /** What is still bound to it. */
  locked: { readonly asset: AssetId; readonly amount: Decimal } | undefined

  constructor(
    readonly request: OrderRequest,
    readonly exchangeOrderId: ExchangeOrderId,
  ) {}

  get instrument(): Instrument {
    return this.request.instrument
  }

  get clientOrderId(): ClientOrderId {
    return this.request.clientOrderId
  }

  /** Lots not filled; `undefined` for a market buy, which is bounded by money. */
  get remainingLots(): number | undefined {
    return 'quantityLots' in this.request ? this.request.quantityLots - this.filledLots : undefined
  }

  /** Whether a price is acceptable. */
  accepts(priceTicks: number): boolean {
    if (this.request.type === 'market') return true
    return this.request.side === 'buy' ? priceTicks <= this.request.priceTicks : priceTicks >= this.request.priceTicks
  }

  private feeOf(
    notional: Decimal,
    base: Decimal,
    role: LiquidityRole,
  ): { readonly fee: Decimal; readonly feeAsset: AssetId } {
    const { fees, base: baseAsset, quote } = this.instrument
    const rate = fees[role]
    const inBase = fees.assetRule === 'received' && this.request.side === 'buy'
    return inBase ? { fee: base.times(rate), feeAsset: baseAsset } : { fee: notional.times(rate), feeAsset: quote }
  }

  /** Takes an execution and writes it down as a fill. */
  execute({ priceTicks, quantityLots }: PaperExecution, role: LiquidityRole, exchangeTimeMs: number): Fill {
    const { instrument, request } = this
    const quantity = instrument.lotsToQuantity(quantityLots)
    const notional = instrument.notional(priceTicks, quantityLots)
    const fill: Fill = {
      fillId: asFillId(`${this.exchangeOrderId}-${this.fills.length + 1}`),
      instrumentId: instrument.id,
      exchangeOrderId: this.exchangeOrderId,
      clientOrderId: request.clientOrderId,
      side: request.side,
      price: instrument.ticksToPrice(priceTicks),
      quantity,
      ...this.feeOf(notional, quantity.times(instrument.contractSize), role),
      role,
      exchangeTimeMs,
    }
    this.fills.push(fill)
    this.filledLots += quantityLots
    this.filledNotional = this.filledNotional.plus(notional)
    return fill
  }

  update(exchangeTimeMs: number): OrderUpdate {
    const { request, instrument } = this
    return {
      instrumentId: instrument.id,
      clientOrderId: request.clientOrderId,
      exchangeOrderId: this.exchangeOrderId,
      side: request.side,
      status: this.status,
      quantity: 'quantityLots' in request ? instrument.lotsToQuantity(request.quantityLots) : undefined,
      price: request.type === 'limit' ? instrument.ticksToPrice(request.priceTicks) : undefined,
      filledQuantity: instrument.lotsToQuantity(this.filledLots),
      filledNotional: this.filledNotional,
      exchangeTimeMs,
      reason: this.reason,
    }
  }
}
