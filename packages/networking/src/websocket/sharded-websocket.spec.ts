import {
  ExchangeRequestException,
  PermissionException,
  ShuttingDownException,
  silentLogger,
  systemClock,
} from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { TestWebSocketServer, type ServerSocket } from '../testing/websocket-server.js'
import { ShardedWebSocket, type ShardedWebSocketOptions } from './sharded-websocket.js'
import type { WebSocketConnectionOptions } from './websocket-options.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** What a client is subscribed to by the messages it sent: `+a,b` and `-a`. */
function getSubscribed({ received }: ServerSocket): string[] {
  const keys = new Set<string>()
  for (const text of received)
    for (const key of text.slice(1).split(',')) {
      if (text.startsWith('+')) keys.add(key)
      else keys.delete(key)
    }
  return [...keys].sort()
}

async function setUp(
  options: Partial<ShardedWebSocketOptions> = {},
  connection: Partial<WebSocketConnectionOptions> = {},
) {
  const server = await TestWebSocketServer.start()
  closers.push(() => server.close())
  server.onMessage = (text, { socket }) => socket.send(`ok ${text}`)
  const events: string[] = []
  const sharded = new ShardedWebSocket({
    maxSubscriptionsPerConnection: 3,
    createConnection: (shard) => ({
      name: `shard ${shard}`,
      url: () => server.url,
      clock: systemClock,
      random: { next: () => 0 },
      logger: silentLogger,
      handler: {
        onFrame: (frame) => void events.push(frame.toString()),
        onEpochStart: (epoch) => void events.push(`start ${epoch}`),
        onEpochEnd: (epoch) => void events.push(`end ${epoch}`),
        onChannelSilent: (channel) => void events.push(`silent ${channel}`),
        onAttemptFailed: (error) => void events.push(error.code),
      },
      ...connection,
    }),
    subscribe: async (session, keys) => {
      const message = `+${keys.join(',')}`
      session.send(message)
      await session.waitForFrame((frame) => frame.toString() === `ok ${message}`, 5_000)
    },
    unsubscribe: (session, keys) => session.send(`-${keys.join(',')}`),
    ...options,
  })
  closers.push(() => sharded.close(0))
  return { server, sharded, events }
}

