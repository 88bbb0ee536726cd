import {
  asClientOrderId,
  asCorrelationId,
  asExchangeOrderId,
  createExchangeId,
  Decimal,
  SeededRandom,
  silentLogger,
  systemClock,
  type Fill,
  type Instrument,
  type LimitOrderRequest,
  type OrderRequest,
  type OrderUpdate,
  type RiskApproved,
} from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { BaseExchangeFactory, ComponentRegistry, FactoryManager, type ExchangeContext } from '@cex-arbitrage/exchanges'
import { createHummingbotVenue } from '@cex-arbitrage/simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { hummingbotExchangeId } from '../client/hummingbot-exception.js'
import { registerExchange, registerHummingbotVenue } from './register-exchange.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const secret = (text: string) => ({ reveal: () => text })
const options = {
  venue: 'binance',
  immediateMs: 20,
  framesPerSecond: 1_000,
  instruments: [{ symbol: 'ETH/USDT', tickSize: '0.01', lotSize: '0.0001', minNotional: '5', takerFee: '0.001' }],
}

/** Hummingbot as an exchange, from the registry, in front of a simulated server. */
async function setUp(change: Partial<ExchangeContext> = {}) {
  const keys = [{ key: 'trade-key', secret: 'trade-secret', permission: 'trade' as const }]
  const accounts = [{ id: 'trader', uid: 1, keys, balances: { USDT: '100000', ETH: '50' } }]
  const venue = createHummingbotVenue({ market: { kind: 'manual' }, accounts, seed: 3 })
  const { ws } = await venue.start()
  closers.push(() => venue.close())
  const quote = (side: 'buy' | 'sell', priceTicks: number, quantityLots: number): void => {
    const order = { accountId: 'house', symbol: 'ETH/USDT', side, priceTicks, quantityLots } as const
    venue.core.place({ ...order, kind: 'limit', timeInForce: 'gtc' })
  }
  quote('sell', 300_100, 10_000)
  quote('buy', 300_000, 10_000)
  const context: ExchangeContext = {
    clock: systemClock,
    random: new SeededRandom(5),
    logger: silentLogger,
    webSocketUrl: ws,
    credentials: { apiKey: secret('trade-key'), secret: secret('') },
    options,
    ...change,
  }
  const create = () => {
    const registry = new ComponentRegistry()
    registerExchange(registry)
    const factory = new BaseExchangeFactory(hummingbotExchangeId, registry, context)
    closers.push(() => factory.close())
    return { publicExchange: factory.publicExchange('spot'), privateExchange: factory.privateExchange('spot') }
  }
  const { publicExchange, privateExchange } = create()
  const [instrument] = await publicExchange.fetchInstruments()
  const orders: OrderUpdate[] = []
  const fills: Fill[] = []
  const life: string[] = []
  const open = () =>
    privateExchange.account.open([instrument!], {
      onOrder: (update) => void orders.push(update),
      onFill: (fill) => void fills.push(fill),
      onBalance: () => undefined,
      onConnected: () => void life.push('connected'),
      onDisconnected: () => void life.push('disconnected'),
    })
  return {
    venue,
    quote,
    publicExchange,
    privateExchange,
    instrument: instrument!,
    orders,
    fills,
    life,
    open,
    again: create,
  }
}

let next = 0
/** As the risk gate would hand it over. */
function approve(order: Omit<OrderRequest, 'clientOrderId' | 'correlationId'>): RiskApproved<OrderRequest> {
  const ids = { clientOrderId: asClientOrderId(`cid-${++next}`), correlationId: asCorrelationId('c') }
  return { ...order, ...ids } as RiskApproved<OrderRequest>
}

const limit = (
  instrument: Instrument,
  side: 'buy' | 'sell',
  priceTicks: number,
  execution: LimitOrderRequest['execution'] = { timeInForce: 'gtc', postOnly: false },
) => approve({ type: 'limit', instrument, side, priceTicks, quantityLots: 1_000, execution } as never)

const submitOptions = { ackTimeoutMs: 3_000, purpose: 'open' } as const

