import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { TestProxyServer } from '../testing/proxy-server.js'
import { createUpgrade, RawWebSocketServer } from '../testing/raw-websocket-server.js'
import { serverFrame } from '../testing/server-frame.js'
import { testCertificate } from '../testing/test-certificate.js'
import { TestWebSocketServer } from '../testing/websocket-server.js'
import type { ClientSocket } from './client-socket.js'
import { connectWebSocket, type ConnectWebSocketOptions } from './connect-websocket.js'

const [text, binary, close, ping, pong] = [1, 2, 8, 9, 10]
const usual = { connectTimeoutMs: 5_000, maxPayloadBytes: 1_000_000 }

const closers: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const each of closers.splice(0).reverse()) await each()
})

async function startRaw(): Promise<RawWebSocketServer> {
  const server = await RawWebSocketServer.start()
  closers.push(() => server.close())
  return server
}

/** A socket whose events are written down. */
function connect(url: string, options: Partial<ConnectWebSocketOptions> = {}) {
  const socket = connectWebSocket(url, { ...usual, ...options })
  const events = listen(socket)
  closers.push(() => socket.terminate())
  return { socket, events }
}

function listen(socket: ClientSocket): string[] {
  const events: string[] = []
  socket.receiver = {
    onBytes: () => undefined,
    onMessage: (frame) =>
      void events.push(`${frame.isBinary ? 'binary' : 'text'} ${frame.length > 99 ? frame.length : frame.toString()}`),
  }
  socket.on('open', () => events.push('open'))
  socket.on('refused', ({ statusCode, headers }) => events.push(`refused ${statusCode} ${headers['retry-after']}`))
  socket.on('pong', (payload) => events.push(`pong ${payload.toString()}`))
  socket.on('error', ({ message }) => events.push(`error ${message}`))
  socket.on('close', (code, reason) => events.push(`close ${code} ${reason.toString()}`.trim()))
  return events
}

const isOver = (events: readonly string[]) => (): boolean => events.some((event) => event.startsWith('close'))

