import { Decimal } from '@cex-arbitrage/common'
import type { GroundTruth, TrueOrder } from '@cex-arbitrage/simulator'
import { simulatedExchanges, type SimulatedExchangeName } from '../schedule/schedule.js'
import { idPrefix } from '../engine/engine-process.js'

export type Truths = ReadonlyMap<SimulatedExchangeName, GroundTruth>

/** An order of ours as its venue has it. */
export interface OurOrder {
  readonly exchange: SimulatedExchangeName
  readonly clientOrderId: string
  readonly order: TrueOrder
  readonly isOpen: boolean
}

/** Gate.io prefixes the ids that its clients choose. */
const plainId = (id: string): string => id.replace(/^t-/, '')

/** Every order that carries our prefix, on both venues. */
export function ourOrders(truths: Truths): readonly OurOrder[] {
  return simulatedExchanges.flatMap((exchange) => {
    const { orders, openOrderIds } = truths.get(exchange)!
    const open = new Set(openOrderIds)
    return orders.flatMap((order) => {
      const clientOrderId = plainId(order.clientOrderId ?? '')
      return clientOrderId.startsWith(idPrefix) ? [{ exchange, clientOrderId, order, isOpen: open.has(order.id) }] : []
    })
  })
}

/** How much base an order has moved, its fees in base deducted. */
export function baseMoved({ order }: OurOrder, base: string): Decimal {
  const filled = Decimal.parse(order.filledQuantity)
  const signed = order.side === 'buy' ? filled : filled.negated()
  return order.fills.reduce((sum, fill) => (fill.feeAsset === base ? sum.minus(Decimal.parse(fill.fee)) : sum), signed)
}

/** Price in the middle of the Gate.io book, by which residuals are valued; the reference where a side is empty. */
export function midPrice(truths: Truths, symbol: string, fallback: number): number {
  const book = truths.get('gateio')!.books[symbol]
  const bid = book?.bids[0]?.[0]
  const ask = book?.asks[0]?.[0]
  return bid === undefined || ask === undefined ? fallback : (Number(bid) + Number(ask)) / 2
}