describe('Hummingbot in the registry', () => {
  it('registers as one exchange, and further venues under names of their own', async () => {
    const registry = new ComponentRegistry()
    registerExchange(registry)
    const other = createExchangeId('hummingbot-kucoin')
    registerHummingbotVenue(registry, other)
    expect(registry.exchanges).toEqual([hummingbotExchangeId, other])
    expect(() => registerExchange(registry)).toThrow('registered already')
    const manager = new FactoryManager(new ComponentRegistry(), () => ({}) as never)
    await manager.loadPlugin('@cex-arbitrage/hummingbot')
    expect(manager.registry.exchanges).toEqual([hummingbotExchangeId])
  })

  it.each([
    ['no key', { credentials: undefined }, 'needs an API key'],
    ['an address that is none', { webSocketUrl: 'http://localhost' }, 'no address of a Hummingbot server'],
    ['no instruments', { options: { venue: 'x', instruments: [] } }, 'options.instruments'],
    [
      'a grid of zero',
      { options: { ...options, instruments: [{ symbol: 'A/B', tickSize: 0, lotSize: 1 }] } },
      'positive',
    ],
    [
      'a symbol that is none',
      { options: { ...options, instruments: [{ symbol: 'AB', tickSize: 1, lotSize: 1 }] } },
      'AB',
    ],
  ])('refuses %s', async (_, change, text) => {
    await expect(setUp(change as Partial<ExchangeContext>)).rejects.toThrow(text)
  })

  it('says what it lacks', async () => {
    const { publicExchange, privateExchange } = await setUp()
    expect(publicExchange.capabilities).toMatchObject({
      sequencedBooks: false,
      timesInForce: ['gtc', 'ioc'],
      postOnly: false,
    })
    expect(publicExchange.capabilities.queryByClientOrderId).toBe(false)
    await privateExchange.fetchKeyRights()
    expect(privateExchange.capabilities).toMatchObject({ queryByClientOrderId: true, deadManSwitch: false })
    expect(publicExchange.exchange).toBe(privateExchange.exchange)
  })
})

describe('market data', () => {
  it('keeps a book from whole lists, trusted while the connection stands', async () => {
    const { venue, quote, publicExchange, instrument } = await setUp()
    const { marketData } = publicExchange
    const trusts: string[] = []
    const trades: string[] = []
    const listener = {
      onBook: (book: { trust: string }) => void trusts.push(book.trust),
      onTrade: (trade: { side: string }) => void trades.push(trade.side),
    }
    marketData.addListener(listener)
    await marketData.subscribe([instrument])
    const book = marketData.book(instrument.id)!
    await waitFor(() => book.trust === 'trusted', 'the book')
    expect([book.bids.priceTicksAt(0), book.asks.priceTicksAt(0)]).toEqual([300_000, 300_100])
    quote('buy', 300_050, 500)
    await waitFor(() => book.bids.priceTicksAt(0) === 300_050, 'the change')
    quote('sell', 300_050, 500)
    await waitFor(() => trades.length > 0, 'the trade')
    const { version } = book
    venue.faults.add({ kind: 'disconnect', count: 1 })
    await waitFor(() => trusts.includes('quarantined'), 'the quarantine')
    await waitFor(() => marketData.health.epoch === 2, 'the reconnect')
    quote('buy', 300_060, 500)
    await waitFor(() => book.trust === 'trusted' && book.version > version, 'the book again')
    expect(marketData.health).toMatchObject({ connected: true, reconnects: 1, corruptFrames: 0 })
    expect(marketData.health.books).toMatchObject({ quarantines: 1, resyncs: 1 })
    await marketData.unsubscribe([instrument])
    expect(marketData.book(instrument.id)).toBeUndefined()
    marketData.removeListener(listener)
  })

  it('answers what the protocol can, and refuses the rest', async () => {
    const { publicExchange, instrument } = await setUp()
    const snapshot = await publicExchange.fetchOrderBook(instrument, 5)
    expect(snapshot.bids[0]!.price.toString()).toBe('3000')
    expect((await publicExchange.fetchTicker(instrument)).bestAsk?.toString()).toBe('3001')
    expect((await publicExchange.fetchServerTime()).roundTripMs).toBeGreaterThanOrEqual(0)
    const capability = { code: 'EXCHANGE_CAPABILITY_MISSING' }
    await expect(publicExchange.fetchTrades(instrument)).rejects.toMatchObject(capability)
    await expect(publicExchange.fetchCandles(instrument, { interval: '1m' })).rejects.toMatchObject(capability)
  })
})