describe('the handshake', () => {
  it('asks as RFC 6455 wants it, with the headers that were given', async () => {
    const server = await startRaw()
    const url = server.url.replace('ws://', 'ws://user:p%40ss@')
    const { events } = connect(url, { headers: { 'x-mine': '1', host: 'venue.test' } })
    await waitFor(() => events.includes('open'), 'the socket')
    const [line, ...headers] = server.last.request.split('\r\n')
    expect(line).toBe('GET /ws?x=1 HTTP/1.1')
    expect(headers.map((header) => header.replace(/(Key: ).{24}$/, '$1…')).toSorted()).toEqual([
      `Authorization: Basic ${Buffer.from('user:p@ss').toString('base64')}`,
      'Connection: Upgrade',
      'Sec-WebSocket-Key: …',
      'Sec-WebSocket-Version: 13',
      'Upgrade: websocket',
      'host: venue.test',
      'x-mine: 1',
    ])
  })

  it('refuses addresses and headers that are none, without showing them', () => {
    expect(() => connectWebSocket('ftp://host/', usual)).toThrow('begins with ws')
    expect(() => connectWebSocket('ws://host/#part', usual)).toThrow('no fragment')
    const smuggled = { headers: { 'x-key': 'secret\r\nx-more: 1' } }
    expect(() => connectWebSocket('ws://host/', { ...usual, ...smuggled })).toThrow(/^(?!.*secret)/)
  })

  it('takes frames that come together with the answer, and an answer that comes byte by byte', async () => {
    const server = await startRaw()
    server.answer = (accept) => Buffer.concat([Buffer.from(createUpgrade(accept)), serverFrame(text, 'welcome')])
    const first = connect(server.url)
    await waitFor(() => first.events.includes('text welcome'), 'the frame')
    let accepted = ''
    server.answer = (accept) => {
      accepted = accept
      return undefined
    }
    const second = connect(server.url)
    await waitFor(() => accepted !== '', 'the client')
    const bytes = Buffer.concat([Buffer.from(createUpgrade(accepted)), serverFrame(text, 'welcome')])
    for (let i = 0; i < bytes.length; i++) {
      server.last.socket.write(bytes.subarray(i, i + 1))
      await new Promise((resolve) => void setImmediate(resolve))
    }
    await waitFor(() => second.events.length === 2, 'both events')
    expect(second.events).toEqual(['open', 'text welcome'])
  })

  it.each([
    ['no proof', { 'Sec-WebSocket-Accept': '' }, 'Sec-WebSocket-Accept'],
    ['the proof of another key', { 'Sec-WebSocket-Accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' }, 'Sec-WebSocket-Accept'],
    ['another protocol', { Upgrade: 'h2c' }, 'does not upgrade to websocket'],
    ['a connection that stays', { Connection: 'keep-alive' }, 'does not upgrade the connection'],
    ['compression', { 'Sec-WebSocket-Extensions': 'permessage-deflate' }, 'sec-websocket-extensions'],
    ['a subprotocol', { 'Sec-WebSocket-Protocol': 'chat' }, 'sec-websocket-protocol'],
    ['a header that is none', { 'a b': 'c' }, 'a header that is none'],
  ])('is refused by an answer with %s', async (_, headers, reason) => {
    const server = await startRaw()
    server.answer = (accept) => createUpgrade(accept, headers)
    const { events } = connect(server.url)
    await waitFor(isOver(events), 'the end')
    expect(events).toEqual([expect.stringContaining(reason), 'close 1006'])
    await waitFor(() => server.last.isGone, 'the client to go')
  })

  it.each([
    ['another version of HTTP', 'HTTP/1.0 101 Switching\r\n\r\n', 'no HTTP/1.1'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'no HTTP/1.1'],
    ['a head without end', `HTTP/1.1 101 S\r\nx: ${'y'.repeat(20_000)}`, 'does not end'],
  ])('is refused by an answer of %s', async (_, answer, reason) => {
    const server = await startRaw()
    server.answer = () => answer
    const { events } = connect(server.url)
    await waitFor(isOver(events), 'the end')
    expect(events).toEqual([expect.stringContaining(reason), 'close 1006'])
  })

  it('tells with what status and headers it was refused', async () => {
    const server = await startRaw()
    server.answer = () => 'HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nretry-after: 8\r\n\r\nbody'
    const { events } = connect(server.url)
    await waitFor(isOver(events), 'the end')
    expect(events).toEqual(['refused 429 7, 8', 'close 1006'])
  })

  it('ends when nobody listens, and when it is cut before it has begun', async () => {
    const server = await startRaw()
    await server.close()
    closers.pop()
    const unheard = connect(server.url)
    await waitFor(isOver(unheard.events), 'the end')
    expect(unheard.events).toEqual([expect.stringContaining('ECONNREFUSED'), 'close 1006'])
    const again = await startRaw()
    const cut = connect(again.url)
    cut.socket.close()
    expect(cut.socket.bufferedAmount).toBe(0)
    await waitFor(isOver(cut.events), 'the end')
    cut.socket.terminate()
    expect(cut.events).toEqual(['close 1006'])
    expect(cut.socket.readyState).toBe(3)
  })
})

