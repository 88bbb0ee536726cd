import { SeededRandom, silentLogger, systemClock } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { RawWebSocketServer } from '../testing/raw-websocket-server.js'
import { serverFrame } from '../testing/server-frame.js'
import { spoilMessages } from '../testing/spoil-messages.js'
import type { ClientSocket } from './client-socket.js'
import { connectWebSocket } from './connect-websocket.js'
import { deliverMessage } from './deliver-message.js'
import type { FrameWindow } from './frame-window.js'
import { WebSocketConnection } from './websocket-connection.js'

const limits = { connectTimeoutMs: 5_000, maxPayloadBytes: 1_000 }
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function setUp(onFrame?: (frame: FrameWindow) => void) {
  const server = await RawWebSocketServer.start()
  closers.push(() => server.close())
  const events: string[] = []
  const sockets: ClientSocket[] = []
  const connection = new WebSocketConnection({
    name: 'raw stream',
    url: () => server.url,
    handler: {
      onFrame: onFrame ?? ((frame, _, epoch) => void events.push(`${epoch}: ${frame.toString()}`)),
      onEpochStart: (epoch) => void events.push(`start ${epoch}`),
      onEpochEnd: (epoch, reason) => void events.push(`end ${epoch} ${reason?.recovery}`),
    },
    clock: systemClock,
    random: new SeededRandom(1),
    logger: silentLogger,
    reconnect: { backoff: { initialMs: 1, maxMs: 1 } },
    createSocket: spoilMessages((url, headers) => {
      const socket = connectWebSocket(url, { ...limits, headers })
      sockets.push(socket)
      return socket
    }),
  })
  closers.push(() => connection.close(0))
  await connection.connect()
  return { server, events, connection, sockets }
}

describe('one socket of a connection', () => {
  const expectEnd = async (bytes: Buffer): Promise<void> => {
    const { server, events } = await setUp()
    server.last.socket.write(Buffer.concat([serverFrame(1, 'before'), bytes, serverFrame(1, 'behind')]))
    await waitFor(() => events.includes('start 2'), 'the next socket')
    server.last.socket.write(serverFrame(1, 'anew'))
    await waitFor(() => events.length === 5, 'its message')
    expect(events).toEqual(['start 1', '1: before', 'end 1 retry', 'start 2', '2: anew'])
  }

  it('is an epoch that ends when its server breaks the protocol (S6)', () => expectEnd(Buffer.from([0xf1, 0])))

  it('is an epoch that ends with a message longer than it may be', () => expectEnd(serverFrame(2, Buffer.alloc(1_001))))

  it('is an epoch that ends when its server says goodbye', () => expectEnd(serverFrame(8, Buffer.from([0x03, 0xf4]))))

  it('brings nothing once its epoch has ended, whatever it still delivers (S6)', async () => {
    const { events, connection, sockets } = await setUp()
    const [first] = sockets
    connection.reconnect('test')
    deliverMessage(first!.receiver, Buffer.from('late'), false)
    await waitFor(() => events.includes('start 2'), 'the next socket')
    expect(events).toEqual(['start 1', 'end 1 retry', 'start 2'])
  })

  it('brings messages that are gone when the call returns', async () => {
    const kept: FrameWindow[] = []
    const views: Buffer[] = []
    const copies: Buffer[] = []
    const { server } = await setUp((frame) => {
      kept.push(frame)
      views.push(frame.view())
      copies.push(frame.copy())
    })
    server.last.socket.write(serverFrame(1, 'fleeting'))
    await waitFor(() => copies.length === 1, 'the message')
    expect(kept[0]!.toString()).not.toBe('fleeting')
    expect(views[0]).toEqual(Buffer.alloc(8, 0xff))
    expect(copies[0]!.toString()).toBe('fleeting')
  })
})
