import { Decimal } from '@cex-arbitrage/common'

import type { Account } from '../../../accounts/account-book.js'
import type { VenueFill, VenueOrder } from '../../../matching/venue-order.js'
import { pairOf } from '../pairs.js'
import { fineSeconds } from './contract-view.js'
import { type SizeStyle, writeSize } from './sizes.js'
import { wireInteger } from '../../../server/wire-json.js'

const averageDecimals = 12

const signedLots = (order: VenueOrder, lots: number): number => (order.side === 'buy' ? lots : -lots)

/** What is left, signed; an order that closes a whole position is as large as it was then. */
const leftOf = (order: VenueOrder): number => signedLots(order, order.remainingLots)

export function averagePrice(order: VenueOrder): Decimal {
  const base = order.symbol.quantity(order.filledLots).times(order.symbol.contractSize)
  return base.isZero ? Decimal.zero : order.filledNotional.dividedBy(base, averageDecimals, 'down')
}

/** Why an order has ended, in the words of perpetuals. */
export function futuresFinishAs(order: VenueOrder): string {
  switch (order.endReason) {
    case undefined:
      return '_new'
    case 'filled':
    case 'cancelled':
    case 'ioc':
    case 'reduce_only':
    case 'liquidated':
      return order.endReason
    case 'self_trade':
      return 'stp'
    case 'post_only':
    case 'refused_late':
      return 'cancelled'
    case 'fok':
    case 'no_liquidity':
    case 'price_protection':
      return 'ioc'
  }
}

const isLiquidation = (order: VenueOrder): boolean => order.input.attributes?.['liquidation'] === 'true'

const limitPrice = (order: VenueOrder): string =>
  order.input.kind === 'limit' ? order.symbol.price(order.priceTicks!).toString() : '0'

const feeRates = (order: VenueOrder, account: Account): { readonly maker: Decimal; readonly taker: Decimal } => ({
  maker: account.fees?.maker ?? order.symbol.makerFee,
  taker: account.fees?.taker ?? order.symbol.takerFee,
})

/** An order as REST and the WebSocket API show it. */
export function viewFuturesOrder(order: VenueOrder, account: Account, style: SizeStyle): Record<string, unknown> {
  const { attributes } = order.input
  const fees = feeRates(order, account)
  return {
    id: wireInteger(order.id),
    user: account.uid,
    contract: pairOf(order.symbol),
    create_time: fineSeconds(order.createdAtMs),
    update_time: fineSeconds(order.updatedAtMs),
    ...(!order.isOpen && { finish_time: fineSeconds(order.updatedAtMs), finish_as: futuresFinishAs(order) }),
    size: writeSize(signedLots(order, order.quantityLots), style),
    iceberg: writeSize(0, style),
    left: writeSize(leftOf(order), style),
    price: limitPrice(order),
    fill_price: averagePrice(order).toString(),
    mkfr: fees.maker.toString(),
    tkfr: fees.taker.toString(),
    tif: attributes?.['timeInForce'] ?? order.input.timeInForce,
    refu: 0,
    is_reduce_only: order.input.reduceOnly === true,
    is_close: attributes?.['close'] === 'true',
    is_liq: isLiquidation(order),
    text: order.clientOrderId ?? 'api',
    status: order.isOpen ? 'open' : 'finished',
    stp_id: Number(attributes?.['stpId'] ?? 0),
    stp_act: attributes?.['stpAct'] ?? '-',
    amend_text: order.amendText ?? '-',
    update_id: order.fills.length + 1,
  }
}

/** An order as `futures.orders` pushes it. */
export function viewPushedFuturesOrder(order: VenueOrder, account: Account, style: SizeStyle): Record<string, unknown> {
  const { attributes } = order.input
  const fees = feeRates(order, account)
  const priceOf = (text: string): string | number => (style === 'text' ? text : Number(text))
  const finishedAtMs = order.isOpen ? order.createdAtMs : order.updatedAtMs
  const fee = order.fees.get(order.symbol.quote) ?? Decimal.zero
  const lastFill = order.fills.at(-1)
  return {
    contract: pairOf(order.symbol),
    create_time: Math.floor(order.createdAtMs / 1000),
    create_time_ms: order.createdAtMs,
    fill_price: priceOf(averagePrice(order).toString()),
    finish_as: futuresFinishAs(order),
    finish_time: Math.floor(finishedAtMs / 1000),
    finish_time_ms: finishedAtMs,
    iceberg: writeSize(0, style),
    id: wireInteger(order.id),
    id_string: order.id,
    is_close: attributes?.['close'] === 'true',
    is_liq: isLiquidation(order),
    is_reduce_only: order.input.reduceOnly === true,
    is_voucher: false,
    left: writeSize(leftOf(order), style),
    mkfr: fees.maker.toNumber(),
    price: priceOf(limitPrice(order)),
    refr: 0,
    refu: 0,
    size: writeSize(signedLots(order, order.quantityLots), style),
    status: order.isOpen ? 'open' : 'finished',
    text: order.clientOrderId ?? 'api',
    tif: attributes?.['timeInForce'] ?? order.input.timeInForce,
    tkfr: fees.taker.toNumber(),
    user: String(account.uid),
    update_id: order.fills.length + 1,
    update_time: order.updatedAtMs,
    biz_info: '-',
    stp_act: attributes?.['stpAct'] ?? '-',
    stp_id: attributes?.['stpId'] ?? '0',
    amend_text: order.amendText ?? '-',
    ...(lastFill && { role: lastFill.role }),
    fee: fee.toNumber(),
    point_fee: 0,
    bbo: '-',
    stop_loss_price: '',
    stop_profit_price: '',
  }
}

/** What of a fill closed a position, with the sign of the fill. */
function closeSize({ closedLots = 0, side }: VenueFill): number {
  return side === 'buy' ? closedLots : 0 - closedLots
}

/** A fill as `my_trades` lists it. */
export function viewListedFuturesFill(fill: VenueFill, order: VenueOrder, style: SizeStyle): Record<string, unknown> {
  return {
    id: fill.tradeId,
    create_time: fineSeconds(fill.atMs),
    contract: pairOf(order.symbol),
    order_id: fill.orderId,
    size: writeSize(signedLots(order, fill.quantityLots), style),
    close_size: writeSize(closeSize(fill), style),
    price: fill.price.toString(),
    role: fill.role,
    text: order.clientOrderId ?? 'api',
    fee: fill.fee.toString(),
    point_fee: '0',
    trade_value: fill.notional.toString(),
  }
}

/** A fill as `futures.usertrades` pushes it. */
export function viewPushedFuturesFill(fill: VenueFill, order: VenueOrder, style: SizeStyle): Record<string, unknown> {
  return {
    id: String(fill.tradeId),
    create_time: Math.floor(fill.atMs / 1000),
    create_time_ms: fill.atMs,
    contract: pairOf(order.symbol),
    order_id: fill.orderId,
    size: writeSize(signedLots(order, fill.quantityLots), style),
    price: fill.price.toString(),
    role: fill.role,
    text: order.clientOrderId ?? 'api',
    fee: fill.fee.toNumber(),
    point_fee: 0,
    amend_text: order.amendText ?? '-',
    biz_info: '-',
    close_size: String(closeSize(fill)),
  }
}
