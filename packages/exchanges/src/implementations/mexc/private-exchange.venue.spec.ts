import {
  Decimal,
  OrderOutcomeUnknownException,
  UniqueIdSource,
  isFinalOrderStatus,
  silentLogger,
  systemClock,
  systemRandom,
  type Balance,
  type Fill,
  type LimitOrderRequest,
  type OrderRequest,
  type OrderUpdate,
  type RiskApproved,
  type Side,
} from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import type { HttpTransport } from '@cex-arbitrage/networking'
import { createMexcVenue, type MexcVenueOptions, type VenueHost } from '@cex-arbitrage/simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { ComponentRegistry } from '../../factory/component-registry.js'
import { FactoryManager } from '../../factory/factory-manager.js'
import { createSpoilingNetwork } from '../../testing/spoiling-network.js'
import { mexcExchangeId, registerExchange } from './index.js'

const submitOptions = { ackTimeoutMs: 2_000, purpose: 'open' } as const
const approved = (order: OrderRequest) => order as RiskApproved<OrderRequest>

describe('the MEXC account against a local venue', () => {
  const closers: (() => Promise<void>)[] = []

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  const start = async (options: MexcVenueOptions = {}) => {
    const venue = createMexcVenue({ seed: 7, market: { kind: 'manual' }, ...options })
    const address = await venue.start()
    closers.push(() => venue.close())
    const network = createSpoilingNetwork(systemClock, systemRandom)
    const transports: HttpTransport[] = []
    const createTransport = (origin: string): HttpTransport => {
      const transport = network.createTransport(origin)
      transports.push(transport)
      return transport
    }
    const manager = new FactoryManager(new ComponentRegistry(), () => ({
      clock: systemClock,
      network: { ...network, createTransport },
      random: systemRandom,
      logger: silentLogger,
      restUrl: address.origin,
      webSocketUrl: address.ws,
      credentials: { apiKey: { reveal: () => address.apiKey }, secret: { reveal: () => address.secret } },
    }))
    closers.push(() => manager.close())
    manager.register(registerExchange)
    const instruments = await manager.publicExchange(mexcExchangeId, 'spot').fetchInstruments()
    const instrument = instruments.find(({ symbol }) => symbol === 'BTC/USDT')!
    const exchange = manager.privateExchange(mexcExchangeId, 'spot')
    const orders: OrderUpdate[] = []
    const fills: Fill[] = []
    const balances = new Map<string, Balance>()
    const events: string[] = []
    await exchange.account.open([instrument], {
      onOrder: (update) => void orders.push(update),
      onFill: (fill) => void fills.push(fill),
      onBalance: (balance) => void balances.set(balance.asset, balance),
      onConnected: () => void events.push('connected'),
      onDisconnected: () => void events.push('disconnected'),
    })
    rest(venue, 'buy', '59999', '0.5')
    rest(venue, 'sell', '60001', '0.5')
    const ids = new UniqueIdSource('arb', systemClock, systemRandom)
    const limit = (side: Side, price: string, quantity: string, execution: LimitOrderRequest['execution']) =>
      approved({
        instrument,
        clientOrderId: ids.nextClientOrderId(),
        correlationId: ids.nextCorrelationId(),
        type: 'limit',
        side,
        priceTicks: instrument.priceToTicks(Decimal.parse(price), 'exact'),
        quantityLots: instrument.quantityToLots(Decimal.parse(quantity), 'exact'),
        execution,
      })
    return { venue, exchange, instrument, orders, fills, balances, events, ids, limit, transports }
  }

  const rest = (venue: VenueHost, side: Side, price: string, quantity: string): void => {
    const symbol = venue.core.symbols.get('BTC/USDT')!
    const order = { accountId: 'house', symbol: symbol.name, side, kind: 'limit', timeInForce: 'gtc' } as const
    const priceTicks = Number(Decimal.parse(price).stepsOf(symbol.tickSize, 'exact'))
    const quantityLots = Number(Decimal.parse(quantity).stepsOf(symbol.lotSize, 'exact'))
    venue.core.place({ ...order, priceTicks, quantityLots })
  }

  const fetchTruth = (venue: VenueHost, clientOrderId: string) =>
    venue.truth().orders.find((order) => order.clientOrderId === clientOrderId)!
  const lastState = (orders: readonly OrderUpdate[], clientOrderId: string): OrderUpdate | undefined =>
    orders.findLast((update) => update.clientOrderId === clientOrderId)

  it('has connections that stand for the first order once the account is open', async () => {
    const { transports } = await start()
    expect(Math.max(...transports.map(({ spareCount }) => spareCount))).toBeGreaterThan(0)
  })

  it.each([
    ['a limit order that rests', 'buy', '59000', { timeInForce: 'gtc', postOnly: false }, 'open', '0'],
    ['a post-only order that rests', 'sell', '61000', { timeInForce: 'gtc', postOnly: true }, 'open', '0'],
    ['a post-only order that would take', 'buy', '60100', { timeInForce: 'gtc', postOnly: true }, 'cancelled', '0'],
    ['an IOC that fills', 'buy', '60100', { timeInForce: 'ioc' }, 'filled', '0.01'],
    ['an IOC that cannot', 'buy', '59000', { timeInForce: 'ioc' }, 'cancelled', '0'],
    ['a FOK that fills', 'sell', '59900', { timeInForce: 'fok' }, 'filled', '0.01'],
    ['a FOK that cannot', 'sell', '61000', { timeInForce: 'fok' }, 'cancelled', '0'],
  ] as const)('places %s', async (_, side, price, execution, status, filled) => {
    const { venue, exchange, orders, instrument, limit } = await start()
    const order = limit(side, price, '0.01', execution)
    const { exchangeOrderId } = await exchange.orders.submitOrder(order, submitOptions)
    const { clientOrderId } = order
    await waitFor(() => lastState(orders, clientOrderId)?.status === status, `the state ${status}`)
    for (const reference of [
      { instrument, clientOrderId },
      { instrument, exchangeOrderId },
    ]) {
      const queried = await exchange.orders.fetchOrder(reference)
      expect(queried).toMatchObject({ status, exchangeOrderId, clientOrderId, side })
      expect(queried!.filledQuantity.toString()).toBe(filled)
    }
    expect(fetchTruth(venue, clientOrderId).filledQuantity).toBe(filled)
    const open = await exchange.orders.fetchOpenOrders(instrument)
    expect(open.length).toBe(status === 'open' ? 1 : 0)
  })

  it('tells fills with their fees, the same from stream and query, and balances to the last unit', async () => {
    const { venue, exchange, instrument, fills, balances, limit } = await start()
    const order = limit('buy', '60100', '0.6', { timeInForce: 'ioc' })
    const { exchangeOrderId } = await exchange.orders.submitOrder(order, submitOptions)
    await waitFor(() => fills.length === 1, 'the fill')
    const queried = await exchange.orders.fetchFills({ instrument, exchangeOrderId })
    const keyOf = ({ fillId, quantity, price, fee, feeAsset, role }: Fill): string =>
      [fillId, quantity, price, fee, feeAsset, role].join(' ')
    expect(queried.map(keyOf)).toEqual(fills.map(keyOf))
    const truth = fetchTruth(venue, order.clientOrderId)
    const assets = venue.truth().accounts[truth.accountId]!
    expect(truth.fills[0]).toMatchObject({ fee: fills[0]!.fee.toString(), feeAsset: fills[0]!.feeAsset })
    const answered = await exchange.fetchBalances()
    for (const asset of ['BTC', 'USDT'] as const) {
      const held = answered.find((balance) => balance.asset === asset)!
      expect({ free: held.free.toString(), locked: held.locked.toString() }).toEqual(assets[asset])
      await waitFor(
        () => balances.get(asset)?.free.toString() === assets[asset]!.free,
        `the pushed balance of ${asset}`,
      )
    }
  })

  it('sends market orders both ways', async () => {
    const { venue, exchange, instrument, orders, ids } = await start()
    const head = () => ({
      instrument,
      clientOrderId: ids.nextClientOrderId(),
      correlationId: ids.nextCorrelationId(),
      type: 'market' as const,
    })
    const buy = approved({ ...head(), side: 'buy', quoteAmount: Decimal.parse('600.01') })
    const sell = approved({
      ...head(),
      side: 'sell',
      quantityLots: instrument.quantityToLots(Decimal.parse('0.02'), 'exact'),
    })
    for (const order of [buy, sell]) {
      await exchange.orders.submitOrder(order, submitOptions)
      const isFinal = (): boolean => isFinalOrderStatus(lastState(orders, order.clientOrderId)?.status ?? 'open')
      await waitFor(isFinal, 'the end of the order')
      const update = lastState(orders, order.clientOrderId)!
      const truth = fetchTruth(venue, order.clientOrderId)
      expect(update.filledQuantity.toString()).toBe(truth.filledQuantity)
      expect(update.filledNotional.toString()).toBe(truth.filledNotional)
      expect(update.filledQuantity.isZero).toBe(false)
      expect(update.price).toBeUndefined()
    }
  })

  it('cancels one order and all of them', async () => {
    const { exchange, instrument, orders, limit } = await start()
    const placed = [1, 2, 3].map((i) =>
      limit('buy', String(59_000 + i), '0.01', { timeInForce: 'gtc', postOnly: true }),
    )
    for (const order of placed) await exchange.orders.submitOrder(order, submitOptions)
    await exchange.orders.cancelOrder({ instrument, clientOrderId: placed[0]!.clientOrderId })
    await waitFor(() => lastState(orders, placed[0]!.clientOrderId)?.status === 'cancelled', 'the cancelled order')
    await exchange.orders.cancelAllOrders(instrument)
    await waitFor(() => placed.every((order) => lastState(orders, order.clientOrderId)?.status === 'cancelled'), 'all')
    await expect(
      exchange.orders.cancelOrder({ instrument, clientOrderId: placed[0]!.clientOrderId }),
    ).rejects.toMatchObject({
      code: 'ORDER_NOT_FOUND',
    })
    const never = { instrument, clientOrderId: placed[0]!.clientOrderId.replace('arb', 'xyz') as never }
    expect(await exchange.orders.fetchOrder(never)).toBeUndefined()
  })

  it.each([
    ['the acknowledgement is lost', { kind: 'lost_acknowledgement' }],
    ['a 503 follows the acceptance', { kind: 'error_after' }],
    ['the answer is cut short', { kind: 'response_truncate' }],
    ['a 503 comes in place of the acceptance', { kind: 'error_before' }],
  ] as const)('leaves the outcome open when %s, and a query settles it', async (_, { kind }) => {
    const { venue, exchange, instrument, limit } = await start()
    await exchange.orders.fetchOpenOrders(instrument)
    venue.faults.add({ kind, route: 'POST */api/v3/order', count: 1 })
    const order = limit('buy', '59000', '0.01', { timeInForce: 'gtc', postOnly: false })
    await expect(exchange.orders.submitOrder(order, submitOptions)).rejects.toThrow(OrderOutcomeUnknownException)
    const settled = await exchange.orders.fetchOrder({ instrument, clientOrderId: order.clientOrderId })
    expect(settled?.status).toBe(kind === 'error_before' ? undefined : 'open')
    const arrived = venue.truth().orders.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId)
    expect(arrived.length).toBe(kind === 'error_before' ? 0 : 1)
  })

  it('comes back after its stream broke and after its listen key ended', async () => {
    const { venue, exchange, events, orders, limit } = await start()
    venue.faults.add({ kind: 'disconnect', scope: 'private', count: 1 })
    await waitFor(() => events.length === 3, 'the reconnect')
    venue.faults.add({ kind: 'session_expiry', count: 1 })
    await waitFor(() => events.length === 5, 'the connection with a new key', 10_000)
    expect(events).toEqual(['connected', 'disconnected', 'connected', 'disconnected', 'connected'])
    const order = limit('buy', '59000', '0.01', { timeInForce: 'gtc', postOnly: false })
    await exchange.orders.submitOrder(order, submitOptions)
    await waitFor(() => lastState(orders, order.clientOrderId)?.status === 'open', 'the order on the new stream')
  })

  it('stamps by the clock of the venue, also after that has been set', async () => {
    const { venue, exchange, instrument, limit } = await start()
    venue.faults.add({ kind: 'clock_skew', offsetMs: 90_000 })
    const open = (): Promise<unknown> => exchange.orders.fetchOpenOrders(instrument)
    await waitFor(
      () =>
        open().then(
          () => true,
          () => false,
        ),
      'a call after the step',
    )
    const order = limit('buy', '59000', '0.01', { timeInForce: 'gtc', postOnly: false })
    expect(await exchange.orders.submitOrder(order, submitOptions)).toMatchObject({
      clientOrderId: order.clientOrderId,
    })
  })

  it('knows the rights of its key', async () => {
    const { exchange, instrument } = await start()
    expect(await exchange.fetchKeyRights()).toMatchObject({ canTrade: true })
    expect((await exchange.fetchFees(instrument)).assetRule).toBe('quote')
  })
})
