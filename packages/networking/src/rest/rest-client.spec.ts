import {
  AuthenticationException,
  CircuitOpenException,
  ExchangeConnectionException,
  ExchangeDataException,
  ExchangeRequestException,
  ExchangeUnavailableException,
  OrderRejectedException,
  RateLimitException,
  SeededRandom,
  ShuttingDownException,
  asCorrelationId,
  createExchangeId,
  silentLogger,
  systemClock,
  type CexArbitrageException,
} from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import type { ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { TestHttpServer, type SeenRequest } from '../testing/http-server.js'
import { TestProxyServer } from '../testing/proxy-server.js'
import { testCertificate } from '../testing/test-certificate.js'
import { RateLimiter } from './rate-limiter.js'
import { RestClient, type RestClientOptions } from './rest-client.js'
import type { RestRequest } from './rest-request.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Answer = (request: SeenRequest, response: ServerResponse) => void

async function startServer(answer: Answer, tls?: typeof testCertificate): Promise<TestHttpServer> {
  const server = await TestHttpServer.start(answer, tls)
  closers.push(() => server.close())
  return server
}

function createClient(origin: string, options: Partial<RestClientOptions> = {}): RestClient {
  const client = new RestClient({
    origin,
    clock: systemClock,
    random: { next: () => 0 },
    logger: silentLogger,
    exchange: createExchangeId('somewhere'),
    ...options,
  })
  closers.push(() => client.close(0))
  return client
}

async function setUp(answer: Answer, options: Partial<RestClientOptions> = {}) {
  const server = await startServer(answer)
  return { server, client: createClient(server.origin, options) }
}

const get: RestRequest<string> = { method: 'GET', path: '/thing', priority: 'account', parse: (text) => text }
const post: RestRequest<string> = { ...get, method: 'POST', path: '/order', body: '{"a":1}', priority: 'order' }
const failureOf = (promise: Promise<unknown>): Promise<CexArbitrageException> =>
  promise.then(
    () => {
      throw new Error('It should have failed.')
    },
    (error: CexArbitrageException) => error,
  )
const ok: Answer = (_, response) => response.end('ok')
const never: Answer = () => undefined

describe('RestClient', () => {
  it('sends what it is told and gives the parsed value and the rest of the answer', async () => {
    const { server, client } = await setUp((_, response) => {
      response.setHeader('X-Left', '9').setHeader('set-cookie', ['a', 'b']).end('{"id":9007199254740993}')
    })
    const response = await client.send({
      ...get,
      query: { symbol: 'BTC/USDT', limit: 5, none: undefined, ids: ['1', "it's"], big: 9007199254740993n },
      headers: { 'x-mine': '1' },
      parse: (text) => /\d+/.exec(text)![0],
    })
    expect(response).toMatchObject({ status: 200, data: '9007199254740993', attempts: 1 })
    expect(response.headers).toMatchObject({ 'x-left': '9', 'set-cookie': 'a, b' })
    expect(response.sentAtUs).toBeLessThanOrEqual(response.receivedAtUs)
    expect(server.seen[0]).toMatchObject({
      url: '/thing?symbol=BTC%2FUSDT&limit=5&ids=1&ids=it%27s&big=9007199254740993',
      body: '',
      headers: { 'x-mine': '1' },
    })
    expect(server.seen[0]!.headers['content-type']).toBeUndefined()
    await client.request({ ...post, query: 'a=%2F', contentType: 'text/plain' })
    expect(server.seen[1]).toMatchObject({ url: '/order?a=%2F', body: '{"a":1}' })
    expect(server.seen[1]!.headers['content-type']).toBe('text/plain')
  })

  it('lets the signer see the exact texts, and again for each attempt', async () => {
    const clock = new ManualClock()
    let retries = 0
    const { server, client } = await setUp(
      (_, response) => response.writeHead(server.seen.length < 2 ? 429 : 200).end(),
      {
        clock,
        observer: { onRetry: () => void retries++ },
        signer: {
          sign: ({ method, path, queryText, bodyText, nowMs, attempt }) => ({
            headers: { signed: `${method} ${path}?${queryText} ${bodyText} ${attempt}` },
            appendQuery: `timestamp=${nowMs}`,
          }),
        },
      },
    )
    const sent = client.send({ ...post, query: { b: 'ü' }, signed: true })
    await waitFor(() => retries === 1, 'the retry to wait')
    await clock.advance(5)
    await sent
    await client.request({ ...get, signed: true })
    await client.request(get)
    const startMs = clock.nowMs() - 5
    expect(server.seen.map(({ url, headers }) => [url, headers['signed']])).toEqual([
      [`/order?b=%C3%BC&timestamp=${startMs}`, 'POST /order?b=%C3%BC {"a":1} 1'],
      [expect.stringMatching(/^\/order\?b=%C3%BC&timestamp=\d+$/), 'POST /order?b=%C3%BC {"a":1} 2'],
      [`/thing?timestamp=${clock.nowMs()}`, 'GET /thing?  1'],
      ['/thing', undefined],
    ])
  })

  it.each([
    [400, ExchangeRequestException, 'reject'],
    [401, AuthenticationException, 'reject'],
    [403, undefined, 'reject'],
    [404, ExchangeRequestException, 'reject'],
    [408, ExchangeUnavailableException, 'reconcile'],
    [429, RateLimitException, 'retry'],
    [418, RateLimitException, 'retry'],
    [500, ExchangeUnavailableException, 'reconcile'],
    [503, ExchangeUnavailableException, 'reconcile'],
    [302, ExchangeDataException, 'reconcile'],
  ] as const)('gives HTTP %i its standard meaning', async (status, kind, recovery) => {
    const { client } = await setUp((_, response) => response.writeHead(status).end('s3cret'), {
      retry: { maxAttempts: 1 },
    })
    const error = await failureOf(client.request({ ...post, correlationId: asCorrelationId('abc') }))
    if (kind !== undefined) expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ recovery, httpStatus: status, exchange: 'somewhere', correlationId: 'abc' })
    expect(error.message).toContain('POST /order')
    expect(error.message).not.toContain('s3cret')
  })

  it('lets the error mapper speak first, on a 200 too, and repeats neither refusals nor what is unknown', async () => {
    const { server, client } = await setUp(
      (_, response) => response.writeHead(server.seen.length === 1 ? 200 : 503).end('no'),
      {
        errorMapper: ({ bodyText, status, correlationId }) =>
          status === 200 ? new OrderRejectedException({ message: bodyText, correlationId }) : undefined,
      },
    )
    expect(await failureOf(client.request(post))).toBeInstanceOf(OrderRejectedException)
    expect(await failureOf(client.request(post))).toBeInstanceOf(ExchangeUnavailableException)
    expect(server.seen).toHaveLength(2)
  })

  it('repeats idempotent requests whose outcome is unknown, up to the limit', async () => {
    const { server, client } = await setUp((_, response) => response.writeHead(503).end(), {
      retry: { maxAttempts: 4, backoff: { initialMs: 1, maxMs: 1 } },
    })
    expect(await failureOf(client.request(get))).toMatchObject({ httpStatus: 503 })
    expect(server.seen).toHaveLength(4)
    expect(await failureOf(client.request({ ...post, idempotent: true }))).toMatchObject({ httpStatus: 503 })
    expect(server.seen).toHaveLength(8)
  })

  it('waits as long as a refusal for frequency asks, pauses its windows, and does not wait beyond the deadline', async () => {
    const clock = new ManualClock()
    const limiter = new RateLimiter({ clock, windows: [{ name: 'ip', capacity: 5, intervalMs: 1_000 }] })
    const { server, client } = await setUp(
      (_, response) => response.writeHead(server.seen.length === 1 ? 429 : 200, { 'retry-after': '2' }).end(),
      { clock, limiter },
    )
    const sent = client.send({ ...post, costs: [{ window: 'ip' }] })
    await waitFor(() => limiter.getUsage('ip').pausedForMs > 0, 'the pause')
    expect(limiter.getUsage('ip')).toMatchObject({ pausedForMs: 2_000, spent: 1 })
    await clock.advance(1_999)
    expect(server.seen).toHaveLength(1)
    await clock.advance(1)
    expect(await sent).toMatchObject({ attempts: 2 })
    server.seen.length = 0
    const hasty = failureOf(client.request({ ...post, timeouts: { totalMs: 1_500 } }))
    expect(await hasty).toMatchObject({ retryAfterMs: 2_000 })
    expect(server.seen).toHaveLength(1)
  })

  it('never repeats an order that was cut off after it was written', async () => {
    const { server, client } = await setUp(() => server.cut())
    const error = await failureOf(client.request(post))
    expect(error).toBeInstanceOf(ExchangeUnavailableException)
    expect(error.recovery).toBe('reconcile')
    expect(server.seen).toHaveLength(1)
  })

  it('says that nothing was sent when there is nobody to connect to, and tries again', async () => {
    const server = await startServer(ok)
    await server.close()
    closers.pop()
    const retries: number[] = []
    const client = createClient(server.origin, {
      observer: { onRetry: ({ attempt }) => void retries.push(attempt) },
      retry: { backoff: { initialMs: 1, maxMs: 1 } },
    })
    const error = await failureOf(client.request(post))
    expect(error).toBeInstanceOf(ExchangeConnectionException)
    expect(error.recovery).toBe('retry')
    expect(retries).toEqual([1, 2])
    await expect(client.warmUp()).rejects.toBeInstanceOf(ExchangeConnectionException)
  })

  it('ends each phase at its limit', async () => {
    const clock = new ManualClock()
    const { server, client } = await setUp(
      ({ url }, response) => {
        if (url === '/slow-body') response.writeHead(200).write('begin')
      },
      { clock, timeouts: { headersMs: 200, bodyMs: 300, totalMs: 1_000 }, retry: { maxAttempts: 1 } },
    )
    const headers = failureOf(client.request(post))
    await waitFor(() => server.seen.length === 1, 'the request')
    await clock.advance(200)
    expect(await headers).toMatchObject({ recovery: 'reconcile', message: expect.stringContaining('headers') })
    const phases: number[] = []
    const unhurried = { headersMs: 100_000, totalMs: 200_000 }
    const body = failureOf(client.request({ ...post, path: '/slow-body', timeouts: unhurried }))
    await waitFor(() => server.seen.length === 2, 'the second request')
    while (clock.pendingTimers > 0) phases.push(await clock.advance(5).then(() => 5))
    expect(await body).toMatchObject({ recovery: 'reconcile', message: expect.stringContaining('body took longer') })
    expect(phases.length * 5).toBeGreaterThanOrEqual(300)
    const whole = failureOf(client.request({ ...post, timeouts: { totalMs: 100 } }))
    await waitFor(() => server.seen.length === 3, 'the third request')
    await clock.advance(100)
    expect(await whole).toMatchObject({ recovery: 'reconcile', message: expect.stringContaining('the whole call may') })
  })

  it('ends the connect phase at its limit, and nothing is sent later', async () => {
    const silent = createTcpServer(() => undefined)
    silent.listen(0, '127.0.0.1')
    await waitFor(() => silent.listening, 'the listener')
    closers.push(async () => void silent.close())
    const { port } = silent.address() as AddressInfo
    const client = createClient(`https://127.0.0.1:${port}`, {
      timeouts: { connectMs: 30 },
      retry: { maxAttempts: 1 },
    })
    const error = await failureOf(client.request(post))
    expect(error).toMatchObject({ code: 'EXCHANGE_CONNECTION_FAILED', recovery: 'retry' })
    await client.close(0)
  })

  it('does not write a request that was given up while it waited for a connection', async () => {
    const answers: ServerResponse[] = []
    const { server, client } = await setUp((_, response) => void answers.push(response), { connections: 1 })
    const first = client.request(post)
    await waitFor(() => answers.length === 1, 'the first request')
    const abort = new AbortController()
    const second = failureOf(client.request({ ...post, signal: abort.signal }))
    await new Promise((resolve) => setImmediate(resolve))
    abort.abort()
    expect(await second).toMatchObject({ recovery: 'retry' })
    answers[0]!.end('done')
    expect(await first).toBe('done')
    const third = client.request(post)
    await waitFor(() => answers.length === 2, 'the third request')
    answers[1]!.end('third')
    expect(await third).toBe('third')
    expect(server.seen).toHaveLength(2)
  })

  it('lets the caller give up: before the call, while it is under way, and between attempts', async () => {
    const clock = new ManualClock()
    let retries = 0
    const { server, client } = await setUp(
      ({ method }, response) => {
        if (method === 'GET') response.writeHead(503).end()
      },
      { clock, random: { next: () => 1 }, observer: { onRetry: () => void retries++ } },
    )
    expect(await failureOf(client.request({ ...post, signal: AbortSignal.abort() }))).toMatchObject({
      recovery: 'retry',
    })
    const abort = new AbortController()
    const pending = failureOf(client.request({ ...post, signal: abort.signal }))
    await waitFor(() => server.seen.length === 1, 'the request')
    abort.abort()
    expect(await pending).toMatchObject({ recovery: 'reconcile', message: expect.stringContaining('given up') })
    const later = new AbortController()
    const repeated = failureOf(client.request({ ...get, signal: later.signal }))
    await waitFor(() => retries === 1, 'the pause before the retry')
    later.abort()
    expect(await repeated).toMatchObject({ httpStatus: 503 })
    expect(clock.pendingTimers).toBe(0)
  })

  it('waits for the limiter at most as long as it may, and spends weight only when it writes', async () => {
    const clock = new ManualClock()
    const limiter = new RateLimiter({ clock, windows: [{ name: 'ip', capacity: 1, intervalMs: 1_000 }] })
    const waits: number[] = []
    const { server, client } = await setUp(ok, {
      clock,
      limiter,
      observer: { onLimitWait: ({ waitedUs }) => void waits.push(waitedUs) },
    })
    const costs = [{ window: 'ip' }]
    await client.request({ ...get, costs })
    const second = client.request({ ...get, costs })
    await clock.advance(1_000)
    await second
    expect(waits).toEqual([1_000_000])
    const error = await failureOf(client.request({ ...get, costs, timeouts: { queueMs: 999 } }))
    expect(error).toBeInstanceOf(RateLimitException)
    expect(server.seen).toHaveLength(2)
    await clock.advance(1_000)
    await server.close()
    closers.shift()
    await failureOf(client.request({ ...post, costs, timeouts: { totalMs: 0 } }))
    expect(limiter.getUsage('ip')).toMatchObject({ spent: 0, held: 0 })
  })

  it('uses the permit of an admitted trade, and heeds what the venue says is left', async () => {
    const clock = new ManualClock()
    const limiter = new RateLimiter({ clock, windows: [{ name: 'orders', capacity: 4, intervalMs: 1_000 }] })
    const { client } = await setUp(ok, {
      clock,
      limiter,
      observeLimits: ({ headers }) => [{ window: 'orders', remaining: headers['date'] === undefined ? 4 : 1 }],
    })
    const costs = [{ window: 'orders' }]
    const trade = limiter.tryAdmit([
      { priority: 'order', costs, count: 1 },
      { priority: 'cancel', costs, count: 1 },
    ])!
    const permit = trade.take(0)!
    await client.request({ ...post, costs, permit })
    expect(permit.state).toBe('spent')
    expect(limiter.getUsage('orders')).toMatchObject({ held: 1, available: 1 })
    await client.request({ ...post, costs, permit })
    expect(limiter.getUsage('orders').available).toBe(0)
    trade.release()
  })

  it('opens its circuit after repeated failures, lets cancels pass, and closes it again', async () => {
    const clock = new ManualClock()
    let status = 503
    const { server, client } = await setUp((_, response) => response.writeHead(status).end(), {
      clock,
      retry: { maxAttempts: 1 },
      circuit: { minimumCalls: 2, openMs: 1_000, probes: 1 },
    })
    for (let i = 0; i < 2; i++) await failureOf(client.request(post))
    expect(client.circuitState).toBe('open')
    expect(await failureOf(client.request(post))).toBeInstanceOf(CircuitOpenException)
    expect(await failureOf(client.request({ ...post, priority: 'cancel' }))).toMatchObject({ httpStatus: 503 })
    expect(server.seen).toHaveLength(3)
    await clock.advance(1_000)
    status = 200
    await client.request(post)
    expect(client.circuitState).toBe('closed')
    expect(createClient(server.origin, { circuit: false }).circuitState).toBe('closed')
  })

  it('tells the observer how long the phases took, and is not disturbed by what it throws', async () => {
    const seen: unknown[] = []
    const { client } = await setUp(ok, {
      ids: { nextCorrelationId: () => asCorrelationId('minted') },
      observer: {
        onStart: () => {
          throw new Error('broken observer')
        },
        onEnd: ({ durations, ...rest }) => {
          seen.push(rest)
          const { queueUs, connectUs, headersUs, bodyUs, totalUs } = durations
          expect(Math.min(connectUs, headersUs, bodyUs)).toBeGreaterThanOrEqual(0)
          expect(totalUs).toBeGreaterThanOrEqual(queueUs + connectUs + headersUs + bodyUs)
        },
      },
    })
    await client.request(get)
    expect(seen).toEqual([
      {
        endpoint: 'GET /thing',
        priority: 'account',
        correlationId: 'minted',
        attempt: 1,
        status: 200,
        error: undefined,
      },
    ])
  })

  it('takes its sockets from a stock that it keeps filled', async () => {
    const { server, client } = await setUp(ok, { spareConnections: 2 })
    await client.warmUp()
    await waitFor(() => server.connections === 2, 'two spare connections')
    expect(client.spareConnections).toBe(2)
    await client.request(post)
    await waitFor(() => client.spareConnections === 2 && server.connections === 3, 'the replacement')
    expect(server.seen).toHaveLength(1)
    await client.close()
    await waitFor(() => server.openSockets === 0, 'all sockets to close')
  })

  it('replaces spare sockets that the server closes', async () => {
    const { server, client } = await setUp(ok, { spareConnections: 1 })
    await client.warmUp()
    await waitFor(() => server.openSockets === 1, 'the spare connection')
    server.cut()
    await waitFor(() => server.connections === 2 && client.spareConnections === 1, 'the replacement')
    expect(await client.request(get)).toBe('ok')
  })

  it('replaces spare sockets that have grown old, and leaves no timer behind', async () => {
    const clock = new ManualClock()
    const { server, client } = await setUp(ok, { spareConnections: 2, clock })
    await client.warmUp()
    await waitFor(() => server.connections === 2, 'two spare connections')
    await clock.advance(59_999)
    expect(server.connections).toBe(2)
    await clock.advance(2)
    await waitFor(() => server.connections === 4 && server.openSockets === 2, 'the replacements')
    await client.close()
    expect(clock.pendingTimers).toBe(0)
  })

  it('reads compressed answers, and refuses those that are too large or not what they say', async () => {
    const text = '{"a":"ü"}'.repeat(100)
    const bodies: Record<string, [string, Buffer]> = {
      '/gzip': ['gzip', gzipSync(text)],
      '/deflate': ['deflate', deflateSync(text)],
      '/br': ['br', brotliCompressSync(text)],
      '/plain': ['identity', Buffer.from(text)],
      '/wrong': ['gzip', Buffer.from(text)],
      '/unknown': ['zip', Buffer.from(text)],
      '/bomb': ['gzip', gzipSync(text.repeat(100))],
      '/huge': ['identity', Buffer.from(text.repeat(100))],
    }
    const { server, client } = await setUp(
      ({ url }, response) => response.setHeader('content-encoding', bodies[url]![0]).end(bodies[url]![1]),
      { maxResponseBytes: 10_000 },
    )
    for (const path of ['/gzip', '/deflate', '/br', '/plain'])
      expect(await client.request({ ...get, path, compressed: true })).toBe(text)
    expect(server.seen[0]!.headers['accept-encoding']).toBe('gzip')
    for (const path of ['/wrong', '/unknown', '/bomb', '/huge'])
      expect(await failureOf(client.request({ ...get, path }))).toMatchObject({
        code: 'EXCHANGE_DATA_UNREADABLE',
        recovery: 'reconcile',
      })
    expect(server.seen).toHaveLength(8)
  })

  it('wraps what the parser and the signer throw', async () => {
    const { server, client } = await setUp((_, response) => response.end('{"key":'), {
      signer: {
        sign: () => {
          throw new Error('no key')
        },
      },
    })
    const unreadable = await failureOf(client.request({ ...post, parse: (text): unknown => JSON.parse(text) }))
    expect(unreadable).toBeInstanceOf(ExchangeDataException)
    expect(unreadable.cause).toBeInstanceOf(SyntaxError)
    expect(await failureOf(client.request({ ...post, signed: true }))).toMatchObject({ code: 'INVARIANT_BROKEN' })
    const invalid = await failureOf(client.request({ ...post, path: '/with space' }))
    expect(invalid).toMatchObject({ code: 'EXCHANGE_REQUEST_INVALID', recovery: 'reject' })
    expect(server.seen).toHaveLength(1)
  })

  it('keeps signed queries out of its messages', async () => {
    const { server, client } = await setUp(() => server.cut(), {
      signer: { sign: () => ({ headers: { key: 'k-secret' }, appendQuery: 'signature=s-secret' }) },
      retry: { maxAttempts: 1 },
    })
    const error = await failureOf(client.request({ ...get, query: { listenKey: 'l-secret' }, signed: true }))
    const shown = `${error.message} ${JSON.stringify(error)} ${error.stack} ${String(error.cause)} ${JSON.stringify(error.cause)}`
    expect(shown).not.toContain('secret')
    expect(server.seen[0]!.url).toContain('signature=s-secret')
  })

  it('lets calls finish when it closes, and cuts them at the deadline', async () => {
    const clock = new ManualClock()
    const answers: ServerResponse[] = []
    const { client } = await setUp((_, response) => void answers.push(response), { clock, connections: 1 })
    const finished = client.request(post)
    await waitFor(() => answers.length === 1, 'the first request')
    const closing = client.close(100)
    expect(await failureOf(client.request(post))).toBeInstanceOf(ShuttingDownException)
    answers[0]!.end('in time')
    expect(await finished).toBe('in time')
    await closing
    expect(clock.pendingTimers).toBe(0)

    const { server, client: other } = await setUp(never, { clock, connections: 1 })
    const written = failureOf(other.request(post))
    await waitFor(() => server.seen.length === 1, 'the written request')
    const unwritten = failureOf(other.request(post))
    expect(other.inFlight).toBe(2)
    const cut = other.close(50)
    expect(other.close()).toBe(cut)
    await clock.advance(50)
    expect(await written).toMatchObject({ recovery: 'reconcile' })
    expect(await unwritten).toBeInstanceOf(ShuttingDownException)
    await cut
    expect(clock.pendingTimers).toBe(0)
  })

  it('turns away what waits for the limiter when the deadline of closing comes', async () => {
    const clock = new ManualClock()
    const limiter = new RateLimiter({ clock, windows: [{ name: 'ip', capacity: 1, intervalMs: 5_000 }] })
    const { client } = await setUp(ok, { clock, limiter })
    limiter.tryAcquire({ priority: 'order', costs: [{ window: 'ip' }] })
    const waiting = failureOf(client.request({ ...post, costs: [{ window: 'ip' }] }))
    const closing = client.close(10)
    await clock.advance(10)
    expect(await waiting).toBeInstanceOf(ShuttingDownException)
    await closing
    expect(limiter.queued).toBe(0)
  })

  it('gives orders connections of their own', async () => {
    const { client } = await setUp(({ url }, response) => void (url === '/order' && response.end('done')), {
      connections: 1,
    })
    const stuck = failureOf(client.request(get))
    expect(await client.request(post)).toBe('done')
    const closing = client.close(0)
    expect(await stuck).toMatchObject({ recovery: expect.stringMatching(/re/) })
    await closing
  })

  it('speaks TLS with a given authority, and through a proxy', async () => {
    const server = await startServer(ok, testCertificate)
    const proxy = await TestProxyServer.start()
    closers.push(() => proxy.close())
    const once = { retry: { maxAttempts: 1 } }
    const untrusting = createClient(server.origin, once)
    expect(await failureOf(untrusting.request(get))).toMatchObject({ recovery: 'retry' })
    const careless = createClient(server.origin, { socket: { tls: { rejectUnauthorized: false } } })
    expect(await careless.request(get)).toBe('ok')
    const proxyUrl = `http://user:p%40ss@127.0.0.1:${proxy.port}`
    const tunnelled = createClient(server.origin, {
      ...once,
      socket: { tls: { ca: [testCertificate.cert], servername: 'localhost' }, proxyUrl, localAddress: '127.0.0.1' },
    })
    await tunnelled.warmUp()
    expect(await tunnelled.request(get)).toBe('ok')
    expect(proxy.targets[0]).toBe(server.origin.slice('https://'.length))
    expect(Buffer.from(proxy.authorizations[0]!.slice('Basic '.length), 'base64').toString()).toBe('user:p@ss')
    const plain = await startServer(ok)
    expect(await createClient(plain.origin, { socket: { proxyUrl } }).request(get)).toBe('ok')
    proxy.isOpen = false
    const refused = await failureOf(createClient(server.origin, { ...once, socket: { proxyUrl } }).request(get))
    expect(refused).toMatchObject({ recovery: 'retry', message: expect.stringContaining('status 407') })
    expect(refused.message).not.toContain('p@ss')
  })

  it('sends nothing twice while servers fail at random', async () => {
    const random = new SeededRandom(7)
    const received = new Map<string, number>()
    const server = await startServer(({ body }, response) => {
      received.set(body, (received.get(body) ?? 0) + 1)
      const dice = random.next()
      if (dice < 0.2) response.destroy()
      else if (dice < 0.3) response.writeHead(503).end()
      else if (dice < 0.4) server.cut()
      else response.end('ok')
    })
    const client = createClient(server.origin, { circuit: false })
    const outcomes = await Promise.all(
      Array.from({ length: 150 }, async (_, i) =>
        client.request({ ...post, body: String(i) }).then(
          () => 'done',
          (error: CexArbitrageException) => error.recovery,
        ),
      ),
    )
    for (const [i, outcome] of outcomes.entries()) {
      const times = received.get(String(i)) ?? 0
      expect(times).toBeLessThanOrEqual(1)
      if (outcome === 'done') expect(times).toBe(1)
      if (outcome === 'retry') expect(times).toBe(0)
    }
    expect(outcomes).toContain('reconcile')
  })
})