describe('what does not fit', () => {
  it('quarantines a book that does not lie on the grid, and counts it', async () => {
    const coarse = { ...options, instruments: [{ ...options.instruments[0], tickSize: '7' }] }
    const { publicExchange, instrument } = await setUp({ options: coarse })
    const { marketData } = publicExchange
    marketData.addListener({ onBook: () => undefined })
    await marketData.subscribe([instrument])
    await waitFor(() => marketData.health.corruptFrames > 0, 'the corrupt book')
    expect(marketData.book(instrument.id)).toMatchObject({ trust: 'quarantined' })
  })

  it('shows a deep book as far as it holds, and takes a server at the usual address', async () => {
    const tuned = { ...options, requestTimeoutMs: 300, maxInFlight: 2, instruments: options.instruments }
    const { publicExchange, instrument, quote } = await setUp({ options: tuned })
    for (let i = 1; i <= 20; i++) quote('buy', 300_000 - i, 100)
    const book = await publicExchange.fetchOrderBook(instrument, 20)
    expect(book.bids).toHaveLength(20)
    const registry = new ComponentRegistry()
    registerExchange(registry)
    for (const webSocketUrl of [undefined, 'wss://example.com/ws', 'ws://[::1]/ws']) {
      const context = { clock: systemClock, random: new SeededRandom(1), logger: silentLogger, options }
      const factory = new BaseExchangeFactory(hummingbotExchangeId, registry, {
        ...context,
        credentials: { apiKey: secret('k-trade'), secret: secret('') },
        ...(webSocketUrl !== undefined && { webSocketUrl }),
      })
      expect(factory.publicExchange('spot').exchange).toBe(hummingbotExchangeId)
      await factory.close()
    }
  })

  it('goes on cancelling the rest of an immediate order while the server fails', async () => {
    const { privateExchange, instrument, orders, venue, open } = await setUp({
      options: { ...options, immediateMs: 2, requestTimeoutMs: 200 },
    })
    await open()
    venue.faults.add({ kind: 'error_before', route: 'WS cancel_order', count: 2 })
    await privateExchange.orders.submitOrder(limit(instrument, 'buy', 290_000, { timeInForce: 'ioc' }), submitOptions)
    await waitFor(() => orders.some(({ status }) => status === 'cancelled'), 'the end of the rest', 10_000)
  })

  it('passes on a server that fails, for orders and questions', async () => {
    const { privateExchange, instrument, venue } = await setUp({ options: { ...options, requestTimeoutMs: 100 } })
    await privateExchange.orders.submitOrder(limit(instrument, 'buy', 290_000), submitOptions)
    venue.faults.add({ kind: 'error_before', route: 'WS cancel_order' })
    await expect(privateExchange.orders.cancelAllOrders(instrument)).rejects.toThrow()
    venue.faults.clear()
    const stranger = asExchangeOrderId('nothing')
    expect(await privateExchange.orders.fetchOrder({ instrument, exchangeOrderId: stranger })).toBeUndefined()
    await privateExchange.orders.cancelAllOrders(instrument)
    expect(await privateExchange.orders.fetchFills({ instrument, fromMs: 0 })).toEqual([])
  })
})

