import { Decimal } from '@cex-arbitrage/common'

import type { Account } from '../../../accounts/account-book.js'
import type { VenueFill, VenueOrder } from '../../../matching/venue-order.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { Position } from '../../../perpetuals/position.js'
import { contractIdOf } from './contracts.js'

const averageDecimals = 12
const isolated = 1
const cross = 2
const oneWay = 2

export const openTypeOf = (position: Position): number => (position.isCross ? cross : isolated)

/** Order state: 2 open, 3 filled, 4 cancelled. */
const stateOf = (order: VenueOrder): number => (order.isOpen ? 2 : order.status === 'filled' ? 3 : 4)

/** 1 open long, 2 close short, 3 open short, 4 close long. */
function sideOf({ input, side }: VenueOrder): number {
  if (side === 'buy') return input.reduceOnly === true ? 2 : 1
  return input.reduceOnly === true ? 4 : 3
}

/** An order as queries and `push.personal.order` show it. */
export function viewFuturesOrder(market: PerpetualMarket, order: VenueOrder): Record<string, unknown> {
  const { symbol } = order
  const position = market.positions.get(order.accountId, symbol)
  const base = symbol.quantity(order.filledLots).times(symbol.contractSize)
  const average = base.isZero ? Decimal.zero : order.filledNotional.dividedBy(base, averageDecimals, 'down')
  const feeOf = (role: 'maker' | 'taker'): number =>
    order.fills.reduce((sum, fill) => (fill.role === role ? sum.plus(fill.fee) : sum), Decimal.zero).toNumber()
  const profit = market
    .entriesOf(order.accountId)
    .filter(({ orderId, type }) => type === 'pnl' && orderId === order.id)
    .reduce((sum, { change }) => sum.plus(change), Decimal.zero)
  const isLiquidation = order.input.attributes?.['liquidation'] === 'true'
  return {
    orderId: order.id,
    symbol: contractIdOf(symbol),
    positionId: positionIdOf(market, position),
    price: order.input.kind === 'limit' ? symbol.price(order.priceTicks!).toNumber() : 0,
    vol: order.quantityLots,
    leverage: position.effectiveLeverage.toNumber(),
    side: sideOf(order),
    category: isLiquidation ? 2 : 1,
    orderType: Number(order.input.attributes?.['type'] ?? 1),
    dealAvgPrice: average.toNumber(),
    dealVol: order.filledLots,
    orderMargin: order.isOpen ? market.margin.needed(order, market.account(order.accountId)).toNumber() : 0,
    takerFee: feeOf('taker'),
    makerFee: feeOf('maker'),
    profit: profit.toNumber(),
    feeCurrency: symbol.quote,
    openType: openTypeOf(position),
    state: stateOf(order),
    externalOid: order.clientOrderId ?? '',
    errorCode: 0,
    createTime: order.createdAtMs,
    updateTime: order.updatedAtMs,
    positionMode: oneWay,
    reduceOnly: order.input.reduceOnly === true,
    remainVol: order.remainingLots,
    version: order.fills.length + 1,
  }
}

/** A fill as `push.personal.order.deal` and the listing of deals show it. */
export function viewFuturesDeal(market: PerpetualMarket, fill: VenueFill, order: VenueOrder): Record<string, unknown> {
  const profit = market
    .entriesOf(fill.accountId)
    .find(({ orderId, tradeId, type }) => type === 'pnl' && tradeId === fill.tradeId && orderId === order.id)
  return {
    id: fill.tradeId,
    symbol: contractIdOf(order.symbol),
    side: sideOf(order),
    vol: fill.quantityLots,
    price: fill.price.toNumber(),
    fee: fill.fee.toNumber(),
    feeCurrency: fill.feeAsset,
    profit: profit?.change.toNumber() ?? 0,
    isTaker: fill.role === 'taker',
    taker: fill.role === 'taker',
    category: 1,
    orderId: fill.orderId,
    externalOid: order.clientOrderId ?? '',
    isSelf: fill.selfTrade,
    positionMode: oneWay,
    timestamp: fill.atMs,
  }
}

/** A number for the position of an account in a contract, the same as long as the venue runs. */
const positionIdOf = (market: PerpetualMarket, position: Position): number => market.positions.all.indexOf(position) + 1

/** A position as queries and `push.personal.position` show it. */
export function viewFuturesPosition(market: PerpetualMarket, position: Position): Record<string, unknown> {
  const mark = market.prices.markPrice(position.symbol)
  const entry = position.entryPrice?.toNumber() ?? 0
  const frozen = market.core
    .openOrders(position.accountId, position.symbol.name)
    .filter(({ input }) => input.reduceOnly === true)
    .reduce((sum, { remainingLots }) => sum + remainingLots, 0)
  const margin = position.initialMargin(mark).toNumber()
  const { fee, funding, pnl } = position.realised
  return {
    positionId: positionIdOf(market, position),
    symbol: contractIdOf(position.symbol),
    positionType: position.lots < 0 ? 2 : 1,
    openType: openTypeOf(position),
    state: position.lots === 0 ? 3 : 1,
    holdVol: Math.abs(position.lots),
    frozenVol: Math.min(frozen, Math.abs(position.lots)),
    closeVol: 0,
    holdAvgPrice: entry,
    openAvgPrice: entry,
    closeAvgPrice: 0,
    liquidatePrice: market.margin.liquidationPrice(position, market.account(position.accountId))?.toNumber() ?? 0,
    oim: margin,
    im: margin,
    holdFee: funding.toNumber(),
    realised: pnl.plus(fee).plus(funding).toNumber(),
    leverage: position.effectiveLeverage.toNumber(),
    createTime: position.openedAtMs,
    updateTime: position.updatedAtMs,
    autoAddIm: false,
  }
}

/** One asset of a wallet, as `account/assets` and `push.personal.asset` show it. */
export function viewAsset(market: PerpetualMarket, account: Account, asset: string): Record<string, unknown> {
  const { available, orderMargin, positionMargin, total, unrealised } = market.state(account, asset)
  const free = Decimal.max(available, Decimal.zero)
  return {
    currency: asset,
    positionMargin: positionMargin.toNumber(),
    availableBalance: free.toNumber(),
    cashBalance: total.toNumber(),
    frozenBalance: orderMargin.toNumber(),
    equity: total.plus(unrealised).toNumber(),
    unrealized: unrealised.toNumber(),
    bonus: 0,
    availableCash: free.toNumber(),
    availableOpen: free.toNumber(),
  }
}
