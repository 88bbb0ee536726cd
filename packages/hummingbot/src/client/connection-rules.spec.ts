import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { TestWebSocketServer, testCertificate, type ServerSocket } from '@cex-arbitrage/networking/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { watch } from '../testing/create-test-client.js'
import { createRecordingLogger, RecordingSink, type LogRecord } from '../testing/recording.js'
import type { HummingbotClientOptions } from './client-options.js'
import { HummingbotClient } from './hummingbot-client.js'

const market = { exchange: 'binance', market: 'ETH-USD' }
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Frame {
  readonly id: string
  readonly type: string
  readonly channel?: string
}

const framesOf = ({ received }: ServerSocket): Frame[] => received.map((text) => JSON.parse(text) as Frame)

/** A real server and a client of it on a manual clock; answers everything but what `answer` keeps back. */
async function setUp(options: Partial<HummingbotClientOptions> = {}, tls?: typeof testCertificate) {
  const server = await TestWebSocketServer.start(tls)
  closers.push(() => server.close())
  const clock = new ManualClock()
  const sink = new RecordingSink()
  const records: LogRecord[] = []
  const script: { answer: (frame: Frame) => object | undefined } = { answer: () => ({ status: 'success' }) }
  server.onMessage = (text, { socket }) => {
    const frame = JSON.parse(text) as Frame
    const answer = script.answer(frame)
    if (answer !== undefined) socket.send(JSON.stringify({ id: frame.id, ...answer }))
  }
  const url = new URL(server.url)
  const client = new HummingbotClient({
    eventEngine: sink,
    apiHost: '127.0.0.1',
    apiPort: Number(url.port),
    apiKey: 'test_api_key',
    clock,
    // The middle of the range: no jitter.
    random: { next: () => 0.5 },
    logger: createRecordingLogger(records),
    ...options,
  })
  closers.push(() => client.disconnect())
  const waitStatus = (status: string) => waitFor(() => client.status === status, `status ${status}`)
  /** Waits until the client has taken note of so many failed attempts to reconnect. */
  const waitFailures = (count: number) =>
    waitFor(
      () => records.filter(({ message }) => message === 'websocket attempt failed').length === count,
      `failure ${count}`,
    )
  return { server, clock, sink, client, script, records, waitStatus, waitFailures }
}

