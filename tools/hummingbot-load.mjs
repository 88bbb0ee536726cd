// Mixed requests of the Hummingbot client against a simulated server with 5 % faults: what became of every one of them, and
// how the client's heap went, sampled after garbage collection. The server has a heap of its own.
//
//   npm run hummingbot-load -- --requests 10000 --seed 7
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { SeededRandom, silentLogger, systemClock } from '@cex-arbitrage/common'
import { HummingbotClient, HummingbotException } from '@cex-arbitrage/hummingbot'

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '10000' }, seed: { type: 'string', default: '7' } },
})
const requests = Number(values.requests)
const seed = Number(values.seed)
const callers = 50
const samples = 40
/** A process fills its caches and its compiler first. */
const warmUpShare = 0.4
const limits = { inFlight: 10, framesPerSecond: 2_000 }
const market = { exchange: 'binance', market: 'ETH-USDT' }
const collect = globalThis.gc
if (collect === undefined) throw new Error('Run it by npm run hummingbot-load, which lets it collect garbage.')

const server = new Worker(new URL('support/hummingbot-server.mjs', import.meta.url), { workerData: { seed } })
const [{ port }] = await once(server, 'message')
const client = new HummingbotClient({
  eventEngine: { put: () => undefined },
  apiHost: '127.0.0.1',
  apiPort: port,
  apiKey: 'trade-key',
  clock: systemClock,
  random: new SeededRandom(seed),
  logger: silentLogger,
  requestTimeoutMs: 250,
  maxInFlight: limits.inFlight,
  rateLimit: { frames: limits.framesPerSecond, periodMs: 1_000, marginMs: 200 },
})
await client.connect()

const random = new SeededRandom(seed)
/** @type {{ at: number, bytes: number }[]} */
const heap = []
const tally = { placed: 0, refused: 0, unknown: 0, answered: 0, failed: 0 }
/** @type {Map<string, boolean | undefined>} Client order id -> accepted, refused (`false`) or unknown. */
const creates = new Map()
let next = 0
let settled = 0

const create = async (/** @type {number} */ i) => {
  const id = `cid-${i}`
  const order = { ...market, side: 'buy', order_type: 'limit', amount: '0.01', price: '2900', client_order_id: id }
  try {
    const { order_id } = await client.createOrder(
      /** @type {import('@cex-arbitrage/hummingbot').HummingbotOrderRequest} */ (order),
    )
    creates.set(id, true)
    tally.placed++
    // What rests is remembered for as long as it does, so it must not.
    await client.cancelOrder({ ...market, order_id }).catch(() => tally.failed++)
  } catch (error) {
    const isUnknown = !(error instanceof HummingbotException) || error.orderStateUnknown
    creates.set(id, isUnknown ? undefined : false)
    tally[isUnknown ? 'unknown' : 'refused']++
  }
}
const reads = [
  () => client.getTicker(market),
  () => client.getBalances({ exchange: 'binance' }),
  () => client.getOrderBook(market),
  () => client.ping(),
]
const call = async () => {
  while (next < requests) {
    const i = next++
    const read = reads[random.integer(0, reads.length)]
    if (read === undefined) await create(i)
    else
      await read().then(
        () => tally.answered++,
        () => tally.failed++,
      )
    if (++settled % Math.ceil(requests / samples) === 0) {
      collect()
      heap.push({ at: settled, bytes: process.memoryUsage().heapUsed })
    }
  }
}
const startedAt = performance.now()
await Promise.all(Array.from({ length: callers }, call))
const seconds = (performance.now() - startedAt) / 1_000
const { pendingRequests } = client
await client.disconnect()
server.postMessage('tell')
const [{ orders, traffic, injected }] = await once(server, 'message')
await server.terminate()

const problems = []
if (settled !== requests || pendingRequests !== 0) problems.push(`${requests - settled} requests have not settled`)
if (new Set(orders).size !== orders.length) problems.push('an order was placed twice')
const placed = new Set(orders)
for (const [id, accepted] of creates) {
  if (accepted === true && !placed.has(id)) problems.push(`${id} was accepted and is not there`)
  if (accepted === false && placed.has(id)) problems.push(`${id} was refused and is there`)
}
if (traffic.peakInFlight > limits.inFlight) problems.push(`${traffic.peakInFlight} requests were in flight`)
if (traffic.peakFramesPerSecond > limits.framesPerSecond)
  problems.push(`${traffic.peakFramesPerSecond} frames came in a second`)
const bytesPerThousand = slope(heap.slice(Math.floor(heap.length * warmUpShare))) * 1_000
// Ids of orders for the tally take up to 50 kB for a thousand requests.
if (bytesPerThousand > 50_000)
  problems.push(`the heap grows by ${Math.round(bytesPerThousand)} bytes in 1,000 requests`)
const report = {
  requests,
  seconds: Math.round(seconds * 10) / 10,
  faults: injected,
  tally,
  traffic,
  heapKilobytes: heap.map(({ bytes }) => Math.round(bytes / 1_024)),
  heapBytesPerThousandRequests: Math.round(bytesPerThousand),
  problems,
}
console.log(JSON.stringify(report, null, 2))
process.exit(problems.length === 0 ? 0 : 1)

/** Bytes per request, by least squares. */
function slope(/** @type {readonly { at: number, bytes: number }[]} */ points) {
  const mean = (/** @type {(point: { at: number, bytes: number }) => number} */ of) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const meanAt = mean(({ at }) => at)
  const meanBytes = mean(({ bytes }) => bytes)
  const above = points.reduce((sum, { at, bytes }) => sum + (at - meanAt) * (bytes - meanBytes), 0)
  return above / points.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0)
}
