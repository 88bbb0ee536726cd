import {
  AuthenticationException,
  ExchangeConnectionException,
  ExchangeUnavailableException,
  RateLimitException,
  ShuttingDownException,
  createExchangeId,
  silentLogger,
  systemClock,
  type CexArbitrageException,
} from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { TestProxyServer } from '../testing/proxy-server.js'
import { testCertificate } from '../testing/test-certificate.js'
import { TestWebSocketServer } from '../testing/websocket-server.js'
import { WebSocketConnection } from './websocket-connection.js'
import type { WebSocketConnectionOptions, WebSocketState } from './websocket-options.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function startServer(tls?: typeof testCertificate): Promise<TestWebSocketServer> {
  const server = await TestWebSocketServer.start(tls)
  closers.push(() => server.close())
  return server
}

/** A connection whose events are written down. */
function createConnection(url: string, options: Partial<WebSocketConnectionOptions> = {}) {
  const frames: { text: string; isBinary: boolean; receivedAtUs: number; epoch: number }[] = []
  const events: string[] = []
  const states: WebSocketState[] = []
  const failures: CexArbitrageException[] = []
  const connection = new WebSocketConnection({
    name: 'test stream',
    url: () => url,
    clock: systemClock,
    random: { next: () => 0 },
    logger: silentLogger,
    exchange: createExchangeId('somewhere'),
    handler: {
      onFrame: (frame, receivedAtUs, epoch) =>
        void frames.push({ text: frame.toString(), isBinary: frame.isBinary, receivedAtUs, epoch }),
      onStateChange: (state) => void states.push(state),
      onEpochStart: (epoch) => void events.push(`start ${epoch}`),
      onEpochEnd: (epoch, reason) => void events.push(`end ${epoch} ${reason?.code ?? 'on purpose'}`),
      onChannelSilent: (channel, silentForMs, epoch) => void events.push(`silent ${channel} ${silentForMs} ${epoch}`),
      onAttemptFailed: (error) => void failures.push(error),
    },
    ...options,
  })
  closers.push(() => connection.close(0))
  return { connection, frames, events, states, failures }
}

async function setUp(options: Partial<WebSocketConnectionOptions> = {}) {
  const server = await startServer()
  return { server, ...createConnection(server.url, options) }
}

