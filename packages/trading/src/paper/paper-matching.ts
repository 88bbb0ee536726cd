import { Decimal, type OrderBook, type Random } from '@cex-arbitrage/common'
import type { PaperOrder } from './paper-order.js'

/** A quantity taken at one level of the live book. */
export interface PaperExecution {
  readonly priceTicks: number
  readonly quantityLots: number
}

/**
 * What an order would take from a book now, level by level, on the order grid.
 *
 * @param share - Part of each level that is really there, 0 to 1.
 */
export function walkBook(order: PaperOrder, book: OrderBook, share: number): readonly PaperExecution[] {
  const { request, instrument } = order
  const side = request.side === 'buy' ? book.asks : book.bids
  const executions: PaperExecution[] = []
  let lots = order.remainingLots ?? Number.MAX_SAFE_INTEGER
  let money = 'quoteAmount' in request ? request.quoteAmount : undefined
  for (let rank = 0; rank < side.depth && lots > 0; rank++) {
    const priceTicks = side.priceTicksAt(rank)
    if (!order.accepts(priceTicks)) break
    const there = Math.min(lots, side.quantityLotsAt(rank) * share, affordableLots(order, priceTicks, money))
    const quantityLots = Math.floor(there / instrument.lotStep) * instrument.lotStep
    if (quantityLots <= 0) break
    executions.push({ priceTicks, quantityLots })
    lots -= quantityLots
    money = money?.minus(instrument.notional(priceTicks, quantityLots))
  }
  return executions
}

/** Part of the shown depth that an order finds: all of it, or now and then less. */
export function drawShare(partialFillShare: number, random: Random): number {
  return random.next() < partialFillShare ? random.next() : 1
}

function affordableLots({ instrument }: PaperOrder, priceTicks: number, money: Decimal | undefined): number {
  if (money === undefined) return Number.MAX_SAFE_INTEGER
  const quantity = money.dividedBy(
    instrument.ticksToPrice(priceTicks).times(instrument.contractSize),
    instrument.quantityDecimals,
    'down',
  )
  return instrument.quantityToLots(Decimal.max(quantity, Decimal.zero), 'down')
}
