import { Decimal, type Side } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { OrderInput, VenueOrder } from '../../../matching/venue-order.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { Position } from '../../../perpetuals/position.js'
import { listedContract, maxOpenOrders } from './contracts.js'
import { type FuturesError, FuturesRefusal, futuresErrors, refuseFutures } from './futures-errors.js'

const maxExternalOidLength = 32
const maxCancels = 50
const hedge = 1

/** Order types: limit, post only, immediate or cancel, fill or kill, and two kinds of market order. */
const types = [1, 2, 3, 4, 5, 6] as const
type OrderType = (typeof types)[number]
const isMarket = (type: OrderType): boolean => type >= 5
const isolated = 1
const cross = 2

export type Body = Readonly<Record<string, unknown>>

/** What cancelling one order came to. */
export interface CancelResult {
  readonly order: VenueOrder | undefined
  readonly error: FuturesError | undefined
}

/** Places and cancels orders of perpetuals; positions are one-way. */
export class FuturesDesk {
  constructor(private readonly market: PerpetualMarket) {}

  /** @throws FuturesRefusal when the venue says no. */
  place(accountId: string, apiKey: string, body: Body): VenueOrder {
    const symbol = listedContract(this.market, body['symbol'])
    const side = readSide(body)
    const type = types.find((known) => known === Number(body['type'])) ?? refuseFutures('orderType')
    if (Number(body['positionMode'] ?? 2) === hedge) refuseFutures('positionType')
    const externalOid = readExternalOid(body)
    const quantityLots = this.readVolume(symbol, body)
    const position = this.market.positions.get(accountId, symbol)
    const reduceOnly = side.closes || body['reduceOnly'] === true
    if (reduceOnly && position.lots * (side.side === 'buy' ? 1 : -1) >= 0) refuseFutures('noPosition')
    if (!symbol.tradable && !reduceOnly) refuseFutures('notAllowed')
    if (this.market.core.openOrders(accountId, symbol.name).length >= maxOpenOrders) refuseFutures('tooManyOrders')
    const input: OrderInput = {
      accountId,
      symbol: symbol.name,
      side: side.side,
      kind: isMarket(type) ? 'market' : 'limit',
      timeInForce: type === 4 ? 'fok' : type === 3 || isMarket(type) ? 'ioc' : 'gtc',
      postOnly: type === 2,
      reduceOnly,
      quantityLots,
      priceTicks: isMarket(type) ? this.protection(symbol, side.side) : this.readPrice(symbol, side.side, body),
      attributes: { apiKey, type: String(type), stpMode: String(Number(body['stpMode'] ?? 0)) },
      ...(externalOid !== undefined && { clientOrderId: externalOid }),
    }
    if (!reduceOnly) this.takeLeverage(position, body)
    const result = this.market.core.place(input)
    return 'order' in result ? result.order : refuseFutures('insufficient')
  }

  cancel(accountId: string, id: string): CancelResult {
    const order = this.market.core.order(id)
    return this.cancelFound(order?.accountId === accountId ? order : undefined)
  }

  cancelExternal(accountId: string, symbol: unknown, externalOid: unknown): CancelResult {
    return this.cancelFound(this.findExternal(accountId, symbol, externalOid))
  }

  /** Of one contract, or of all when `symbol` is empty. */
  cancelAll(accountId: string, symbol: unknown): void {
    const { core } = this.market
    const name = symbol === undefined || symbol === '' ? undefined : listedContract(this.market, symbol).name
    for (const order of core.openOrders(accountId, name)) core.cancel(order)
  }

  /** @throws FuturesRefusal 2040 when there is none. */
  find(accountId: string, id: string): VenueOrder {
    const order = this.market.core.order(id)
    return order?.accountId === accountId ? order : refuseFutures('orderNotFound')
  }

  findExternal(accountId: string, symbol: unknown, externalOid: unknown): VenueOrder | undefined {
    const { name } = listedContract(this.market, symbol)
    return this.market.core
      .ordersOf(accountId)
      .findLast((order) => order.symbol.name === name && order.clientOrderId === externalOid)
  }