describe('WebSocketConnection', () => {
  it('connects, logs in, subscribes, and delivers text and binary frames with their epoch', async () => {
    const order: string[] = []
    const { server, connection, frames, states, events } = await setUp({
      headers: { 'x-mine': '1' },
      login: async (session) => {
        session.send('login')
        const { data, isBinary } = await session.waitForFrame((frame) => frame.toString().startsWith('welcome'), 5_000)
        order.push(`${data.toString()} ${isBinary} ${session.epoch}`)
      },
      subscribe: (session) => session.send(Buffer.from('subscribe')),
    })
    server.onMessage = (text, { socket }) => {
      if (text === 'login') socket.send('welcome')
      else socket.send(Buffer.from([1, 2, 3]))
    }
    expect(connection.state).toBe('idle')
    await connection.connect()
    await connection.connect()
    await waitFor(() => frames.length === 2, 'both frames')
    expect(order).toEqual(['welcome false 1'])
    expect(frames.map(({ text, isBinary, epoch }) => [text, isBinary, epoch])).toEqual([
      ['welcome', false, 1],
      ['\u0001\u0002\u0003', true, 1],
    ])
    expect(frames[0]!.receivedAtUs).toBeGreaterThan(0)
    expect(server.last.received).toEqual(['login', 'subscribe'])
    expect(server.last.headers).toMatchObject({ 'x-mine': '1' })
    expect(server.last.headers['sec-websocket-extensions']).toBeUndefined()
    expect(states).toEqual(['connecting', 'authenticating', 'subscribing', 'open'])
    expect([connection.epoch, connection.name]).toEqual([1, 'test stream'])
    expect(events).toEqual(['start 1'])
  })

  it('reconnects with a fresh address, logs in before it subscribes, and counts epochs', async () => {
    let key = 0
    const server = await startServer()
    const { connection, events, states } = createConnection('', {
      url: async () => `${server.url}/ws?listenKey=${++key}`,
      login: async (session) => session.send('login'),
      subscribe: (session) => session.send('subscribe'),
    })
    await connection.connect()
    server.last.socket.close(1012, 'restart')
    await waitFor(() => events.includes('start 2'), 'the second socket')
    await waitFor(() => server.last.received.length === 2, 'its messages')
    expect(server.clients.map(({ url }) => url)).toEqual(['/ws?listenKey=1', '/ws?listenKey=2'])
    expect(server.last.received).toEqual(['login', 'subscribe'])
    expect(events).toEqual(['start 1', 'end 1 EXCHANGE_CONNECTION_FAILED', 'start 2'])
    expect(states.slice(4)).toEqual(['waiting', 'connecting', 'authenticating', 'subscribing', 'open'])
  })

  it('backs off longer with each failure, and begins anew after a socket that lasted', async () => {
    const clock = new ManualClock()
    const delays: (number | undefined)[] = []
    const { server, connection } = await setUp({
      clock,
      random: { next: () => 1 },
      reconnect: { backoff: { initialMs: 100, maxMs: 500 }, stableAfterMs: 1_000 },
      handler: { onFrame: () => undefined, onAttemptFailed: (_, retryInMs) => void delays.push(retryInMs) },
    })
    server.refuse = { status: 503 }
    void connection.connect()
    for (let i = 1; i <= 5; i++) {
      await waitFor(() => delays.length === i, `failure ${i}`)
      if (i === 5) server.refuse = undefined
      await clock.advance(delays.at(-1)!)
    }
    expect(delays).toEqual([100, 200, 400, 500, 500])
    await waitFor(() => connection.state === 'open', 'the connection')
    server.last.socket.terminate()
    await waitFor(() => connection.state === 'waiting', 'the loss')
    await clock.advance(499)
    expect(connection.state).toBe('waiting')
    await clock.advance(1)
    await waitFor(() => connection.state === 'open', 'the second connection')
    await clock.advance(1_000)
    server.last.socket.terminate()
    await waitFor(() => connection.state === 'waiting', 'the second loss')
    await clock.advance(100)
    await waitFor(() => connection.state === 'open', 'the third connection')
  })

  it('follows a schedule that is told, in place of a backoff', async () => {
    const clock = new ManualClock()
    const delays: (number | undefined)[] = []
    const schedule = [0, 300, 700]
    const { server, connection } = await setUp({
      clock,
      reconnect: { delayMs: (failures) => schedule[failures - 1] ?? 1_000 },
      handler: { onFrame: () => undefined, onAttemptFailed: (_, retryInMs) => void delays.push(retryInMs) },
    })
    await connection.connect()
    server.refuse = { status: 503 }
    server.last.socket.terminate()
    await waitFor(() => delays.length === 1, 'the attempt at once')
    await clock.advance(300)
    await waitFor(() => delays.length === 2, 'the second attempt')
    await clock.advance(700)
    await waitFor(() => delays.length === 3, 'the third attempt')
    expect(delays).toEqual([300, 700, 1_000])
    server.refuse = undefined
    await clock.advance(1_000)
    await waitFor(() => connection.state === 'open', 'the connection')
  })

  it('waits as long as a refused handshake asks', async () => {
    const clock = new ManualClock()
    const { server, connection, failures } = await setUp({ clock })
    server.refuse = { status: 429, headers: { 'Retry-After': '7' } }
    void connection.connect()
    await waitFor(() => failures.length === 1, 'the refusal')
    expect(failures[0]).toBeInstanceOf(RateLimitException)
    server.refuse = undefined
    await clock.advance(6_999)
    expect(server.handshakes).toBe(1)
    await clock.advance(1)
    await waitFor(() => connection.state === 'open', 'the connection')
  })

  it('gives up where trying again is useless', async () => {
    const { server, connection, failures, states } = await setUp()
    server.refuse = { status: 401 }
    await expect(connection.connect()).rejects.toBeInstanceOf(AuthenticationException)
    expect(states.at(-1)).toBe('closed')
    expect(failures).toHaveLength(1)
    await expect(connection.connect()).rejects.toBeInstanceOf(ShuttingDownException)
    await connection.close()
    const bounded = createConnection('nonsense', { reconnect: { maxAttempts: 2, backoff: { initialMs: 1, maxMs: 1 } } })
    await expect(bounded.connection.connect()).rejects.toThrow('no URL')
    expect(bounded.failures).toHaveLength(2)
    const wrongScheme = createConnection('ftp://host/?listenKey=secret', { reconnect: { maxAttempts: 1 } })
    const error = await wrongScheme.connection.connect().catch((caught: Error) => caught)
    expect(String(error)).toContain('no WebSocket URL')
    expect(String(error)).not.toContain('secret')
  })

  it('goes on where a venue refuses a key that it has taken before', async () => {
    const clock = new ManualClock()
    const { server, connection, failures } = await setUp({ clock })
    await connection.connect()
    server.refuse = { status: 401 }
    server.clients.at(-1)!.socket.terminate()
    await waitFor(async () => {
      await clock.advance(1_000)
      return failures.length >= 3
    }, 'three refusals')
    expect(failures[0]).toBeInstanceOf(AuthenticationException)
    server.refuse = undefined
    await waitFor(async () => {
      await clock.advance(1_000)
      return connection.state === 'open'
    }, 'the connection')
    expect(connection.epoch).toBeGreaterThan(1)
    await connection.close()
  })

  it('bounds the handshake, the address and the setup in time', async () => {
    const clock = new ManualClock()
    const { server, connection, failures } = await setUp({ clock, connectTimeoutMs: 100, setupTimeoutMs: 50 })
    server.isSilent = true
    void connection.connect()
    await waitFor(() => server.handshakes === 1, 'the handshake')
    await clock.advance(100)
    expect(failures[0]).toMatchObject({ recovery: 'retry', message: expect.stringContaining('within 100 ms') })
    const slow = createConnection('', { clock, connectTimeoutMs: 10, url: () => new Promise(() => undefined) })
    void slow.connection.connect()
    await clock.advance(10)
    expect(slow.failures[0]!.message).toContain('did not open')
    server.isSilent = false
    const mute = createConnection(server.url, { clock, setupTimeoutMs: 50, login: () => new Promise(() => undefined) })
    void mute.connection.connect()
    await waitFor(() => mute.connection.state === 'authenticating', 'the login')
    await clock.advance(50)
    expect(mute.failures[0]!.message).toContain('not logged in')
  })

  it('tries again when the login fails or its socket is lost meanwhile', async () => {
    let attempts = 0
    const { server, connection, failures } = await setUp({
      reconnect: { backoff: { initialMs: 1, maxMs: 1 } },
      login: async (session) => {
        attempts++
        if (attempts === 1) throw new Error('not now')
        if (attempts === 2) server.last.socket.terminate()
        if (attempts < 4) await session.waitForFrame(() => false, attempts === 2 ? 5_000 : 5)
      },
    })
    await connection.connect()
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringContaining('not now'),
      expect.stringMatching(/lost|closed/),
      expect.stringContaining('within 5 ms'),
    ])
    expect(connection.epoch).toBe(4)
  })

  it('beats without drift, and drops a socket whose pong does not come', async () => {
    const clock = new ManualClock()
    const { server, connection, events } = await setUp({
      clock,
      heartbeat: {
        protocolPing: { intervalMs: 1_000, timeoutMs: 300 },
        applicationPing: { intervalMs: 700, createPayload: (nowMs) => `ping ${nowMs}` },
      },
    })
    const startMs = clock.nowMs()
    await connection.connect()
    await clock.advance(700)
    await clock.advance(300)
    await waitFor(() => server.last.pings === 1 && server.last.received.length === 1, 'the first beats')
    await clock.advance(1_100)
    await waitFor(() => server.last.received.length === 3, 'the third ping')
    expect(server.last.received).toEqual([700, 1_400, 2_100].map((ms) => `ping ${startMs + ms}`))
    server.answersPings = false
    await waitFor(() => server.last.pings === 2, 'the second protocol ping')
    while (!events.includes('end 1 EXCHANGE_CONNECTION_FAILED')) await clock.advance(100)
    await clock.advance(1)
    await waitFor(() => connection.epoch === 2, 'the new socket')
  })

  it('replaces a socket that has gone silent though it answers pings', async () => {
    const clock = new ManualClock()
    const { server, connection, events, frames } = await setUp({ clock, maxSilenceMs: 500 })
    await connection.connect()
    await clock.advance(400)
    server.last.socket.send('data')
    await waitFor(() => frames.length === 1, 'the data')
    await clock.advance(400)
    expect(events).toEqual(['start 1'])
    await clock.advance(100)
    expect(events).toContain('end 1 EXCHANGE_CONNECTION_FAILED')
    await clock.advance(1)
    await waitFor(() => events.includes('start 2'), 'the new socket')
  })

  it('watches each channel by its own data and repeats the alarm while it is silent', async () => {
    const clock = new ManualClock()
    const { connection, events } = await setUp({ clock })
    const early = connection.watchChannel('early', { maxSilenceMs: 100 })
    await clock.advance(1_000)
    await connection.connect()
    const late = connection.watchChannel('late', { maxSilenceMs: 300, action: 'reconnect' })
    await clock.advance(90)
    early.touch(clock.nowUs())
    await clock.advance(90)
    expect(events).toEqual(['start 1'])
    await clock.advance(110)
    expect(events).toEqual(['start 1', 'silent early 100 1', 'silent early 200 1'])
    early.close()
    await clock.advance(10)
    expect(events.slice(3)).toEqual(['silent late 300 1', 'end 1 EXCHANGE_CONNECTION_FAILED'])
    late.close()
    expect(late.channel).toBe('late')
  })

  it('rotates make-before-break: the new socket is subscribed before the old one goes', async () => {
    const clock = new ManualClock()
    const { server, connection, events, frames, states } = await setUp({
      clock,
      subscribe: (session) => session.send(`subscribe ${session.epoch}`),
      rotation: { afterMs: 10_000, jitterMs: 1_000, overlapMs: 200 },
    })
    await connection.connect()
    await clock.advance(9_999)
    expect(server.clients).toHaveLength(1)
    await clock.advance(1)
    await waitFor(() => connection.epoch === 2, 'the new socket')
    await waitFor(() => server.last.received.length === 1, 'its subscription')
    expect(server.open).toHaveLength(2)
    for (const [i, { socket }] of server.clients.entries()) socket.send(`from ${i + 1}`)
    await waitFor(() => frames.length === 2, 'frames of both')
    expect(frames.map(({ text, epoch }) => `${text} ${epoch}`).sort()).toEqual(['from 1 1', 'from 2 2'])
    connection.send('to the new one')
    await waitFor(() => server.last.received.length === 2, 'the message')
    await clock.advance(200)
    await waitFor(() => server.open.length === 1, 'the old socket to go')
    await waitFor(() => events.length === 3, 'the event')
    expect(events).toEqual(['start 1', 'start 2', 'end 1 on purpose'])
    expect(states.filter((state) => state === 'open')).toHaveLength(1)
  })

  it('keeps the old socket when a rotation fails, and tries again', async () => {
    const clock = new ManualClock()
    const { server, connection, failures, events } = await setUp({
      clock,
      rotation: { afterMs: 1_000, overlapMs: 0 },
    })
    await connection.connect()
    server.refuse = { status: 503 }
    await clock.advance(1_000)
    await waitFor(() => failures.length === 1, 'the failure')
    expect(connection.state).toBe('open')
    expect(connection.epoch).toBe(1)
    server.refuse = undefined
    await clock.advance(1)
    await waitFor(() => connection.epoch === 3, 'the rotation')
    expect(events).toContain('start 3')
  })

  it('makes one new connection when the old socket is lost during a rotation', async () => {
    const server = await startServer()
    const clock = new ManualClock()
    let release: () => void = () => undefined
    const { connection, events, states } = createConnection(server.url, {
      clock,
      subscribe: async (session) => {
        if (session.epoch === 2) await new Promise<void>((resolve) => (release = resolve))
      },
      reconnect: { backoff: { initialMs: 1, maxMs: 1 } },
    })
    await connection.connect()
    const rotated = connection.rotate()
    expect(connection.rotate()).toBe(rotated)
    await waitFor(() => server.clients.length === 2, 'the second socket')
    server.clients[0]!.socket.terminate()
    await waitFor(() => events.length === 2, 'the loss')
    expect(states.at(-1)).toBe('connecting')
    expect(() => connection.send('x')).toThrow(ExchangeConnectionException)
    await clock.advance(1_000)
    expect(server.handshakes).toBe(2)
    release()
    await rotated
    expect(connection.state).toBe('open')
    expect(server.clients).toHaveLength(2)
    server.refuse = { status: 503 }
    const failing = connection.rotate().catch((error: unknown) => error)
    server.last.socket.terminate()
    expect(await failing).toBeInstanceOf(ExchangeConnectionException)
    server.refuse = undefined
    await clock.advance(1)
    await waitFor(() => connection.state === 'open', 'the reconnect')
  })

  it('paces outgoing messages, keeps their order, and bounds how many wait', async () => {
    const clock = new ManualClock()
    const { server, connection } = await setUp({
      clock,
      sendLimit: { messages: 2, intervalMs: 1_000 },
      maxQueuedMessages: 3,
      heartbeat: { applicationPing: { intervalMs: 500, createPayload: () => 'ping' } },
    })
    await connection.connect()
    const written: string[] = []
    const dropped: CexArbitrageException[] = []
    for (let i = 0; i < 5; i++)
      connection.send(String(i), {
        onWritten: (epoch) => void written.push(`${i} in ${epoch}`),
        onDropped: (error) => void dropped.push(error),
        isCancelled: () => i === 3,
      })
    expect(written).toEqual(['0 in 1', '1 in 1'])
    expect(() => connection.send('too many')).toThrow(RateLimitException)
    await clock.advance(999)
    expect(written).toHaveLength(2)
    await clock.advance(1)
    await waitFor(() => server.last.received.length === 4, 'the next two')
    expect(server.last.received).toEqual(['0', '1', 'ping', '2'])
    await connection.close(1_000)
    expect(dropped).toHaveLength(1)
    expect(dropped[0]).toBeInstanceOf(ShuttingDownException)
    expect(clock.pendingTimers).toBe(0)
  })

  it('tells whose messages were dropped because the socket was lost', async () => {
    const { connection } = await setUp({ sendLimit: { messages: 1, intervalMs: 60_000 } })
    await connection.connect()
    const dropped: string[] = []
    connection.send('written', { onDropped: () => void dropped.push('written') })
    connection.send('waiting', { onDropped: (error) => void dropped.push(`waiting ${error.recovery}`) })
    connection.reconnect('test')
    expect(dropped).toEqual(['waiting retry'])
  })

  it('holds messages back while the socket is full', async () => {
    const { server, connection } = await setUp({ maxBufferedBytes: 1_000 })
    await connection.connect()
    const big = 'x'.repeat(4_000_000)
    const written: number[] = []
    for (let i = 0; i < 4; i++) connection.send(big, { onWritten: () => void written.push(i) })
    expect(written.length).toBeLessThan(4)
    await waitFor(() => server.last.received.length === 4, 'all messages')
    expect(written).toEqual([0, 1, 2, 3])
  })

  it('goes on after a frame whose handler throws', async () => {
    const seen: string[] = []
    const { server, connection } = await setUp({
      handler: {
        onFrame: (frame) => {
          seen.push(frame.toString())
          throw new Error('broken decoder')
        },
        onStateChange: () => {
          throw new Error('broken too')
        },
      },
    })
    await connection.connect()
    for (const text of ['a', 'b', 'c']) server.last.socket.send(text)
    await waitFor(() => seen.length === 3, 'all frames')
    expect(connection.frameErrors).toBe(3)
    expect(connection.state).toBe('open')
  })

  it('rejects who waits for a frame when the match throws or the socket is lost', async () => {
    const outcomes: unknown[] = []
    const { server, connection } = await setUp({
      subscribe: (session) => {
        if (session.epoch > 1) return
        const wait = (match: () => boolean): void =>
          void session.waitForFrame(match, 60_000).catch((error: unknown) => {
            outcomes.push(error)
            return session.waitForFrame(match, 60_000).catch((again: unknown) => outcomes.push(again))
          })
        wait(() => {
          throw new TypeError('broken match')
        })
        wait(() => false)
      },
    })
    await connection.connect()
    server.last.socket.send('x')
    await waitFor(() => outcomes.length === 1, 'the broken match')
    expect(outcomes[0]).toBeInstanceOf(TypeError)
    connection.reconnect('test')
    await waitFor(() => outcomes.length === 4, 'the others')
    expect(outcomes[1]).toBeInstanceOf(ExchangeUnavailableException)
    await waitFor(() => connection.epoch === 2, 'the new socket')
  })

  it('refuses messages over its size limit by dropping the socket', async () => {
    const { server, connection, frames, events } = await setUp({ maxPayloadBytes: 10 })
    await connection.connect()
    server.last.socket.send('x'.repeat(11))
    await waitFor(() => events.includes('start 2'), 'the new socket')
    expect(frames).toEqual([])
  })

  it('says goodbye when it closes, and leaves nothing behind', async () => {
    const clock = new ManualClock()
    const { server, connection, states, events } = await setUp({
      clock,
      maxSilenceMs: 5_000,
      heartbeat: { protocolPing: { intervalMs: 10, timeoutMs: 100 } },
      rotation: { afterMs: 1_000 },
    })
    await connection.connect()
    const codes: number[] = []
    server.last.socket.on('close', (code) => codes.push(code))
    const closing = connection.close()
    expect(connection.close()).toBe(closing)
    await closing
    await waitFor(() => codes.length === 1 && server.openConnections === 0, 'the goodbye')
    expect(codes).toEqual([1000])
    expect(states.slice(-2)).toEqual(['closing', 'closed'])
    expect(events.at(-1)).toBe('end 1 on purpose')
    expect(clock.pendingTimers).toBe(0)
    expect(() => connection.send('x')).toThrow(ExchangeConnectionException)
    connection.reconnect('harmless')
    await expect(connection.rotate()).rejects.toBeInstanceOf(ExchangeConnectionException)
  })

  it('cuts at the deadline when the goodbye has no answer', async () => {
    const clock = new ManualClock()
    const { server, connection } = await setUp({ clock })
    await connection.connect()
    server.last.socket.pause()
    const closing = connection.close(100)
    await clock.advance(100)
    await closing
    expect(connection.state).toBe('closed')
    expect(clock.pendingTimers).toBe(0)
  })

  it('can be closed before, during and between attempts', async () => {
    const { connection } = await setUp()
    await connection.close()
    await expect(connection.connect()).rejects.toBeInstanceOf(ShuttingDownException)

    const server = await startServer()
    server.isSilent = true
    const during = createConnection(server.url)
    const first = during.connection.connect()
    await waitFor(() => server.handshakes === 1, 'the handshake')
    await during.connection.close()
    await expect(first).rejects.toBeInstanceOf(ShuttingDownException)

    server.refuse = { status: 503 }
    server.isSilent = false
    const clock = new ManualClock()
    const between = createConnection(server.url, { clock, random: { next: () => 1 } })
    const second = between.connection.connect()
    await waitFor(() => between.connection.state === 'waiting', 'the pause')
    await between.connection.close()
    await expect(second).rejects.toBeInstanceOf(ShuttingDownException)
    expect(clock.pendingTimers).toBe(0)
    await waitFor(() => server.openConnections === 0, 'all sockets to close')
  })

  it('closes the sockets of a rotation under way', async () => {
    const { server, connection, events } = await setUp({
      subscribe: (session) => (session.epoch === 2 ? new Promise(() => undefined) : undefined),
      rotation: { afterMs: 60_000, overlapMs: 60_000 },
    })
    await connection.connect()
    const rotated = connection.rotate().catch((error: unknown) => error)
    await waitFor(() => server.clients.length === 2, 'the second socket')
    await connection.close()
    expect(await rotated).toBeInstanceOf(Error)
    await waitFor(() => server.openConnections === 0, 'all sockets to close')
    expect(events).toEqual(['start 1', 'end 1 on purpose'])
    const other = await setUp({ rotation: { afterMs: 60_000, overlapMs: 60_000 } })
    await other.connection.connect()
    await other.connection.rotate()
    await other.connection.close()
    await waitFor(() => other.server.openConnections === 0, 'both sockets to close')
    expect(other.events.slice().sort()).toEqual(['end 1 on purpose', 'end 2 on purpose', 'start 1', 'start 2'])
  })

  it('speaks TLS with a given authority, and through a proxy', async () => {
    const server = await startServer(testCertificate)
    const proxy = await TestProxyServer.start()
    closers.push(() => proxy.close())
    const proxyUrl = `http://127.0.0.1:${proxy.port}`
    const once = { reconnect: { maxAttempts: 1 } }
    const untrusting = createConnection(server.url, once)
    await expect(untrusting.connection.connect()).rejects.toMatchObject({ recovery: 'retry' })
    const trusting = createConnection(server.url, { ...once, socket: { tls: { ca: testCertificate.cert }, proxyUrl } })
    await trusting.connection.connect()
    server.last.socket.send('hello')
    await waitFor(() => trusting.frames.length === 1, 'the frame')
    expect(proxy.targets).toEqual([server.url.slice('wss://'.length)])
    proxy.isOpen = false
    const refused = createConnection(server.url, { ...once, socket: { proxyUrl } })
    await expect(refused.connection.connect()).rejects.toThrow('status 407')
  })
})
