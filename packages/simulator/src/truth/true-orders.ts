import type { ExchangeCore } from '../matching/exchange-core.js'
import type { VenueFill, VenueOrder } from '../matching/venue-order.js'

export interface TrueBook {
  readonly sequence: number
  /** `[price, quantity]`, best first. */
  readonly bids: readonly (readonly [string, string])[]
  readonly asks: readonly (readonly [string, string])[]
}

export interface TrueOrder {
  readonly id: string
  readonly clientOrderId: string | null
  readonly accountId: string
  readonly symbol: string
  readonly side: string
  readonly kind: string
  readonly timeInForce: string
  readonly postOnly: boolean
  readonly status: string
  readonly endReason: string | null
  /** `true` while a fault keeps it off the book. */
  readonly parked: boolean
  readonly price: string | null
  readonly quantity: string
  readonly filledQuantity: string
  readonly filledNotional: string
  readonly locked: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly fills: readonly TrueFill[]
}

export interface TrueFill {
  readonly tradeId: number
  readonly role: string
  readonly price: string
  readonly quantity: string
  readonly notional: string
  readonly fee: string
  readonly feeAsset: string
  readonly atMs: number
}

/** The whole book of one symbol. */
export function describeBook(core: ExchangeCore, symbol: string): TrueBook {
  const engine = core.engine(symbol)
  const rows = (side: 'buy' | 'sell') =>
    engine
      .ladder(side)
      .levels.map(
        ({ priceTicks, totalLots }) =>
          [engine.symbol.price(priceTicks).toString(), engine.symbol.quantity(totalLots).toString()] as const,
      )
  return { sequence: engine.sequence, bids: rows('buy'), asks: rows('sell') }
}

export function describeOrder(order: VenueOrder): TrueOrder {
  const { symbol, input } = order
  return {
    id: order.id,
    clientOrderId: order.clientOrderId ?? null,
    accountId: order.accountId,
    symbol: symbol.name,
    side: order.side,
    kind: input.kind,
    timeInForce: input.timeInForce,
    postOnly: input.postOnly === true,
    status: order.status,
    endReason: order.endReason ?? null,
    parked: order.parked,
    price: order.priceTicks === undefined ? null : symbol.price(order.priceTicks).toString(),
    quantity: symbol.quantity(order.quantityLots).toString(),
    filledQuantity: symbol.quantity(order.filledLots).toString(),
    filledNotional: order.filledNotional.toString(),
    locked: order.locked.toString(),
    createdAtMs: order.createdAtMs,
    updatedAtMs: order.updatedAtMs,
    fills: order.fills.map(describeFill),
  }
}

function describeFill(fill: VenueFill): TrueFill {
  return {
    tradeId: fill.tradeId,
    role: fill.role,
    price: fill.price.toString(),
    quantity: fill.quantity.toString(),
    notional: fill.notional.toString(),
    fee: fill.fee.toString(),
    feeAsset: fill.feeAsset,
    atMs: fill.atMs,
  }
}
