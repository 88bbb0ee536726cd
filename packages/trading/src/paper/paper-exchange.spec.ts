import {
  BookChanges,
  Decimal,
  InsufficientFundsException,
  MarketClosedException,
  OrderBook,
  OrderNotFoundException,
  OrderRejectedException,
  SeededRandom,
  asClientOrderId,
  asCorrelationId,
  createAssetId,
  type Fill,
  type Instrument,
  type InstrumentId,
  type LimitOrderRequest,
  type OrderRequest,
  type OrderUpdate,
  type RiskApproved,
} from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import type { MarketDataFeed, MarketDataListener, PublicExchange } from '@cex-arbitrage/exchanges'
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-instrument.js'
import { PaperExchange } from './paper-exchange.js'
import type { PaperSettings } from './paper-settings.js'

const instrument = createTestInstrument()
const usdt = createAssetId('USDT')
const settings: PaperSettings = {
  latencyMs: 40,
  latencyJitterMs: 0,
  partialFillShare: 0,
  rejectShare: 0,
  balances: new Map([
    [instrument.base, Decimal.of(10)],
    [instrument.quote, Decimal.of(100_000)],
  ]),
}

/** A live book that the spec moves. */
class Market implements Pick<MarketDataFeed, 'addListener' | 'removeListener' | 'book'> {
  readonly live = new OrderBook(instrument)
  private readonly listeners = new Set<MarketDataListener>()

  addListener(listener: MarketDataListener): void {
    this.listeners.add(listener)
  }
  removeListener(listener: MarketDataListener): void {
    this.listeners.delete(listener)
  }
  book(id: InstrumentId): OrderBook | undefined {
    return id === instrument.id ? this.live : undefined
  }
  set(bid: string, ask: string, quantity = '1'): void {
    const changes = new BookChanges(8)
    const lots = instrument.quantityToLots(Decimal.parse(quantity), 'exact')
    changes.priceTicks.set([
      instrument.priceToTicks(Decimal.parse(bid), 'exact'),
      instrument.priceToTicks(Decimal.parse(ask), 'exact'),
    ])
    changes.quantityLots.set([lots, lots])
    changes.bidEnd = 1
    changes.askEnd = 2
    this.live.load(changes)
    this.live.trust = 'trusted'
    for (const listener of this.listeners) listener.onBook(this.live)
  }
}

let clock: ManualClock
let market: Market
let paper: PaperExchange
let fills: Fill[]
let updates: OrderUpdate[]
let orders = 0

beforeEach(async () => {
  await open(settings)
})

async function open(chosen: PaperSettings): Promise<void> {
  clock = new ManualClock()
  market = new Market()
  market.set('99', '100')
  fills = []
  updates = []
  const publicExchange = {
    exchange: instrument.exchange,
    marketType: 'spot',
    capabilities: {},
    marketData: market,
    close: () => Promise.resolve(),
  } as unknown as PublicExchange
  paper = new PaperExchange({ publicExchange, clock, random: new SeededRandom(1), settings: chosen })
  await paper.account.open([instrument], {
    onFill: (fill) => fills.push(fill),
    onOrder: (update) => updates.push(update),
    onBalance: () => undefined,
    onConnected: () => undefined,
    onDisconnected: () => undefined,
  })
}

function limit(
  side: 'buy' | 'sell',
  price: string,
  quantity: string,
  execution: LimitOrderRequest['execution'] = { timeInForce: 'ioc' },
): LimitOrderRequest {
  return {
    type: 'limit',
    instrument,
    clientOrderId: asClientOrderId(`arb${++orders}`),
    correlationId: asCorrelationId('c'),
    side,
    priceTicks: instrument.priceToTicks(Decimal.parse(price), 'exact'),
    quantityLots: instrument.quantityToLots(Decimal.parse(quantity), 'exact'),
    execution,
  }
}

/** Sends, lets the latency pass, and gives what came of it. */
async function send(order: OrderRequest): Promise<OrderUpdate | Error> {
  const sent = paper.orders.submitOrder(order as RiskApproved<OrderRequest>).catch((error: Error) => error)
  await clock.advance(100)
  const result = await sent
  return result instanceof Error ? result : updates.at(-1)!
}

async function settled<T>(promise: Promise<T>): Promise<T> {
  const caught = promise.catch((error: Error) => error)
  await clock.advance(100)
  const result = await caught
  if (result instanceof Error) throw result
  return result as T
}

const balance = async (of: Instrument['base']): Promise<string> => {
  const found = (await paper.fetchBalances()).find(({ asset }) => asset === of)!
  return `${found.free.toString()}+${found.locked.toString()}`
}