describe('R3 connection management', () => {
  it('R3.1 pings every 30 s', async () => {
    const { server, clock, client, records } = await setUp()
    await client.connect()
    for (let pings = 1; pings <= 3; pings++) {
      await clock.advance(30_000)
      await waitFor(() => framesOf(server.last).filter(({ type }) => type === 'ping').length === pings, `ping ${pings}`)
      const isPong = ({ fields }: LogRecord) => fields['event'] === 'response' && fields['type'] === 'ping'
      await waitFor(() => records.filter(isPong).length === pings, 'the pong')
    }
    expect(server.handshakes).toBe(1)
  })

  it.each([
    ['no answer', undefined],
    ['a refusal', { status: 'error', message: 'Internal server error' }],
    ['another status', { status: 'busy' }],
  ])('R3.2 reconnects when a ping gets %s', async (_, answer) => {
    const { server, clock, client, script, waitStatus } = await setUp({ requestTimeoutMs: 60_000 })
    await client.connect()
    script.answer = ({ type }) => (type === 'ping' ? answer : { status: 'success' })
    await clock.advance(30_000)
    await waitFor(() => framesOf(server.last).some(({ type }) => type === 'ping'), 'the ping')
    if (answer === undefined) {
      await clock.advance(9_999)
      expect(client.status).toBe('connected')
      await clock.advance(1)
    }
    await waitFor(() => server.handshakes === 2, 'the reconnect')
    await waitStatus('connected')
  })

  it('R3.3 reconnects at once when the socket closes', async () => {
    const { server, client, sink, waitStatus } = await setUp()
    await client.connect()
    server.last.socket.close()
    await waitFor(() => server.handshakes === 2, 'the reconnect, with the clock standing still')
    await waitStatus('connected')
    expect(sink.statuses).toEqual(['connecting', 'connected', 'connecting', 'connected'])
  })

  it('R3.4 sends nothing but authenticate before its success, then subscribes again', async () => {
    const { server, client, script, waitStatus } = await setUp()
    await client.connect()
    await client.subscribeToOrderBook(market)
    let held: (() => void) | undefined
    script.answer = ({ type }) => (type === 'authenticate' ? undefined : { status: 'success' })
    server.onClient = ({ socket }) => {
      held = () => socket.send(JSON.stringify({ id: framesOf(server.last)[0]!.id, status: 'success' }))
    }
    server.last.socket.terminate()
    await waitFor(() => server.clients.length === 2 && server.last.received.length === 1, 'authenticate')
    await expect(client.getTicker(market)).rejects.toThrow('Not connected to Hummingbot')
    await expect(client.ping()).rejects.toThrow('Not connected to Hummingbot')
    expect(framesOf(server.last).map(({ type }) => type)).toEqual(['authenticate'])
    held?.()
    await waitStatus('connected')
    await waitFor(() => server.last.received.length === 2, 'the subscription')
    expect(framesOf(server.last)[1]).toMatchObject({ type: 'subscribe', channel: 'order_book' })
  })

  it('R3.5 waits 0, 5, 10, 20, 40, 60, 60 s between attempts', async () => {
    const { server, clock, client, waitStatus, waitFailures } = await setUp()
    await client.connect()
    server.refuse = { status: 503 }
    server.last.socket.terminate()
    let handshakes = 2
    await waitFor(() => server.handshakes === handshakes, 'the attempt at once')
    for (const delayMs of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      await waitFailures(handshakes - 1)
      await clock.advance(delayMs - 1)
      expect(server.handshakes).toBe(handshakes)
      handshakes++
      await clock.advance(1)
      await waitFor(() => server.handshakes === handshakes, `the attempt after ${delayMs} ms`)
    }
    await waitFailures(handshakes - 1)
    server.refuse = undefined
    await clock.advance(60_000)
    await waitStatus('connected')
  })

  it('R3.5 stops when authentication is refused', async () => {
    const { server, clock, client, script, sink, waitStatus } = await setUp()
    await client.connect()
    script.answer = () => ({ status: 'error', message: 'Authentication failed' })
    server.last.socket.terminate()
    await waitStatus('error')
    await clock.advance(600_000)
    expect(server.handshakes).toBe(2)
    expect(sink.statuses).toEqual(['connecting', 'connected', 'connecting', 'error'])
    script.answer = () => ({ status: 'success' })
    await client.connect()
    expect(client.status).toBe('connected')
  })

  it('R3.5 gives up after as many attempts as it may make', async () => {
    const { server, clock, client, waitStatus, waitFailures } = await setUp({ maxReconnectAttempts: 2 })
    await client.connect()
    server.refuse = { status: 503 }
    server.last.socket.terminate()
    await waitFailures(1)
    await clock.advance(5_000)
    await waitStatus('error')
    expect(server.handshakes).toBe(3)
  })

  it('R3.6 makes one reconnect, whatever the number of triggers', async () => {
    const { server, clock, client, script, waitStatus } = await setUp()
    await client.connect()
    script.answer = ({ type }) => (type === 'ping' ? undefined : { status: 'success' })
    await clock.advance(30_000)
    const reads = [watch(client.getOpenOrders(market)), watch(client.getOpenOrders(market))]
    server.last.socket.terminate()
    await clock.advance(5_000)
    await waitStatus('connected')
    await clock.advance(5_000)
    await waitFor(() => reads.every(({ isSettled }) => isSettled), 'the reads')
    expect(server.handshakes).toBe(2)
    expect(server.open).toHaveLength(1)
  })

  it('R3.7 never pings while it reconnects, and beats once per interval after it', async () => {
    const { server, clock, client, script, waitStatus } = await setUp()
    await client.connect()
    script.answer = ({ type }) => (type === 'authenticate' ? undefined : { status: 'success' })
    server.last.socket.terminate()
    await waitFor(() => server.clients.length === 2 && server.last.received.length === 1, 'authenticate')
    await clock.advance(4_000)
    expect(framesOf(server.last).map(({ type }) => type)).toEqual(['authenticate'])
    server.last.socket.send(JSON.stringify({ id: framesOf(server.last)[0]!.id, status: 'success' }))
    await waitStatus('connected')
    script.answer = () => ({ status: 'success' })
    await clock.advance(29_999)
    expect(framesOf(server.last).filter(({ type }) => type === 'ping')).toHaveLength(0)
    await clock.advance(1)
    await waitFor(() => framesOf(server.last).some(({ type }) => type === 'ping'), 'the ping')
    expect(framesOf(server.last).filter(({ type }) => type === 'ping')).toHaveLength(1)
  })

  it('R3.8 settles what is pending on a lost socket at once, which R1 then retries', async () => {
    const { server, clock, client, script, waitStatus } = await setUp()
    await client.connect()
    script.answer = ({ type }) => (type === 'authenticate' ? { status: 'success' } : undefined)
    const reads = Array.from({ length: 10 }, () => watch(client.getOpenOrders(market)))
    await waitFor(() => server.last.received.length === 11, 'the requests')
    script.answer = () => ({ status: 'success', data: [] })
    server.last.socket.terminate()
    await waitFor(() => server.handshakes === 2, 'the reconnect')
    await waitStatus('connected')
    await clock.advance(500)
    // Twice ten requests and twice authenticate are more than may go in one second.
    await clock.advance(600)
    await waitFor(() => reads.every(({ value }) => value !== undefined), 'the answers on the new socket')
    expect(server.handshakes).toBe(2)
  })

  it('R3.9 subscribes again to what was taken, not to what was refused or given up', async () => {
    const { server, client, script, waitStatus } = await setUp()
    script.answer = ({ type, channel }) => {
      if (type === 'authenticate') return { status: 'success', data: { capabilities: ['unsubscribe'] } }
      return channel === 'ticker' ? { status: 'error', message: 'Market ETH-USD is closed' } : { status: 'success' }
    }
    await client.connect()
    await client.subscribeToOrderBook(market)
    await client.subscribeToTrades(market)
    await client.subscribe({ channel: 'orders', exchange: 'binance' })
    await expect(client.subscribe({ channel: 'ticker', ...market })).rejects.toMatchObject({
      category: 'market_closed',
    })
    await client.unsubscribe({ channel: 'trades', ...market })
    server.last.socket.terminate()
    await waitFor(() => server.clients.length === 2 && server.last.received.length === 3, 'the subscriptions')
    await waitStatus('connected')
    expect(framesOf(server.last).map(({ channel }) => channel)).toEqual([undefined, 'order_book', 'orders'])
  })

  it('R3.10 retries a resubscription that may pass, and drops one that is refused with an ERROR', async () => {
    const { server, clock, client, script, sink, waitStatus } = await setUp()
    await client.connect()
    await client.subscribeToOrderBook(market)
    await client.subscribeToTrades(market)
    let busy = 1
    script.answer = ({ channel }) => {
      if (channel === 'order_book' && busy-- > 0) return { status: 'error', message: 'Server busy' }
      return channel === 'trades' ? { status: 'error', message: 'Market closed' } : { status: 'success' }
    }
    server.last.socket.terminate()
    await waitFor(() => server.clients.length === 2 && server.last.received.length === 3, 'the resubscriptions')
    await waitStatus('connected')
    await waitFor(() => client.activeSubscriptions.length === 1, 'the refusal')
    await clock.advance(500)
    await waitFor(() => server.last.received.length === 4, 'the second try')
    expect(client.activeSubscriptions).toEqual([{ channel: 'order_book', ...market }])
    expect(sink.told).toMatchObject([
      { type: 'ERROR', source: 'hummingbot_client', data: { channel: 'trades', code: 'market_closed' } },
    ])
  })

  it('R3.11 tells of the reconnect and reads again what became of open orders', async () => {
    const { server, client, script, sink } = await setUp()
    const order = (id: string, status: string, filled: string) => ({
      order_id: id,
      symbol: 'ETH-USD',
      exchange: 'binance',
      price: '1',
      amount: '1',
      filled,
      side: 'buy',
      type: 'limit',
      status,
    })
    let next = 0
    script.answer = ({ type }) => {
      if (type === 'create_order') return { status: 'success', data: order(`o-${++next}`, 'open', '0') }
      if (type === 'get_open_orders') return { status: 'success', data: [order('o-1', 'open', '0')] }
      if (type === 'get_order') return { status: 'success', data: order('o-2', 'filled', '1') }
      return { status: 'success' }
    }
    await client.connect()
    const request = { ...market, side: 'buy', order_type: 'limit', amount: '1', price: '1' } as const
    await client.createOrder(request)
    await client.createOrder(request)
    sink.events.length = 0
    server.last.socket.terminate()
    await waitFor(() => sink.told.length === 1, 'the fill that was missed')
    expect(sink.events.findLast(({ type }) => type === 'SYSTEM')).toMatchObject({
      type: 'SYSTEM',
      data: { component: 'hummingbot_client', status: 'connected', previous: 'connecting', reason: 'reconnected' },
    })
    expect(sink.told).toMatchObject([{ type: 'ORDER_UPDATE', data: { order_id: 'o-2', status: 'filled' } }])
  })

  it('R3.12 begins the delays anew after a connection of 60 s, not before', async () => {
    const { server, clock, client, waitStatus } = await setUp({ pingIntervalMs: 1e9 })
    await client.connect()
    await clock.advance(59_999)
    const loseAndReturn = async (): Promise<void> => {
      const { handshakes } = server
      server.last.socket.terminate()
      if (handshakes === 2) {
        await waitStatus('connecting')
        await clock.advance(5_000)
      }
      await waitFor(() => server.handshakes === handshakes + 1, 'the attempt')
      await waitStatus('connected')
    }
    await loseAndReturn()
    await loseAndReturn()
    await clock.advance(60_000)
    await loseAndReturn()
    expect(server.handshakes).toBe(4)
  })
})

