// Request round trip and event throughput of the Hummingbot client on loopback, beside a bare WebSocket with JSON.parse
// against the same server in the same run. The client's limits are raised out of the way; its checks are not.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { silentLogger, systemClock, systemRandom } from '@cex-arbitrage/common'
import { HummingbotClient } from '@cex-arbitrage/hummingbot'
import { WebSocket, WebSocketServer } from 'ws'

export const title = 'hummingbot: round trip and events, beside bare ws'

const roundTrips = 3_000
const warmUp = 500
const events = 50_000
const market = { exchange: 'binance', market: 'ETH-USD' }
const ticker = {
  timestamp: 1_735_689_600.25,
  symbol: 'ETH-USD',
  exchange: 'binance',
  bid: '3000.0',
  ask: '3001.0',
  last: '3000.5',
  volume: '1000.0',
}
const levels = (/** @type {number} */ from) => Array.from({ length: 10 }, (_, i) => [`${from + i}.25`, '1.5'])
const book = JSON.stringify({
  type: 'order_book_update',
  data: {
    symbol: 'ETH-USD',
    exchange: 'binance',
    bids: levels(2_990),
    asks: levels(3_001),
    timestamp: 1_735_689_600.25,
  },
})

/** @returns {Promise<import('../run-benchmarks.mjs').BenchRow[]>} */
export async function run() {
  const server = await startServer()
  try {
    const bare = await measureBare(server)
    const client = await measureClient(server)
    return [...describe('bare ws + JSON.parse', bare), ...describe('hummingbot client', client)]
  } finally {
    await server.close()
  }
}

/**
 * @param {string} name
 * @param {{ trips: number[], perEventNs: number }} result
 */
function describe(name, { trips, perEventNs }) {
  const sorted = trips.toSorted((a, b) => a - b)
  const at = (/** @type {number} */ share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return [
    { name: `${name}: request round trip`, medianNs: at(0.5), note: `p99 ${Math.round(at(0.99) / 1_000)} us` },
    { name: `${name}: pushed event`, medianNs: perEventNs, note: `${Math.round(1e9 / perEventNs)} events/s` },
  ]
}

async function measureClient(/** @type {BenchServer} */ server) {
  let seen = 0
  /** @type {(() => void) | undefined} */
  let onAll
  const client = new HummingbotClient({
    eventEngine: {
      put: (event) => {
        if (event.type === 'MARKET_DATA' && ++seen === events) onAll?.()
      },
    },
    apiHost: '127.0.0.1',
    apiPort: server.port,
    apiKey: 'bench-key-1',
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    maxInFlight: 1_000,
    rateLimit: { frames: 1_000_000, periodMs: 1_000 },
  })
  await client.connect()
  const trips = await timeTrips(() => client.getTicker(market))
  const all = new Promise((resolve) => {
    onAll = () => resolve(undefined)
  })
  const perEventNs = await timeEvents(server, all)
  await client.disconnect()
  return { trips, perEventNs }
}

async function measureBare(/** @type {BenchServer} */ server) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, { perMessageDeflate: false })
  await once(socket, 'open')
  let id = 0
  let seen = 0
  /** @type {Map<string, (frame: unknown) => void>} */
  const pending = new Map()
  /** @type {(() => void) | undefined} */
  let onAll
  socket.on('message', (data) => {
    const frame = JSON.parse(/** @type {Buffer} */ (data).toString())
    if (frame.type === 'order_book_update') {
      if (++seen === events) onAll?.()
      return
    }
    pending.get(frame.id)?.(frame)
    pending.delete(frame.id)
  })
  const ask = () =>
    new Promise((resolve) => {
      const key = String(++id)
      pending.set(key, resolve)
      socket.send(JSON.stringify({ id: key, type: 'get_ticker', ...market }))
    })
  const trips = await timeTrips(ask)
  const all = new Promise((resolve) => {
    onAll = () => resolve(undefined)
  })
  const perEventNs = await timeEvents(server, all)
  socket.close()
  return { trips, perEventNs }
}

/** Nanoseconds of each of many round trips, one after the other. */
async function timeTrips(/** @type {() => Promise<unknown>} */ ask) {
  for (let i = 0; i < warmUp; i++) await ask()
  const trips = []
  for (let i = 0; i < roundTrips; i++) {
    const started = process.hrtime.bigint()
    await ask()
    trips.push(Number(process.hrtime.bigint() - started))
  }
  return trips
}

/** Nanoseconds per event while the server pushes as fast as the socket takes them. */
async function timeEvents(/** @type {BenchServer} */ server, /** @type {Promise<unknown>} */ all) {
  const started = process.hrtime.bigint()
  await server.push()
  await all
  return Number(process.hrtime.bigint() - started) / events
}

/**
 * @typedef {{ port: number, push: () => Promise<void>, close: () => Promise<void> }} BenchServer
 * @returns {Promise<BenchServer>}
 */
async function startServer() {
  const http = createServer()
  const sockets = new WebSocketServer({ server: http })
  const data = JSON.stringify(ticker)
  sockets.on('connection', (socket) =>
    socket.on('message', (message) => {
      const { id, type } = JSON.parse(/** @type {Buffer} */ (message).toString())
      socket.send(
        type === 'get_ticker'
          ? `{"id":"${id}","status":"success","data":${data}}`
          : `{"id":"${id}","status":"success"}`,
      )
    }),
  )
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (http.address())
  return {
    port,
    push: async () => {
      const [socket] = [...sockets.clients].slice(-1)
      for (let i = 0; i < events; i++) {
        socket?.send(book)
        // Lets the other side read, which lives in the same process.
        if (i % 100 === 99) await new Promise((resolve) => void setImmediate(resolve))
      }
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      http.close()
      await once(http, 'close')
    },
  }
}