describe('PaperExchange', () => {
  it('fills an immediate order from the live book as it is after the latency', async () => {
    const sent = paper.orders.submitOrder(limit('buy', '100', '0.5') as unknown as RiskApproved<OrderRequest>)
    market.set('98', '99.5')
    await clock.advance(100)
    expect(await sent).toMatchObject({ exchangeOrderId: 'paper-1' })
    expect(fills.map(({ price, quantity }) => [price.toString(), quantity.toString()])).toEqual([['99.5', '0.5']])
    expect(updates.at(-1)).toMatchObject({ status: 'filled' })
  })

  it('cancels what an immediate order did not find, and a fill-or-kill as a whole', async () => {
    expect(await send(limit('buy', '100', '2'))).toMatchObject({ status: 'cancelled', reason: 'ioc' })
    expect(fills).toHaveLength(1)
    expect(await send(limit('sell', '99', '2', { timeInForce: 'fok' }))).toMatchObject({
      status: 'cancelled',
      reason: 'fok',
    })
    expect(fills).toHaveLength(1)
    expect(await send(limit('sell', '100', '1'))).toMatchObject({ status: 'cancelled' })
  })

  it('keeps a resting order until the market comes to it, with its funds locked', async () => {
    await send(limit('sell', '101', '1', { timeInForce: 'gtc', postOnly: false }))
    expect(await balance(instrument.base)).toBe('9+1')
    expect(await settled(paper.orders.fetchOpenOrders(instrument))).toHaveLength(1)
    market.set('101.5', '102', '0.4')
    expect(fills.at(-1)).toMatchObject({ role: 'maker' })
    expect(fills.at(-1)!.price.toString()).toBe('101')
    expect(await balance(instrument.base)).toBe('9+0.6')
    market.set('101', '102')
    expect(updates.at(-1)).toMatchObject({ status: 'filled' })
    expect(await balance(instrument.base)).toBe('9+0')
  })

  it('refuses to take with a post-only order, and cancels by either id', async () => {
    expect(await send(limit('buy', '100', '1', { timeInForce: 'gtc', postOnly: true }))).toMatchObject({
      status: 'cancelled',
      reason: 'post_only',
    })
    const order = limit('buy', '90', '1', { timeInForce: 'gtc', postOnly: true })
    await send(order)
    await settled(paper.orders.cancelOrder({ instrument, clientOrderId: order.clientOrderId }))
    expect(updates.at(-1)).toMatchObject({ status: 'cancelled', reason: 'requested' })
    await expect(settled(paper.orders.cancelOrder({ instrument, clientOrderId: order.clientOrderId }))).rejects.toThrow(
      OrderNotFoundException,
    )
    await send(limit('buy', '90', '1', { timeInForce: 'gtc', postOnly: true }))
    await settled(paper.orders.cancelAllOrders(instrument))
    expect(await settled(paper.orders.fetchOpenOrders(instrument))).toEqual([])
  })

  it('spends an amount on a market buy and sells a quantity', async () => {
    const common = { type: 'market', instrument, correlationId: asCorrelationId('c') } as const
    await send({ ...common, side: 'buy', quoteAmount: Decimal.of(50), clientOrderId: asClientOrderId('m1') })
    expect(updates.at(-1)).toMatchObject({ status: 'filled' })
    expect(updates.at(-1)!.filledQuantity.toString()).toBe('0.5')
    await send({ ...common, side: 'sell', quantityLots: instrument.lotStep, clientOrderId: asClientOrderId('m2') })
    expect(fills.at(-1)!.price.toString()).toBe('99')
  })

  it('books fills and fees so that balances are exact', async () => {
    await send(limit('buy', '100', '1'))
    const [fill] = fills
    const spent = Decimal.of(100).plus(fill!.feeAsset === usdt ? fill!.fee : Decimal.zero)
    expect(await balance(instrument.quote)).toBe(`${Decimal.of(100_000).minus(spent).toString()}+0`)
    expect(await settled(paper.orders.fetchFills({ instrument }))).toEqual(fills)
    expect(await settled(paper.orders.fetchFills({ instrument, fromMs: Number.MAX_SAFE_INTEGER }))).toEqual([])
  })

  it('answers queries by both ids and knows no order that never was', async () => {
    const order = limit('buy', '100', '1')
    await send(order)
    expect(await settled(paper.orders.fetchOrder({ instrument, clientOrderId: order.clientOrderId }))).toMatchObject({
      status: 'filled',
    })
    expect(
      await settled(paper.orders.fetchOrder({ instrument, clientOrderId: asClientOrderId('other') })),
    ).toBeUndefined()
  })

  it('refuses without funds and without a trusted book', async () => {
    expect(await send(limit('sell', '99', '11'))).toBeInstanceOf(InsufficientFundsException)
    market.live.quarantine('gap')
    expect(await send(limit('sell', '99', '1'))).toBeInstanceOf(MarketClosedException)
  })

  it('refuses and fills in part as often as it is told', async () => {
    await open({ ...settings, rejectShare: 1 })
    expect(await send(limit('sell', '99', '1'))).toBeInstanceOf(OrderRejectedException)
    await open({ ...settings, partialFillShare: 1 })
    expect(await send(limit('sell', '99', '1'))).toMatchObject({ status: 'cancelled', reason: 'ioc' })
    expect(fills[0]!.quantity.lessThan(Decimal.one)).toBe(true)
  })

  it('has no dead-man switch, takes every trade, and closes', async () => {
    await expect(paper.orders.renewDeadManSwitch()).rejects.toThrow('dead-man switch')
    expect(() => paper.orders.admitTrade().release()).not.toThrow()
    expect(await paper.fetchKeyRights()).toMatchObject({ canTrade: true, canWithdraw: false })
    expect(await paper.fetchFees(instrument)).toBe(instrument.fees)
    await paper.close()
    expect(paper.account.connected).toBe(false)
  })
})
