import { RestClient } from '@cex-arbitrage/networking'
import { SeededRandom, silentLogger } from '@cex-arbitrage/common'
import { createGateioVenue, type VenueHost } from '@cex-arbitrage/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulationClock } from './simulation-clock.js'
import { VirtualNetwork } from './virtual-network.js'

let clock: SimulationClock
let venue: VenueHost
let network: VirtualNetwork
let isDead: boolean
let url: string

beforeEach(() => {
  clock = new SimulationClock()
  venue = createGateioVenue({ clock, market: { kind: 'manual' }, pingIntervalMs: 1_000, idleTimeoutMs: 5_000 })
  url = venue.startInProcess('gate.test').ws
  isDead = false
  const venues = new Map([['gate.test', venue]])
  network = new VirtualNetwork({ clock, venues, oneWayMs: 3, isDead: () => isDead })
})

afterEach(() => venue.close())

async function ask(): Promise<unknown> {
  const origin = 'http://gate.test'
  const client = new RestClient({
    origin,
    clock,
    random: new SeededRandom(1),
    logger: silentLogger,
    retry: { maxAttempts: 1 },
    transport: network.createTransport(origin),
  })
  await client.warmUp()
  let outcome: unknown = 'pending'
  void client
    .request({
      method: 'GET',
      path: '/api/v4/spot/time',
      priority: 'market-data',
      parse: (text) => JSON.parse(text) as unknown,
    })
    .then(
      (data) => (outcome = data),
      (error: { code: string }) => (outcome = error.code),
    )
  await clock.run(clock.elapsedMs + 5)
  expect(outcome).toBe('pending')
  await clock.run(clock.elapsedMs + 1)
  await client.close()
  return outcome
}

function open(): { readonly socket: ReturnType<VirtualNetwork['createSocket']>; readonly events: string[] } {
  const socket = network.createSocket(url, { 'x-name': 'value' })
  const events: string[] = []
  for (const event of ['open', 'pong', 'refused'] as const) socket.on(event, () => void events.push(event))
  socket.on('close', (code) => void events.push(`close ${code}`))
  socket.receiver = {
    onBytes: () => undefined,
    onMessage: (frame) => void events.push((JSON.parse(frame.toString()) as { channel: string }).channel),
  }
  return { socket, events }
}

describe('requests', () => {
  it('take the way there and back', async () => {
    expect(await ask()).toEqual({ server_time: clock.nowMs() - 3 })
  })

  it('fail as over a network when they are cut or truncated', async () => {
    venue.faults.add({ kind: 'request_drop', count: 1 })
    expect(await ask()).toBe('EXCHANGE_UNAVAILABLE')
    venue.faults.add({ kind: 'response_truncate', count: 1 })
    expect(await ask()).toBe('EXCHANGE_UNAVAILABLE')
  })

  it('of a dead process go nowhere, and addresses without a venue do not exist', async () => {
    isDead = true
    const transport = network.createTransport('http://gate.test')
    const never = (): void => expect.unreachable()
    transport.dispatch({ origin: '', method: 'GET', path: '/', headers: {}, body: null }, 'order', {
      onRequestStart: never,
      onResponseStart: never,
      onResponseData: never,
      onResponseEnd: never,
      onResponseError: never,
    })
    await clock.run(100)
    expect(() => network.createTransport('http://elsewhere.test')).toThrow('There is no venue at elsewhere.test.')
  })
})

describe('sockets', () => {
  it('open, carry frames both ways and close with a goodbye', async () => {
    const { socket, events } = open()
    await clock.run(10)
    socket.send('{"time":1,"channel":"spot.ping"}', { binary: false }, () => undefined)
    socket.ping()
    await clock.run(30)
    expect(events).toEqual(['open', 'spot.pong', 'pong'])
    socket.close()
    await clock.run(50)
    expect(events.at(-1)).toBe('close 1000')
    expect(venue.sessions.size).toBe(0)
  })

  it('answer the pings of the venue by themselves', async () => {
    const { events } = open()
    await clock.run(20_000)
    expect(events).toEqual(['open'])
    expect(venue.sessions.size).toBe(1)
  })

  it('are refused, cut and closed by the venue', async () => {
    venue.faults.add({ kind: 'refuse_connection', count: 1 })
    const refused = open()
    await clock.run(10)
    expect(refused.events).toEqual(['refused'])
    const [cut, closed] = [open(), open()]
    await clock.run(20)
    const [first, second] = venue.sessions
    first!.terminate()
    second!.close(1001, 'going away')
    await clock.run(40)
    expect([cut.events, closed.events]).toEqual([
      ['open', 'close 1006'],
      ['open', 'close 1001'],
    ])
    expect(venue.sessions.size).toBe(0)
  })

  it('close at the venue when their process dies, and tell it nothing', async () => {
    const { events } = open()
    await clock.run(10)
    isDead = true
    network.cut()
    await clock.run(20)
    expect(events).toEqual(['open'])
    expect(venue.sessions.size).toBe(0)
  })
})
