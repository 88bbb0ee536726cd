import { SeededRandom, silentLogger, systemClock } from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { TestHttpServer } from '../testing/http-server.js'
import { testCertificate } from '../testing/test-certificate.js'
import { createHttpTransport } from './create-http-transport.js'
import type { HttpCancellation, HttpEvents, OutgoingHttpRequest } from './http-transport.js'
import { OrderLane } from './order-lane.js'
import { RestClient } from './rest-client.js'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A server that says what a test says, byte for byte. */
class TextServer {
  readonly sockets: Socket[] = []
  /** What each connection has sent. */
  readonly received: string[] = []
  private constructor(readonly server: Server) {}

  static async start(onRequest: (socket: Socket) => void): Promise<TextServer> {
    const server = createServer((socket) => {
      const index = started.sockets.push(socket) - 1
      started.received[index] = ''
      socket.on('error', () => undefined)
      socket.on('data', (chunk: Buffer) => {
        started.received[index] += chunk.toString('latin1')
        onRequest(socket)
      })
    })
    const started = new TextServer(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(() => {
      for (const socket of started.sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    })
    return started
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }
}

class Told implements HttpEvents {
  readonly told: string[] = []
  body = ''
  status: number | undefined
  /** Objects to being written. */
  objects = false

  onRequestStart(cancellation: HttpCancellation): void {
    this.told.push('start')
    if (this.objects) cancellation.abort(new Error('not sent'))
  }

  onResponseStart(_: HttpCancellation, status: number): void {
    this.status = status
  }

  onResponseData(_: HttpCancellation, chunk: Buffer): void {
    this.body += chunk.toString()
  }

  onResponseEnd(): void {
    this.told.push('end')
  }

  onResponseError(_: HttpCancellation, error: Error): void {
    this.told.push(`error: ${error.message}`)
  }
}

const order: OutgoingHttpRequest = {
  origin: 'http://somewhere',
  method: 'POST',
  path: '/order?a=1',
  headers: { 'content-type': 'application/json', KEY: 'k' },
  body: '{"a":"1"}',
}
const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

async function setUp(onRequest: (socket: Socket) => void, { connections = 2, spares = 1, clock = systemClock } = {}) {
  const server = await TextServer.start(onRequest)
  const stock = await Promise.all(Array.from({ length: spares }, () => openSocket(server.port)))
  await waitFor(() => server.sockets.length === spares, 'the stock to be accepted')
  const lane = new OrderLane({
    host: 'somewhere:80',
    connections,
    keepAliveMs: 30_000,
    clock,
    takeSpare: () => stock.shift(),
    connect: (callback) => {
      const socket = connect(server.port, '127.0.0.1')
      socket.once('connect', () => callback(null, socket)).once('error', (error) => callback(error, null))
    },
  })
  closers.push(() => lane.destroy())
  const send = (request = order, events = new Told()): Told => {
    lane.dispatch(request, events)
    return events
  }
  return { server, lane, send }
}

const isOver = ({ told }: Told): boolean => told.at(-1) !== 'start' && told.length > 0

describe('OrderLane', () => {
  it('has put the whole request into a connected socket, in one piece, when dispatch returns', async () => {
    const { server, send } = await setUp((socket) => void socket.write(answer))
    const events = send()
    expect(events.told).toEqual(['start'])
    await waitFor(() => isOver(events), 'the answer')
    expect(events).toMatchObject({ told: ['start', 'end'], status: 200, body: 'ok' })
    expect(server.received).toEqual([
      'POST /order?a=1 HTTP/1.1\r\nhost: somewhere:80\r\nconnection: keep-alive\r\n' +
        'content-type: application/json\r\nKEY: k\r\ncontent-length: 9\r\n\r\n{"a":"1"}',
    ])
  })

  it('counts bytes, not characters, and says where there is no body', async () => {
    const { server, send } = await setUp((socket) => void socket.write(answer))
    const first = send({ ...order, body: '"ü"' })
    await waitFor(() => isOver(first), 'the answer')
    const second = send({ ...order, body: null })
    await waitFor(() => isOver(second), 'the answer')
    const third = send({ ...order, method: 'DELETE', body: null })
    await waitFor(() => isOver(third), 'the answer')
    const [one, two, three] = server.received[0]!.split(/(?=POST |DELETE )/)
    expect(one).toMatch(/content-length: 4\r\n\r\n"\xc3\xbc"$/)
    expect(two).toMatch(/content-length: 0\r\n\r\n$/)
    expect(three).not.toMatch(/content-length/)
  })

  it('never has two requests on one connection at once, and uses one again when its answer is whole', async () => {
    const { server, send } = await setUp(() => undefined, { connections: 2, spares: 1 })
    const three = [send(), send(), send()]
    await waitFor(() => server.received.length === 2 && server.received.every((text) => text !== ''), 'two requests')
    expect(three.map(({ told }) => told)).toEqual([['start'], ['start'], []])
    server.sockets[0]!.write(answer)
    await waitFor(() => three[2]!.told.length > 0, 'the third to be written')
    await waitFor(() => server.received[0]!.split('POST').length === 3, 'the third on the first connection')
    for (const socket of server.sockets) socket.write(answer)
    await waitFor(() => three.every(isOver), 'all answers')
    expect(server.sockets).toHaveLength(2)
  })

  it.each([
    ['closes', (socket: Socket) => socket.destroy()],
    ['ends in the middle', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf')],
    ['sends what is no answer', (socket: Socket) => socket.write('what?\r\n\r\n')],
    ['sends more than the answer', (socket: Socket) => socket.write(`${answer}more`)],
  ])('fails a written request once and writes it nowhere again when the server %s', async (_, misbehave) => {
    const { server, send } = await setUp((socket) => void misbehave(socket))
    const events = send()
    await waitFor(() => isOver(events), 'the failure')
    expect(events.told).toHaveLength(2)
    expect(events.told[1]).toMatch(/^error/)
    const next = send()
    await waitFor(() => isOver(next), 'the next one to end')
    expect(server.received.map((text) => text.split('POST').length - 1)).toEqual([1, 1])
  })

  it('leaves open what became of an order whose answer is cut short, and sends it nowhere again (S2)', async () => {
    const server = await TextServer.start((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'))
    const client = new RestClient({
      origin: `http://127.0.0.1:${server.port}`,
      clock: systemClock,
      random: new SeededRandom(1),
      logger: silentLogger,
    })
    closers.push(() => client.close(0))
    const sent = client.request({ method: 'POST', path: '/order', priority: 'order', parse: (text) => text })
    await expect(sent).rejects.toMatchObject({ recovery: 'reconcile' })
    expect(server.received.join('').split('POST')).toHaveLength(2)
  })

  it('takes another connection where an idle one was closed or spoke without having been asked', async () => {
    const { server, send } = await setUp((socket) => void socket.write(answer), { spares: 2 })
    const first = send()
    await waitFor(() => isOver(first), 'the first answer')
    const idle = server.sockets.find((_, index) => server.received[index] !== '')!
    const closed = once(idle, 'close')
    idle.write('HTTP/1.1 408 Request Timeout\r\n\r\n')
    await closed
    const second = send()
    await waitFor(() => isOver(second), 'the second answer')
    expect(second.told).toEqual(['start', 'end'])
    expect(server.received.every((text) => text.split('POST').length === 2)).toBe(true)
  })

  it('uses no connection longer than the server keeps it', async () => {
    const clock = new ManualClock()
    const { server, send } = await setUp(
      (socket) => void socket.write('HTTP/1.1 200 OK\r\nkeep-alive: timeout=5, max=9\r\ncontent-length: 0\r\n\r\n'),
      { clock, spares: 2 },
    )
    const first = send()
    await waitFor(() => isOver(first), 'the first answer')
    await clock.advance(3_999)
    const second = send()
    await waitFor(() => isOver(second), 'the second answer')
    expect(server.received.filter((text) => text !== '')).toHaveLength(1)
    await clock.advance(4_000)
    const third = send()
    await waitFor(() => isOver(third), 'the third answer')
    expect(server.received.filter((text) => text !== '')).toHaveLength(2)
  })

  it('writes nothing when it is told so at the last moment, and keeps the connection', async () => {
    const { server, send } = await setUp((socket) => void socket.write(answer))
    const objecting = new Told()
    objecting.objects = true
    send(order, objecting)
    expect(objecting.told).toEqual(['start', 'error: not sent'])
    const next = send()
    await waitFor(() => isOver(next), 'the answer')
    expect(server.received[0]!.split('POST')).toHaveLength(2)
    expect(server.sockets).toHaveLength(1)
  })

  it.each([
    ['a path', { path: '/order HTTP/1.1\r\nx: y' }],
    ['a header', { headers: { a: 'b\r\nc: d' } }],
    ['a header name', { headers: { 'a b': 'c' } }],
    ['a length of its own', { headers: { 'Content-Length': '3' } }],
  ])('refuses %s that would change the request', async (_, change) => {
    const { server, send } = await setUp((socket) => void socket.write(answer))
    const events = send({ ...order, ...change })
    expect(events.told).toHaveLength(1)
    expect(events.told[0]).toMatch(/^error/)
    expect(server.received).toEqual([''])
  })

  it('says of whoever waits that nothing was written when no connection can be opened or the lane ends', async () => {
    const { server, lane, send } = await setUp(() => undefined, { connections: 1, spares: 1 })
    const written = send()
    const waiting = send()
    await lane.destroy()
    expect([written.told.length, waiting.told]).toEqual([2, ['error: The lane is closed.']])
    expect(send().told).toEqual(['error: The lane is closed.'])
    expect(server.sockets).toHaveLength(1)
    const nowhere = new OrderLane({
      host: 'nowhere',
      connections: 1,
      keepAliveMs: 1,
      clock: systemClock,
      takeSpare: () => undefined,
      connect: (callback) => callback(new Error('no way there'), null),
    })
    const events = new Told()
    nowhere.dispatch(order, events)
    expect(events.told).toEqual(['error: no way there'])
  })

  it('goes over TLS', async () => {
    const server = await TestHttpServer.start((_, response) => response.end('ok'), testCertificate)
    closers.push(() => server.close())
    const transport = createHttpTransport({
      origin: server.origin,
      clock: systemClock,
      random: new SeededRandom(1),
      socket: { tls: { rejectUnauthorized: false } },
    })
    closers.push(() => transport.destroy())
    await transport.warmUp()
    const events = new Told()
    transport.dispatch(order, 'order', events)
    expect(events.told).toEqual(['start'])
    await waitFor(() => isOver(events), 'the answer')
    expect(events).toMatchObject({ told: ['start', 'end'], body: 'ok' })
  })
})