describe('the status machine', () => {
  it('rests in disconnected after a refused connection, by way of error', async () => {
    const { server, client, sink } = await setUp()
    server.refuse = { status: 503 }
    await expect(client.connect()).rejects.toThrow('Failed to connect to Hummingbot: ')
    expect(sink.statuses).toEqual(['connecting', 'error', 'disconnected'])
  })

  it('shares one attempt among concurrent connects, and takes a further one as done', async () => {
    const { server, client, sink } = await setUp()
    await Promise.all([client.connect(), client.connect()])
    await client.connect()
    expect(server.handshakes).toBe(1)
    expect(sink.statuses).toEqual(['connecting', 'connected'])
  })

  it('lets disconnect win over a reconnect that waits', async () => {
    const { server, clock, client, sink } = await setUp()
    await client.connect()
    server.refuse = { status: 503 }
    server.last.socket.terminate()
    await waitFor(() => server.handshakes === 2, 'the attempt at once')
    const connected = watch(client.connect())
    await client.disconnect()
    await waitFor(() => connected.isSettled, 'the connect')
    await clock.advance(600_000)
    expect(server.handshakes).toBe(2)
    expect(sink.statuses).toEqual(['connecting', 'connected', 'connecting', 'disconnected'])
    expect(clock.pendingTimers).toBe(0)
  })

  it('leaves no timer, socket or request after disconnect, in any state', async () => {
    const { server, clock, client, script } = await setUp()
    await client.disconnect()
    script.answer = () => undefined
    const connecting = watch(client.connect())
    await waitFor(() => server.clients.length === 1 && server.last.received.length === 1, 'authenticate')
    await client.disconnect()
    await waitFor(() => connecting.isSettled, 'the connect')
    expect(connecting.error).toMatchObject({ category: 'connection_error' })
    script.answer = ({ type }) => (type === 'authenticate' ? { status: 'success' } : undefined)
    await client.connect()
    const reads = Array.from({ length: 30 }, () => watch(client.getTicker(market)))
    await client.disconnect()
    await waitFor(() => reads.every(({ error }) => error !== undefined), 'the reads')
    expect([client.status, client.pendingRequests, clock.pendingTimers]).toEqual(['disconnected', 0, 0])
    await waitFor(() => server.open.length === 0, 'the sockets')
  })

  it('speaks TLS with a verified certificate', async () => {
    const { client } = await setUp({ apiHost: 'localhost', tls: { ca: testCertificate.cert } }, testCertificate)
    await client.connect()
    expect(client.status).toBe('connected')
    const { client: trusting } = await setUp({ apiHost: 'localhost', tls: true }, testCertificate)
    await expect(trusting.connect()).rejects.toMatchObject({ category: 'connection_error' })
  })

  it('closes on a frame beyond the limit and stays with one of four mebibytes', async () => {
    const { server, client, waitStatus } = await setUp()
    await client.connect()
    const fill = (bytes: number) => JSON.stringify({ type: 'info', data: { message: 'x'.repeat(bytes) } })
    server.last.socket.send(fill(4 * 1_048_576 - 100))
    await client.ping()
    expect(server.handshakes).toBe(1)
    const codes: number[] = []
    server.last.socket.once('close', (code) => void codes.push(code))
    server.last.socket.send(fill(4 * 1_048_576))
    await waitFor(() => codes.length === 1, 'the close')
    await waitStatus('connected')
    expect(codes).toEqual([1_009])
  })
})