describe('an open socket', () => {
  async function open(options: Partial<ConnectWebSocketOptions> = {}) {
    const server = await startRaw()
    const connected = connect(server.url, options)
    await waitFor(() => connected.events.includes('open'), 'the socket')
    connected.events.length = 0
    return { ...connected, client: server.last }
  }

  it('sends text and bytes of any length, masked with a fresh key each', async () => {
    const { socket, client } = await open()
    const flushed: number[] = []
    const sent = ['grüße', '', Buffer.alloc(125, 1), Buffer.alloc(126, 2), Buffer.alloc(65_536, 3), 'x'.repeat(70_000)]
    for (const [i, data] of sent.entries())
      socket.send(data, { binary: typeof data !== 'string' }, () => void flushed.push(i))
    await waitFor(() => client.frames.length === sent.length, 'all frames')
    expect(client.frames.map(({ opcode }) => opcode)).toEqual([text, text, binary, binary, binary, text])
    for (const [i, { payload }] of client.frames.entries()) expect(payload.equals(Buffer.from(sent[i]!))).toBe(true)
    expect(flushed).toEqual([0, 1, 2, 3, 4, 5])
    for (let i = 0; i < 3_000; i++) socket.send(String(i), { binary: false }, () => undefined)
    await waitFor(() => client.frames.length === sent.length + 3_000, 'many frames')
    expect(client.frames.slice(sent.length).map(({ payload }) => Number(payload.toString()))).toEqual([
      ...Array.from({ length: 3_000 }).keys(),
    ])
  })

  it('answers pings with what they carry, between the fragments of a message too', async () => {
    const { events, client } = await open()
    const parts = [serverFrame(text, 'a', false), serverFrame(ping, 'one'), serverFrame(0, 'b'), serverFrame(ping)]
    client.socket.write(Buffer.concat(parts))
    await waitFor(() => client.frames.length === 2, 'the pongs')
    expect(client.frames.map(({ opcode, payload }) => `${opcode} ${payload.toString()}`)).toEqual(['10 one', '10 '])
    expect(events).toEqual(['text ab'])
  })

  it('answers the last of a flood of pings while its own bytes wait', async () => {
    const { socket, client } = await open()
    client.socket.pause()
    for (let i = 0; i < 40; i++) socket.send(Buffer.alloc(250_000), { binary: true }, () => undefined)
    await waitFor(() => socket.bufferedAmount > 1_000_000, 'bytes that wait')
    const waiting = socket.bufferedAmount
    client.socket.write(Buffer.concat(Array.from({ length: 5_000 }, (_, i) => serverFrame(ping, `p${i}`))))
    client.socket.write(serverFrame(pong, 'seen'))
    await waitFor(() => socket.listenerCount('pong') > 0 && socket.bufferedAmount <= waiting, 'no growth')
    client.socket.resume()
    await waitFor(() => client.frames.some(({ payload }) => payload.toString() === 'p4999'), 'the last pong')
    expect(client.frames.filter(({ opcode }) => opcode === pong).length).toBeLessThan(5_000)
  })

  it('pings, and tells of pongs', async () => {
    const { socket, events, client } = await open()
    socket.ping()
    await waitFor(() => client.frames.length === 1, 'the ping')
    expect(client.frames[0]).toEqual({ opcode: ping, payload: Buffer.alloc(0) })
    client.socket.write(serverFrame(pong, 'unasked'))
    await waitFor(() => events.length === 1, 'the pong')
    expect(events).toEqual(['pong unasked'])
  })

  it.each([
    ['a masked frame', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 65]), 1002],
    ['a message of more than is taken', Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0x0f, 0x42, 0x41]), 1009],
    ['a close frame with half a code', serverFrame(close, Buffer.from([3])), 1002],
    ['a close frame with a code that none may send', serverFrame(close, Buffer.from([0x03, 0xed])), 1002],
    ['a close frame with an unassigned code', serverFrame(close, Buffer.from([0x07, 0xd0])), 1002],
    ['a close frame whose reason is no text', serverFrame(close, Buffer.from([0x03, 0xe8, 0xff])), 1007],
  ])('says why it goes after %s, and reads nothing behind it', async (_, bytes, code) => {
    const { socket, events, client } = await open()
    client.socket.write(Buffer.concat([serverFrame(text, 'before'), bytes, serverFrame(text, 'behind')]))
    await waitFor(isOver(events), 'the end')
    expect(events).toEqual(['text before', expect.stringMatching(/^error /), 'close 1006'])
    await waitFor(() => client.isGone, 'the client to go')
    expect(client.frames).toEqual([{ opcode: close, payload: Buffer.from([code >> 8, code & 0xff]) }])
    expect(socket.readyState).toBe(3)
    socket.send('x', { binary: false }, () => expect.unreachable())
    socket.ping()
    socket.close()
    socket.terminate()
  })

  it.each([
    ['a code and a reason', Buffer.concat([Buffer.from([0x0f, 0xa0]), Buffer.from('maintenance')]), '4000 maintenance'],
    ['a code', Buffer.from([0x03, 0xf4]), '1012'],
    ['nothing', Buffer.alloc(0), '1005'],
  ])('ends at once when the server says goodbye with %s, and says goodbye too', async (_, payload, told) => {
    const { events, client } = await open()
    client.socket.write(Buffer.concat([serverFrame(close, payload), serverFrame(text, 'behind')]))
    await waitFor(isOver(events), 'the end')
    expect(events).toEqual([`close ${told}`])
    await waitFor(() => client.isGone, 'the client to go')
    expect(client.frames).toEqual([{ opcode: close, payload: payload.subarray(0, 2) }])
  })

  it('says goodbye, still hears what was on its way, and ends with the answer', async () => {
    const { socket, events, client } = await open()
    socket.close(4_321)
    expect(socket.readyState).toBe(2)
    socket.send('too late', { binary: false }, () => expect.unreachable())
    await waitFor(() => client.frames.length === 1, 'the goodbye')
    expect(client.frames[0]!.payload).toEqual(Buffer.from([0x10, 0xe1]))
    client.socket.write(Buffer.concat([serverFrame(text, 'last words'), serverFrame(close, Buffer.from([0x10, 0xe1]))]))
    await waitFor(isOver(events), 'the end')
    expect(events).toEqual(['text last words', 'close 4321'])
    await waitFor(() => client.isGone, 'the client to go')
    expect(client.frames).toHaveLength(1)
  })

  it('ends without a code when the server goes without goodbye, half-way or altogether', async () => {
    const first = await open()
    first.client.socket.write(serverFrame(text, 'whole').subarray(0, 4))
    first.client.socket.end()
    await waitFor(isOver(first.events), 'the end')
    expect(first.events).toEqual(['close 1006'])
    const second = await open()
    second.client.socket.resetAndDestroy()
    await waitFor(isOver(second.events), 'the end')
    expect(second.events).toEqual([expect.stringContaining('ECONNRESET'), 'close 1006'])
  })

  it('reads nothing more once it is cut by who reads', async () => {
    const { socket, events, client } = await open()
    socket.receiver = {
      onBytes: () => undefined,
      onMessage: (frame) => {
        events.push(frame.toString())
        socket.terminate()
      },
    }
    client.socket.write(Buffer.concat([serverFrame(text, 'a'), serverFrame(text, 'b')]))
    await waitFor(isOver(events), 'the end')
    expect(events).toEqual(['a', 'close 1006'])
  })

  it('lets what its reader throws go on its way', async () => {
    const { socket, client } = await open()
    const thrown: unknown[] = []
    const onThrown = (error: unknown): void => void thrown.push(error)
    process.on('uncaughtException', onThrown)
    closers.push(() => void process.off('uncaughtException', onThrown))
    const others = process.listeners('uncaughtException').filter((listener) => listener !== onThrown)
    for (const listener of others) process.off('uncaughtException', listener)
    socket.receiver = {
      onBytes: () => undefined,
      onMessage: () => {
        throw new TypeError('broken reader')
      },
    }
    client.socket.write(serverFrame(text, 'a'))
    await waitFor(() => thrown.length === 1, 'the error').finally(() => {
      for (const listener of others) process.on('uncaughtException', listener)
    })
    expect(thrown[0]).toBeInstanceOf(TypeError)
  })
})