describe('orders and account', () => {
  it('submits, shows, finds and cancels a resting order', async () => {
    const { privateExchange, instrument, orders, open, life } = await setUp()
    await open()
    expect(life).toEqual(['connected'])
    const order = limit(instrument, 'buy', 290_000)
    const ack = await privateExchange.orders.submitOrder(order, submitOptions)
    expect(ack.clientOrderId).toBe(order.clientOrderId)
    await waitFor(() => orders.length > 0, 'the update')
    expect(orders[0]).toMatchObject({ clientOrderId: order.clientOrderId, status: 'open', side: 'buy' })
    const { clientOrderId } = order
    expect(await privateExchange.orders.fetchOrder({ instrument, clientOrderId })).toMatchObject({ status: 'open' })
    expect(await privateExchange.orders.fetchOpenOrders(instrument)).toHaveLength(1)
    const balances = await privateExchange.fetchBalances()
    expect(balances.find(({ asset }) => asset === 'USDT')?.locked.sign).toBe(1)
    await privateExchange.orders.cancelOrder({ instrument, clientOrderId })
    await waitFor(() => orders.at(-1)?.status === 'cancelled', 'the end')
    await expect(privateExchange.orders.cancelOrder({ instrument, clientOrderId })).rejects.toMatchObject({
      code: 'ORDER_NOT_FOUND',
    })
    await privateExchange.orders.submitOrder(limit(instrument, 'buy', 290_000), submitOptions)
    await privateExchange.orders.cancelAllOrders(instrument)
    expect(await privateExchange.orders.fetchOpenOrders(instrument)).toEqual([])
    const unknown = asClientOrderId('nobody')
    expect(await privateExchange.orders.fetchOrder({ instrument, clientOrderId: unknown })).toBeUndefined()
    await expect(privateExchange.orders.cancelOrder({ instrument, clientOrderId: unknown })).rejects.toMatchObject({
      code: 'ORDER_NOT_FOUND',
    })
  })

  it('fills an immediate order, and cancels what is left of it', async () => {
    const { privateExchange, instrument, orders, fills, open } = await setUp()
    await open()
    const taker = limit(instrument, 'buy', 300_100, { timeInForce: 'ioc' })
    await privateExchange.orders.submitOrder(taker, submitOptions)
    await waitFor(() => fills.length > 0 && orders.some(({ status }) => status === 'filled'), 'the fill')
    expect(fills[0]!.quantity.toString()).toBe('0.1')
    expect(fills[0]!.price.toString()).toBe('3001')
    expect([fills[0]!.fee.toString(), fills[0]!.feeAsset]).toEqual(['0.0001', 'ETH'])
    const rest = limit(instrument, 'buy', 290_000, { timeInForce: 'ioc' })
    const { exchangeOrderId } = await privateExchange.orders.submitOrder(rest, submitOptions)
    await waitFor(
      () => orders.some((update) => update.exchangeOrderId === exchangeOrderId && update.status === 'cancelled'),
      'the end of the rest',
    )
    const known = await privateExchange.orders.fetchFills({ instrument })
    expect(known).toHaveLength(1)
    expect(await privateExchange.orders.fetchFills({ instrument, exchangeOrderId })).toEqual([])
  })

  it('waits for trades that are late, so that their price is the true one', async () => {
    const { venue, privateExchange, instrument, fills, open } = await setUp()
    venue.faults.add({ kind: 'delay', channel: 'trade', delayMs: 150 })
    await open()
    const taker = limit(instrument, 'buy', 300_200, { timeInForce: 'ioc' })
    const { exchangeOrderId } = await privateExchange.orders.submitOrder(taker, submitOptions)
    await waitFor(() => fills.length > 0, 'the fill')
    expect(fills[0]!.price.toString()).toBe('3001')
    expect(await privateExchange.orders.fetchFills({ instrument, exchangeOrderId })).toEqual(fills)
  })

  it('makes up what lost trades have filled, once, and tells of it', async () => {
    const { venue, privateExchange, instrument, fills, open } = await setUp({
      options: { ...options, fillGraceMs: 30 },
    })
    venue.faults.add({ kind: 'drop', channel: 'trade' })
    await open()
    const taker = limit(instrument, 'buy', 300_200, { timeInForce: 'ioc' })
    const { exchangeOrderId } = await privateExchange.orders.submitOrder(taker, submitOptions)
    await waitFor(() => fills.length > 0, 'the fill')
    expect([fills[0]!.fillId, fills[0]!.price.toString()]).toEqual([`${exchangeOrderId}#0.1`, '3002'])
    expect(await privateExchange.orders.fetchFills({ instrument })).toEqual(fills)
    expect(await privateExchange.orders.fetchFills({ instrument, exchangeOrderId, known: fills })).toEqual(fills)
  })

  it('makes up no fill of an order of an earlier process that is known already, whole or in part', async () => {
    const first = await setUp({ options: { ...options, fillGraceMs: 0 } })
    const { privateExchange, instrument, fills } = first
    await first.open()
    const taker = limit(instrument, 'buy', 300_100, { timeInForce: 'ioc' })
    const { exchangeOrderId } = await privateExchange.orders.submitOrder(taker, submitOptions)
    await waitFor(() => fills.length > 0, 'the fill')
    const { privateExchange: later } = first.again()
    const [whole] = fills
    const part = { ...whole!, quantity: Decimal.parse('0.04') }
    expect(await later.orders.fetchFills({ instrument })).toEqual([])
    expect(await later.orders.fetchFills({ instrument, exchangeOrderId })).toEqual([])
    await later.orders.fetchFills({ instrument, exchangeOrderId, known: [part] })
    const all = async () =>
      (await later.orders.fetchFills({ instrument, exchangeOrderId })).map((each) => each.quantity)
    await waitFor(async () => (await all()).length === 2, 'the rest')
    expect((await all()).map(String)).toEqual(['0.04', '0.06'])
    const { privateExchange: last } = first.again()
    await last.orders.fetchFills({ instrument, exchangeOrderId, known: fills })
    await last.orders.fetchOrder({ instrument, exchangeOrderId: asExchangeOrderId(exchangeOrderId) })
    expect(await last.orders.fetchFills({ instrument, exchangeOrderId })).toEqual(fills)
  })

  it('refuses what the protocol cannot say, before anything is sent', async () => {
    const { privateExchange, instrument, venue } = await setUp()
    const bad = [
      approve({ type: 'market', instrument, side: 'sell', quantityLots: 1 } as never),
      limit(instrument, 'buy', 290_000, { timeInForce: 'fok' }),
      limit(instrument, 'buy', 290_000, { timeInForce: 'gtc', postOnly: true }),
    ]
    for (const order of bad)
      await expect(privateExchange.orders.submitOrder(order, submitOptions)).rejects.toMatchObject({
        code: 'EXCHANGE_CAPABILITY_MISSING',
      })
    await expect(privateExchange.orders.renewDeadManSwitch(1)).rejects.toMatchObject({
      code: 'EXCHANGE_CAPABILITY_MISSING',
    })
    expect(venue.truth().orders.filter(({ accountId }) => accountId === 'trader')).toEqual([])
    expect(await privateExchange.fetchFees(instrument)).toBe(instrument.fees)
  })

  it('tells a refusal from an order that nobody can tell of', async () => {
    const { privateExchange, instrument, venue } = await setUp()
    const tooBig = { ...limit(instrument, 'buy', 290_000), quantityLots: 100_000_000 } as RiskApproved<OrderRequest>
    await expect(privateExchange.orders.submitOrder(tooBig, submitOptions)).rejects.toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      recovery: 'reject',
    })
    venue.faults.add({ kind: 'lost_acknowledgement', route: 'WS create_order', mode: 'hang' })
    venue.faults.add({ kind: 'request_drop', route: 'WS get_order', mode: 'hang' })
    const lost = limit(instrument, 'buy', 290_000)
    await expect(privateExchange.orders.submitOrder(lost, { ackTimeoutMs: 50, purpose: 'open' })).rejects.toMatchObject(
      { code: 'ORDER_OUTCOME_UNKNOWN', recovery: 'reconcile' },
    )
  })

  it('sets the frames of a trade aside', async () => {
    const { privateExchange } = await setUp({ options: { ...options, framesPerSecond: 10 } })
    const need = { orders: 3, cancels: 3, queries: 0 }
    const permit = privateExchange.orders.admitTrade(need)
    expect(permit).toBeDefined()
    expect(privateExchange.orders.admitTrade(need)).toBeUndefined()
    permit?.release()
    expect(privateExchange.orders.admitTrade(need)).toBeDefined()
  })

  it('tells when the stream breaks and when it stands again', async () => {
    const { privateExchange, venue, life, open } = await setUp()
    await open()
    venue.faults.add({ kind: 'disconnect', count: 1 })
    await waitFor(() => life.length === 3, 'the return')
    expect(life).toEqual(['connected', 'disconnected', 'connected'])
    await privateExchange.account.close()
    expect(privateExchange.account.connected).toBe(false)
  })
})
