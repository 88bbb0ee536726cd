import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { createTestClient, watch } from '../testing/create-test-client.js'
import type { SeenFrame } from '../testing/scripted-server.js'
import type { HummingbotException } from './hummingbot-exception.js'

const market = { exchange: 'binance', market: 'ETH-USD' }
const limitBuy = { ...market, side: 'buy', order_type: 'limit', amount: '1', price: '3000' } as const
const withId = { ...limitBuy, client_order_id: 'cid-1' }
const orderData = {
  order_id: 'o-1',
  symbol: 'ETH-USD',
  exchange: 'binance',
  price: '3000',
  amount: '1',
  side: 'buy',
  type: 'limit',
  status: 'open',
  client_order_id: 'cid-1',
}
const ticker = { timestamp: 1, symbol: 'ETH-USD', exchange: 'binance', bid: '1', ask: '2', last: '1', volume: '0' }
const success = (data: unknown) => ({ status: 'success', data })
const refusal = (message: string, more: object = {}) => ({ status: 'error', message, ...more })
const clockStartMs = new ManualClock().nowMs()

describe('R1 requests and retries', () => {
  it('R1.1 makes at most retryAttempts + 1 attempts', async () => {
    const { client, server, clock } = await createTestClient({ retryAttempts: 2 })
    server.onFrame = (frame) => server.answer(frame, refusal('Server busy'))
    const outcome = watch(client.getTicker(market))
    await clock.advance(10_000)
    expect(server.framesOf('get_ticker')).toHaveLength(3)
    expect(outcome.error).toMatchObject({ attempts: 3 })
  })

  it('R1.2 waits 0.5, 1, 2, 4 s before the next attempt, with jitter only when asked for', async () => {
    const { client, server, clock, startMs } = await createTestClient({ retryAttempts: 4 })
    server.onFrame = (frame) => server.answer(frame, refusal('Server busy'))
    watch(client.getTicker(market))
    await clock.advance(20_000)
    const base = startMs - clockStartMs
    expect(server.timesOf('get_ticker').map((at) => at - base)).toEqual([0, 500, 1_500, 3_500, 7_500])
    const jittery = await createTestClient({ retryAttempts: 1, retryJitter: 0.5, random: { next: () => 1 } })
    jittery.server.onFrame = (frame) => jittery.server.answer(frame, refusal('Server busy'))
    watch(jittery.client.getTicker(market))
    await jittery.clock.advance(20_000)
    expect(jittery.server.timesOf('get_ticker').map((at) => at - base)).toEqual([0, 750])
  })

  it('R1.3 starts the timeout of an attempt when its frame is handed over, not while it waits', async () => {
    const { client, server, clock } = await createTestClient({
      retryAttempts: 0,
      requestTimeoutMs: 500,
      rateLimit: { frames: 1, periodMs: 2_000 },
    })
    await clock.advance(2_000)
    server.onFrame = (frame) => server.answer(frame, success(ticker), 400)
    const first = watch(client.getTicker(market))
    const second = watch(client.getTicker(market))
    await clock.advance(2_400)
    expect([first.value, second.value]).toEqual([ticker, ticker])
  })

  it('R1.4 sends at 0, 5.5, 11.5 and 18.5 s and gives up at 23.5 s by default', async () => {
    const { client, server, clock, startMs } = await createTestClient()
    const outcome = watch(client.getTicker(market))
    await clock.advance(23_499)
    expect(outcome.isSettled).toBe(false)
    await clock.advance(1)
    expect(outcome.isSettled).toBe(true)
    const base = startMs - clockStartMs
    expect(server.timesOf('get_ticker').map((at) => at - base)).toEqual([0, 5_500, 11_500, 18_500])
  })

  it.each([
    ['Rate limit exceeded', 2],
    ['Server busy', 2],
    ['Connection lost to exchange', 2],
  ])('R1.5 retries after %s', async (message, attempts) => {
    const { client, server, clock } = await createTestClient({ retryAttempts: 1 })
    server.onFrame = (frame) => server.answer(frame, refusal(message))
    watch(client.getTicker(market))
    await clock.advance(5_000)
    expect(server.framesOf('get_ticker')).toHaveLength(attempts)
  })

  it('R1.5 retries after a closed socket, on the new one', async () => {
    const { client, server, clock } = await createTestClient()
    const outcome = watch(client.getTicker(market))
    server.cut()
    server.onFrame = (frame) => server.answer(frame, success(ticker))
    await server.open()
    await clock.advance(500)
    expect(outcome.value).toEqual(ticker)
  })

  it.each(['Authentication failed', 'Insufficient funds', 'Order rejected', 'Market closed', 'Strange'])(
    'R1.6 never retries after %s',
    async (message) => {
      const { client, server, clock } = await createTestClient()
      server.onFrame = (frame) => server.answer(frame, refusal(message))
      const outcome = watch(client.getTicker(market))
      await clock.advance(30_000)
      expect(server.framesOf('get_ticker')).toHaveLength(1)
      expect((outcome.error as Error).message).toBe(`Failed to get ticker: ${message}`)
    },
  )

  it('R1.7 gives each attempt a new id and takes a late answer to the first during the backoff', async () => {
    const { client, server, clock } = await createTestClient()
    const outcome = watch(client.getTicker(market))
    await clock.advance(5_100)
    server.answer(server.framesOf('get_ticker')[0]!, success(ticker))
    await clock.advance(0)
    expect(outcome.value).toEqual(ticker)
    await clock.advance(30_000)
    expect(server.framesOf('get_ticker')).toHaveLength(1)
  })

  it('R1.7 takes a late answer to the first during the second attempt', async () => {
    const { client, server, clock } = await createTestClient()
    const outcome = watch(client.getTicker(market))
    await clock.advance(5_600)
    const [first, second] = server.framesOf('get_ticker')
    expect(first!.id).not.toBe(second!.id)
    server.answer(first!, success(ticker))
    await clock.advance(0)
    expect(outcome.value).toEqual(ticker)
    server.answer(second!, success(ticker))
    await clock.advance(30_000)
    expect(server.framesOf('get_ticker')).toHaveLength(2)
  })

  it('R1.7 takes a late refusal too, and leaves one that may pass to the schedule', async () => {
    const { client, server, clock } = await createTestClient()
    const outcome = watch(client.getTicker(market))
    await clock.advance(5_100)
    const [first] = server.framesOf('get_ticker')
    server.answer(first!, refusal('Server busy'))
    await clock.advance(0)
    expect(outcome.isSettled).toBe(false)
    server.answer(first!, refusal('Market closed'))
    await clock.advance(0)
    expect(outcome.error).toMatchObject({ category: 'market_closed' })
  })

  it('R1.8 never retries a ping', async () => {
    const { client, server, clock } = await createTestClient()
    server.answersPings = false
    const outcome = watch(client.ping())
    await clock.advance(20_000)
    expect(outcome.error).toMatchObject({ category: 'connection_error' })
    expect(server.framesOf('ping')).toHaveLength(1)
  })

  it('R1.9 asks for the state when a repeated cancel finds nothing', async () => {
    const { client, server, clock, sink } = await createTestClient()
    const cancels: SeenFrame[] = []
    server.onFrame = (frame) => {
      if (frame.type === 'cancel_order' && cancels.push(frame) === 2)
        server.answer(frame, refusal('Order o-1 not found'))
      if (frame.type === 'get_order') server.answer(frame, success({ ...orderData, status: 'cancelled' }))
    }
    const outcome = watch(client.cancelOrder({ ...market, order_id: 'o-1' }))
    await clock.advance(6_000)
    expect(outcome.value).toEqual({ order_id: 'o-1', cancelled: true })
    expect(sink.told).toMatchObject([{ type: 'ORDER_UPDATE', data: { order_id: 'o-1', status: 'cancelled' } }])
  })

  it('R1.9 reports the real state when the order has filled meanwhile', async () => {
    const { client, server, clock } = await createTestClient()
    let cancels = 0
    server.onFrame = (frame) => {
      if (frame.type === 'cancel_order' && ++cancels === 2) server.answer(frame, refusal('Order o-1 not found'))
      if (frame.type === 'get_order') server.answer(frame, success({ ...orderData, status: 'filled' }))
    }
    const outcome = watch(client.cancelOrder({ ...market, order_id: 'o-1' }))
    await clock.advance(6_000)
    expect((outcome.error as Error).message).toBe('Failed to cancel order: Order o-1 not found; its state is filled')
  })

  it('R1.10 never sends a create again after a timeout or a lost connection without asking', async () => {
    const { client, server, clock } = await createTestClient({}, ['client_order_id'])
    const timedOut = watch(client.createOrder(withId))
    await clock.advance(60_000)
    expect(timedOut.error).toMatchObject({ orderStateUnknown: true, recovery: 'reconcile', retriable: false })
    const lost = watch(client.createOrder({ ...withId, client_order_id: 'cid-2' }))
    server.cut()
    await server.open()
    await clock.advance(60_000)
    expect(lost.error).toMatchObject({ orderStateUnknown: true, clientOrderId: 'cid-2' })
    expect(server.framesOf('create_order')).toHaveLength(2)
  })

  it('R1.11 sends a create again after a rate limit or a send that failed, with the same client order id', async () => {
    const { client, server, clock } = await createTestClient()
    let creates = 0
    server.onFrame = (frame) =>
      server.answer(frame, ++creates === 1 ? refusal('Too many requests') : success(orderData))
    const limited = watch(client.createOrder(limitBuy))
    await clock.advance(1_000)
    expect(limited.value).toMatchObject({ order_id: 'o-1' })
    const ids = server.framesOf('create_order').map((frame) => frame['client_order_id'])
    expect(ids).toEqual([ids[0], ids[0]])
    expect(ids[0]).toMatch(/^[A-Za-z0-9_-]{1,36}$/)
    server.failsSends = 1
    const unsent = watch(client.createOrder(withId))
    await clock.advance(500)
    expect(unsent.value).toMatchObject({ order_id: 'o-1' })
    expect(server.framesOf('get_order')).toEqual([])
  })

  it('R1.12 takes the order that is found after a lost answer, and publishes it once', async () => {
    const { client, server, clock, sink } = await createTestClient({}, ['client_order_id'])
    server.onFrame = (frame) => {
      if (frame.type === 'get_order') server.answer(frame, success(orderData))
    }
    const outcome = watch(client.createOrder(withId))
    await clock.advance(5_000)
    expect(outcome.value).toMatchObject({ order_id: 'o-1' })
    server.answer(server.framesOf('create_order')[0]!, success(orderData))
    await clock.advance(0)
    expect(sink.told.map(({ type }) => type)).toEqual(['ORDER_UPDATE'])
  })

  it('R1.12 sends again with the same id when a server that knows such ids has none', async () => {
    const { client, server, clock } = await createTestClient({}, ['client_order_id'])
    let creates = 0
    server.onFrame = (frame) => {
      if (frame.type === 'get_order')
        server.answer(frame, refusal('Order cid-1 not found', { code: 'order_not_found' }))
      else if (++creates === 2) server.answer(frame, success(orderData))
    }
    const outcome = watch(client.createOrder(withId))
    await clock.advance(5_500)
    expect(outcome.value).toMatchObject({ order_id: 'o-1' })
    expect(server.framesOf('create_order').map((frame) => frame['client_order_id'])).toEqual(['cid-1', 'cid-1'])
  })

  it('R1.12 searches the lists of a server that does not know such ids, and calls the order unknown otherwise', async () => {
    const { client, server, clock, sink } = await createTestClient()
    let isListed = false
    server.onFrame = (frame) => {
      if (frame.type === 'get_open_orders') server.answer(frame, success([]))
      if (frame.type === 'get_order_history') server.answer(frame, success(isListed ? [orderData] : []))
    }
    const lost = watch(client.createOrder(withId))
    await clock.advance(5_000)
    expect(lost.error).toMatchObject({ orderStateUnknown: true, category: 'connection_error', attempts: 1 })
    expect(sink.told).toMatchObject([{ type: 'ERROR', data: { order_state_unknown: true, client_order_id: 'cid-1' } }])
    isListed = true
    const found = watch(client.createOrder(withId))
    await clock.advance(5_000)
    expect(found.value).toMatchObject({ order_id: 'o-1' })
    expect(server.framesOf('create_order')).toHaveLength(2)
  })

  it('R1.12 keeps watching an unknown order: a late answer is published, once, unless an update came first', async () => {
    const { client, server, clock, sink } = await createTestClient({ retryAttempts: 0 })
    watch(client.createOrder(withId))
    watch(client.createOrder({ ...withId, client_order_id: 'cid-2' }))
    await clock.advance(60_000)
    sink.events.length = 0
    const [first, second] = server.framesOf('create_order')
    server.answer(first!, success(orderData))
    server.answer(first!, success(orderData))
    const { type: _, ...update } = { ...orderData, order_type: 'limit', client_order_id: 'cid-2', order_id: 'o-2' }
    server.push({ type: 'order_update', data: { ...update, timestamp: 1 } })
    server.answer(second!, success({ ...orderData, order_id: 'o-2', client_order_id: 'cid-2' }))
    await clock.advance(0)
    expect(sink.told.map(({ data }) => String(data['order_id'])).toSorted()).toEqual(['o-1', 'o-2'])
  })

  it('R1.12 asks after an answer to create that cannot be read', async () => {
    const { client, server, clock } = await createTestClient({}, ['client_order_id'])
    server.onFrame = (frame) =>
      server.answer(frame, success(frame.type === 'get_order' ? orderData : { order_id: 'o-1' }))
    const outcome = watch(client.createOrder(withId))
    await clock.advance(100)
    expect(outcome.value).toMatchObject({ order_id: 'o-1', status: 'open' })
    expect(server.framesOf('create_order')).toHaveLength(1)
  })

  it('R1.12 takes the word of a server that says the order state is unknown', async () => {
    const { client, server, clock } = await createTestClient({ retryAttempts: 0 }, ['client_order_id'])
    server.onFrame = (frame) =>
      server.answer(frame, refusal('Upstream reset', { code: 'connection_error', data: { order_state_unknown: true } }))
    const outcome = watch(client.createOrder(withId))
    await clock.advance(100)
    expect(outcome.error).toMatchObject({ orderStateUnknown: true, code: 'ORDER_OUTCOME_UNKNOWN' })
    expect(server.framesOf('get_order')).toHaveLength(1)
  })

  it('R1.13 waits as long as the server asks, at most 60 s', async () => {
    const { client, server, clock, startMs } = await createTestClient({ retryAttempts: 2 })
    const waits = [3, 600]
    server.onFrame = (frame) =>
      server.answer(frame, refusal('Too many requests', { data: { retry_after: waits.shift() ?? 0 } }))
    watch(client.getTicker(market))
    await clock.advance(100_000)
    const base = startMs - clockStartMs
    expect(server.timesOf('get_ticker').map((at) => at - base)).toEqual([0, 3_000, 63_000])
  })

  it('R1.14 names the timeout and the attempts made in the final text', async () => {
    const { client, clock } = await createTestClient({ retryAttempts: 1, requestTimeoutMs: 2_500 })
    const outcome = watch(client.getTicker(market))
    await clock.advance(10_000)
    expect((outcome.error as Error).message).toBe(
      'Failed to get ticker: Request timed out after 2.5 seconds (2 attempts)',
    )
  })

  it('R1.15 leaves nothing pending after failed calls', async () => {
    const { client, server, clock } = await createTestClient({ retryAttempts: 1 })
    const outcomes = [1, 2, 3, 4].map(() => watch(client.getTicker(market)))
    outcomes.push(watch(client.getTicker(market)))
    expect(client.pendingRequests).toBe(5)
    await clock.advance(5_200)
    server.cut()
    await clock.advance(60_000)
    expect(outcomes.every(({ error }) => error !== undefined)).toBe(true)
    expect(client.pendingRequests).toBe(0)
    await client.disconnect()
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('R2 concurrency and rate', () => {
  it('R2.1 keeps at most ten requests in flight and lets others wait in order', async () => {
    const { client, server, clock } = await createTestClient()
    const waiting: SeenFrame[] = []
    server.onFrame = (frame) => void waiting.push(frame)
    for (let i = 0; i < 14; i++) watch(client.getTicker({ exchange: 'binance', market: `M-${i}` }))
    await clock.advance(0)
    expect(waiting).toHaveLength(10)
    server.answer(waiting[3]!, success(ticker))
    server.answer(waiting[7]!, success(ticker))
    await clock.advance(0)
    expect(waiting.slice(10).map((frame) => frame['market'])).toEqual(['M-10', 'M-11'])
  })

  it('R2.2 sends frame 21 of a burst one second after the first', async () => {
    const { client, server, clock, startMs } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, success([]))
    for (let i = 0; i < 21; i++) watch(client.getOpenOrders(market))
    await clock.advance(999)
    expect(server.framesOf('get_open_orders')).toHaveLength(20)
    await clock.advance(1)
    expect(server.timesOf('get_open_orders').at(-1)! - (startMs - clockStartMs)).toBe(1_000)
  })

  it('R2.3 counts pings, authentication, retries and resubscriptions', async () => {
    const { client, server, clock } = await createTestClient({ rateLimit: { frames: 5, periodMs: 1_000 } })
    server.onFrame = (frame) => server.answer(frame, success([]))
    await client.subscribeToTrades(market)
    await clock.advance(1_000)
    server.cut()
    const base = clock.nowMs() - clockStartMs
    await server.open()
    await client.ping()
    for (let i = 0; i < 4; i++) watch(client.getOpenOrders(market))
    await clock.advance(999)
    const sent = server.frames.filter(({ atMs }) => atMs >= base).map(({ frame }) => frame.type)
    expect(sent.toSorted()).toEqual(['authenticate', 'get_open_orders', 'get_open_orders', 'ping', 'subscribe'])
  })

  it('R2.4 follows the monotonic clock: a jump of the wall clock changes nothing', async () => {
    const clock = new ManualClock()
    let jumpMs = 0
    const jumping = {
      nowMs: () => clock.nowMs() + jumpMs,
      nowUs: () => clock.nowUs(),
      setTimer: (callback: () => void, delayMs: number) => clock.setTimer(callback, delayMs),
    }
    const { FrameGate } = await import('./frame-gate.js')
    const gate = new FrameGate({ clock: jumping, maxInFlight: 9, rateLimit: { frames: 1, periodMs: 1_000 } })
    const granted: number[] = []
    const enter = () =>
      gate.enter({ needsSlot: false, urgent: false, onGranted: () => void granted.push(clock.nowUs() / 1_000) })
    enter()
    enter()
    jumpMs = 3_600_000
    enter()
    await clock.advance(1_500)
    jumpMs = -3_600_000
    await clock.advance(1_000)
    expect(granted).toEqual([0, 1_000, 2_000])
  })

  it('R2.5 holds no slot during a backoff or while it waits for the rate', async () => {
    const { client, server, clock } = await createTestClient({
      maxInFlight: 1,
      rateLimit: { frames: 3, periodMs: 1_000 },
    })
    server.onFrame = (frame) => server.answer(frame, frame.type === 'get_ticker' ? refusal('Server busy') : success([]))
    watch(client.getTicker(market))
    await clock.advance(0)
    const other = watch(client.getOpenOrders(market))
    await clock.advance(0)
    expect(other.value).toEqual([])
    server.onFrame = () => undefined
    watch(client.getBalances({ exchange: 'binance' }))
    watch(client.getBalances({ exchange: 'binance' }))
    const cancel = watch(client.cancelOrder({ ...market, order_id: 'o-1' }))
    server.onFrame = (frame) => server.answer(frame, success({ order_id: 'o-1', cancelled: true }))
    server.answer(server.framesOf('get_balances')[0]!, success({}))
    await clock.advance(1_000)
    expect(cancel.value).toEqual({ order_id: 'o-1', cancelled: true })
  })

  it('R2.6 lets pings past the slots, and pings and cancels to the head of the queue', async () => {
    const { client, server, clock } = await createTestClient({
      maxInFlight: 1,
      rateLimit: { frames: 2, periodMs: 1_000 },
    })
    server.onFrame = (frame) =>
      frame.type === 'get_ticker' ? undefined : server.answer(frame, success({ order_id: 'o-1', cancelled: false }))
    watch(client.getTicker(market))
    await client.ping()
    watch(client.getTicker(market))
    watch(client.ping())
    watch(client.cancelOrder({ ...market, order_id: 'o-1' }))
    server.answer(server.framesOf('get_ticker')[0]!, success(ticker))
    await clock.advance(1_000)
    expect(server.frames.slice(-4).map(({ frame }) => frame.type)).toEqual([
      'get_ticker',
      'ping',
      'ping',
      'cancel_order',
    ])
  })

  it('R2.7 takes both limits as options', async () => {
    const { client, server, clock } = await createTestClient({
      maxInFlight: 50,
      rateLimit: { frames: 100, periodMs: 1_000 },
    })
    for (let i = 0; i < 60; i++) watch(client.getTicker(market))
    await clock.advance(0)
    expect(server.framesOf('get_ticker')).toHaveLength(50)
  })

  it('R2.8 takes a waiting request off the queue when its client disconnects', async () => {
    const { client, server, clock } = await createTestClient({ maxInFlight: 1 })
    watch(client.getTicker(market))
    const waiting = watch(client.getTicker(market))
    await clock.advance(0)
    await client.disconnect()
    await clock.advance(0)
    expect(waiting.error).toMatchObject({ category: 'connection_error', isUnsent: true })
    expect(server.framesOf('get_ticker')).toHaveLength(1)
    expect((waiting.error as HummingbotException).message).toContain('disconnected')
  })
})