describe('ShardedWebSocket', () => {
  it('spreads keys over as few connections as the limit allows', async () => {
    const { server, sharded, events } = await setUp()
    await sharded.add(['a', 'b', 'c', 'd'])
    expect(server.clients.map(getSubscribed)).toEqual([['a', 'b', 'c'], ['d']])
    await sharded.add(['e', 'a'])
    await sharded.add([])
    expect(server.clients.map(getSubscribed)).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ])
    expect(sharded.size).toBe(5)
    expect(sharded.has('e')).toBe(true)
    expect(sharded.getConnection('e')?.name).toBe('shard 1')
    expect(sharded.getConnection('z')).toBeUndefined()
    expect(events).toContain('ok +a,b,c')
  })

  it('removes keys, closes a connection left empty, and uses its number again', async () => {
    const { server, sharded } = await setUp()
    await sharded.add(['a', 'b', 'c', 'd'])
    await sharded.remove(['b', 'unknown'])
    await sharded.remove(['d'])
    await waitFor(() => server.open.length === 1, 'the empty connection to close')
    await waitFor(() => getSubscribed(server.clients[0]!).length === 2, 'the removal')
    await sharded.add(['e', 'f'])
    expect(getSubscribed(server.clients[0]!)).toEqual(['a', 'c', 'e'])
    expect(getSubscribed(server.last)).toEqual(['f'])
    expect(sharded.connections.map(({ name }) => name)).toEqual(['shard 0', 'shard 1'])
  })

  it('subscribes everything anew on a new socket, in messages of bounded size', async () => {
    const { server, sharded } = await setUp({ maxKeysPerMessage: 2 })
    await sharded.add(['a', 'b', 'c'])
    await sharded.remove(['a'])
    server.last.socket.terminate()
    await waitFor(() => server.clients.length === 2, 'the new socket')
    await waitFor(() => getSubscribed(server.last).length === 2, 'its subscriptions')
    expect(server.last.received).toEqual(['+b,c'])
    expect(server.clients[0]!.received.slice(0, 2)).toEqual(['+a,b', '+c'])
  })

  it('brings what was added during a rotation or a loss onto the socket that follows', async () => {
    const { server, sharded, events } = await setUp({}, { rotation: { afterMs: 60_000, overlapMs: 0 } })
    await sharded.add(['a'])
    const connection = sharded.connections[0]!
    server.onMessage = (text, { socket }) => {
      if (text !== '+a' || socket !== server.clients[1]?.socket) socket.send(`ok ${text}`)
    }
    const rotated = connection.rotate()
    await waitFor(() => server.clients.length === 2 && server.last.received.length === 1, 'the rotation')
    await sharded.add(['b'])
    server.last.socket.send('ok +a')
    await rotated
    await waitFor(() => getSubscribed(server.last).join() === 'a,b', 'both on the new socket')
    expect(getSubscribed(server.clients[0]!)).toEqual(['a', 'b'])
    server.onMessage = (text, client) => {
      if (server.clients.length === 2) client.socket.terminate()
      else client.socket.send(`ok ${text}`)
    }
    await sharded.add(['c'])
    await waitFor(() => getSubscribed(server.last).join() === 'a,b,c', 'all on the third socket')
    expect(events).toContain('start 3')
  })

  it('subscribes what is added just as the socket opens', async () => {
    const added: Promise<void>[] = []
    const { server, sharded } = await setUp(
      {},
      {
        handler: {
          onFrame: () => undefined,
          onStateChange: (state) => {
            if (state === 'open') added.push(sharded.add(['b']))
          },
        },
      },
    )
    await sharded.add(['a'])
    await Promise.all(added)
    expect(getSubscribed(server.last)).toEqual(['a', 'b'])
  })

  it('gives up keys that the venue refuses, and keeps the others', async () => {
    const { server, sharded } = await setUp({
      subscribe: (session, keys) => {
        if (keys.includes('bad')) throw new ExchangeRequestException({ message: 'No such channel.' })
        session.send(`+${keys.join(',')}`)
      },
    })
    await sharded.add(['a'])
    await expect(sharded.add(['bad'])).rejects.toBeInstanceOf(ExchangeRequestException)
    expect(sharded.has('bad')).toBe(false)
    await sharded.add(['b'])
    await waitFor(() => getSubscribed(server.last).join() === 'a,b', 'the others')
    expect(sharded.size).toBe(2)
  })

  it('forgets a connection that has given up, so that its keys can be added again', async () => {
    let isAllowed = false
    const { server, sharded, events } = await setUp(
      {},
      {
        login: async () => {
          if (!isAllowed) throw new PermissionException({ message: 'Not allowed.' })
        },
      },
    )
    await expect(sharded.add(['a'])).rejects.toBeInstanceOf(PermissionException)
    expect([sharded.has('a'), sharded.connections.length]).toEqual([false, 0])
    isAllowed = true
    await sharded.add(['a'])
    expect(getSubscribed(server.last)).toEqual(['a'])
    expect(events[0]).toBe('PERMISSION_DENIED')
    sharded.connections[0]!.watchChannel('a', { maxSilenceMs: 5 })
    await waitFor(() => events.includes('silent a'), 'the alarm')
  })

  it('turns away what waits and what comes when it closes', async () => {
    const { server, sharded } = await setUp()
    server.onMessage = () => undefined
    const waiting = sharded.add(['a', 'b'])
    await waitFor(() => server.clients.length === 1, 'the socket')
    const removed = sharded.remove(['a'])
    const closing = sharded.close()
    await expect(waiting).rejects.toBeInstanceOf(ShuttingDownException)
    await Promise.all([closing, removed])
    await expect(sharded.add(['c'])).rejects.toBeInstanceOf(ShuttingDownException)
    await waitFor(() => server.openConnections === 0, 'the sockets to close')
  })
})