  /** Changes the leverage of a position. @throws FuturesRefusal when it is out of range or not covered. */
  setLeverage(position: Position, openType: number, leverage: Decimal): void {
    const { maxLeverage } = this.market.spec(position.symbol)
    if (leverage.lessThan(Decimal.one)) refuseFutures('leverage')
    if (leverage.greaterThan(Decimal.of(maxLeverage))) refuseFutures('leverageTooHigh')
    if (openType !== isolated && openType !== cross) refuseFutures('openType')
    const own = openType === cross ? Decimal.zero : leverage
    if (!this.market.setLeverage(position, own, leverage)) refuseFutures('insufficient')
  }

  private cancelFound(order: VenueOrder | undefined): CancelResult {
    if (order === undefined) return { order, error: futuresErrors.orderNotFound }
    return { order, error: this.market.core.cancel(order) ? undefined : futuresErrors.orderEnded }
  }

  /** An opening order brings its leverage and kind of margin along; they must fit what is held. */
  private takeLeverage(position: Position, body: Body): void {
    const openType = Number(body['openType'])
    if (openType !== isolated && openType !== cross) refuseFutures('openType')
    if (openType === isolated && body['leverage'] === undefined) refuseFutures('leverage')
    const leverage =
      body['leverage'] === undefined
        ? position.effectiveLeverage
        : (Decimal.tryParse(String(Number(body['leverage']))) ?? refuseFutures('leverage'))
    const isSame = position.isCross === (openType === cross) && position.effectiveLeverage.equals(leverage)
    if (isSame) return
    if (position.lots !== 0 && position.isCross !== (openType === cross)) refuseFutures('openTypeDiffers')
    if (position.lots !== 0) refuseFutures('leverageDiffers')
    this.setLeverage(position, openType, leverage)
  }

  private readVolume(symbol: TradingSymbol, body: Body): number {
    const volume = Number(body['vol'])
    if (!Number.isFinite(volume) || volume <= 0) refuseFutures('quantity')
    if (!Number.isSafeInteger(volume)) refuseFutures('accuracy')
    if (volume > this.market.spec(symbol).maxContracts) refuseFutures('quantityTooLarge')
    return volume
  }

  private readPrice(symbol: TradingSymbol, side: Side, body: Body): number {
    const price = Decimal.tryParse(String(Number(body['price'])))
    if (price === undefined || price.sign <= 0) refuseFutures('price')
    const ticks = symbol.toTicks(price) ?? refuseFutures('accuracy')
    const mark = this.market.prices.markPrice(symbol)
    const room = mark.times(Decimal.parse(this.market.spec(symbol).priceDeviation))
    if (side === 'buy' && price.greaterThan(mark.plus(room))) refuseFutures('overpriced')
    if (side === 'sell' && price.lessThan(mark.minus(room))) refuseFutures('lowPriced')
    return ticks
  }

  /** A market order trades no further than a limit might. */
  private protection(symbol: TradingSymbol, side: Side): number {
    const mark = this.market.prices.markPrice(symbol)
    const room = mark.times(Decimal.parse(this.market.spec(symbol).priceDeviation))
    const worst = side === 'buy' ? mark.plus(room) : mark.minus(room)
    return Number(worst.stepsOf(symbol.tickSize, side === 'buy' ? 'down' : 'up'))
  }
}

/** @throws FuturesRefusal 2013 for more than fifty. */
export function checkCancelCount(count: number): void {
  if (count > maxCancels) throw new FuturesRefusal(futuresErrors.tooManyCancels)
}

/** 1 open long, 2 close short, 3 open short, 4 close long. */
function readSide(body: Body): { readonly side: Side; readonly closes: boolean } {
  switch (Number(body['side'])) {
    case 1:
      return { side: 'buy', closes: false }
    case 2:
      return { side: 'buy', closes: true }
    case 3:
      return { side: 'sell', closes: false }
    case 4:
      return { side: 'sell', closes: true }
    default:
      return refuseFutures('direction')
  }
}

function readExternalOid({ externalOid }: Body): string | undefined {
  if (externalOid === undefined || externalOid === null || externalOid === '') return undefined
  if (typeof externalOid !== 'string') return refuseFutures('parameter')
  return externalOid.length > maxExternalOidLength ? refuseFutures('externalOidTooLong') : externalOid
}