describe('a socket through TLS and proxies', () => {
  it.each([
    ['plain', undefined, false],
    ['plain through a proxy', undefined, true],
    ['TLS', testCertificate, false],
    ['TLS through a proxy', testCertificate, true],
  ])('exchanges messages of all sizes with the server of ws: %s', async (_, certificate, isProxied) => {
    const server = await TestWebSocketServer.start(certificate)
    closers.push(() => server.close())
    const proxy = await TestProxyServer.start()
    closers.push(() => proxy.close())
    server.onMessage = (message, { socket }) => {
      if (message.startsWith('again')) for (let i = 0; i < 300; i++) socket.send(`${i}`)
      else socket.send(Buffer.alloc(Number(message), 7))
    }
    const { socket, events } = connect(server.url, {
      maxPayloadBytes: 3_000_000,
      socket: {
        ...(certificate && { tls: { ca: certificate.cert } }),
        ...(isProxied && { proxyUrl: `http://127.0.0.1:${proxy.port}` }),
      },
    })
    await waitFor(() => events.includes('open'), 'the socket')
    for (const size of [100, 127, 70_000, 2_000_000]) socket.send(String(size), { binary: false }, () => undefined)
    socket.send('again', { binary: false }, () => undefined)
    await waitFor(() => events.length === 305, 'all messages')
    expect(events.slice(1, 6)).toEqual(['binary 100', 'binary 127', 'binary 70000', 'binary 2000000', 'text 0'])
    expect(events.at(-1)).toBe('text 299')
    expect(proxy.targets).toHaveLength(isProxied ? 1 : 0)
    socket.close()
    await waitFor(isOver(events), 'the end')
    expect(events.at(-1)).toBe('close 1000')
  })
})
