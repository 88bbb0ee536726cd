import { Decimal } from '@cex-arbitrage/common'
import type { GroundTruth, TrueOrder } from '@cex-arbitrage/simulator'
import { simulatedExchanges, type SimulatedExchangeName } from '../schedule/schedule.js'
import { idPrefix } from '../engine/engine-process.js'
import { tradedAssets, valueAsset, type MarketShape } from '../world/market-settings.js'

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

/** How much of an asset orders have brought, what they took and their fees in it deducted. */
export const amountMoved = (orders: readonly OurOrder[], asset: string): Decimal =>
  orders.reduce((sum, order) => sum.plus(movedBy(order, asset)), Decimal.zero)

function movedBy({ order }: OurOrder, asset: string): Decimal {
  const [base, quote] = order.symbol.split('/')
  const bought = Decimal.parse(order.filledQuantity)
  const paid = Decimal.parse(order.filledNotional)
  let moved = Decimal.zero
  if (asset === base) moved = moved.plus(bought)
  if (asset === quote) moved = moved.minus(paid)
  if (order.side === 'sell') moved = moved.negated()
  return order.fills.reduce((sum, fill) => (fill.feeAsset === asset ? sum.minus(Decimal.parse(fill.fee)) : sum), moved)
}

/** Each asset that a trade should leave as it was, with what its orders left of it beyond the bound. */
export function strandedBy(
  orders: readonly OurOrder[],
  prices: ReadonlyMap<string, Decimal>,
  bound: Decimal,
): ReadonlyMap<string, Decimal> {
  return new Map(
    [...prices].flatMap(([asset, price]) => {
      const amount = amountMoved(orders, asset)
      return amount.abs().times(price).greaterThan(bound) ? [[asset, amount] as const] : []
    }),
  )
}

/** What a unit of every asset that trades may leave over is worth. */
export const valuesOf = (truths: Truths, shape: MarketShape): ReadonlyMap<string, Decimal> =>
  new Map(
    [...tradedAssets(shape)].map(([asset, fallback]) => [
      asset,
      Decimal.fromNumber(midPrice(truths, `${asset}/${valueAsset}`, fallback)),
    ]),
  )

/** Price in the middle of the Gate.io book, by which residuals are valued; the reference where a side is empty. */
function midPrice(truths: Truths, symbol: string, fallback: number): number {
  const book = truths.get('gateio')!.books[symbol]
  const bid = book?.bids[0]?.[0]
  const ask = book?.asks[0]?.[0]
  return bid === undefined || ask === undefined ? fallback : (Number(bid) + Number(ask)) / 2
}
