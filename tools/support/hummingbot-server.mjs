// The simulated server of `hummingbot-load`, in a thread of its own: tells its port, and when asked what it has seen.
import { parentPort, workerData } from 'node:worker_threads'
import { createHummingbotVenue } from '@cex-arbitrage/simulator'

/** Of each of eight kinds: 5 % together. */
const probability = 0.05 / 8
const keys = [{ key: 'trade-key', secret: 'trade-secret', permission: /** @type {const} */ ('trade') }]
const accounts = [{ id: 'trader', uid: 1, keys, balances: { USDT: '100000000', ETH: '5000' } }]
const venue = createHummingbotVenue({ market: { kind: 'manual' }, accounts, seed: workerData.seed })
for (const kind of /** @type {const} */ (['error_before', 'error_after', 'rate_limited']))
  venue.faults.add({ kind, route: 'WS *', probability })
for (const kind of /** @type {const} */ (['lost_acknowledgement', 'request_drop']))
  venue.faults.add({ kind, route: 'WS *', probability, mode: 'hang' })
for (const kind of /** @type {const} */ (['duplicate', 'reorder', 'delay']))
  venue.faults.add({ kind, channel: 'response', probability, delayMs: 150 })
for (const [side, priceTicks] of /** @type {const} */ ([
  ['sell', 300_100],
  ['buy', 300_000],
]))
  venue.core.place({
    accountId: 'house',
    symbol: 'ETH/USDT',
    side,
    kind: 'limit',
    timeInForce: 'gtc',
    priceTicks,
    quantityLots: 1_000_000,
  })
const { port } = await venue.start()
parentPort?.on('message', () => {
  const { orders, venue: own } = venue.truth()
  parentPort?.postMessage({
    orders: orders.filter(({ accountId }) => accountId === 'trader').map(({ clientOrderId }) => clientOrderId),
    traffic: /** @type {{ traffic: object }} */ (own).traffic,
    injected: venue.faults.injected,
  })
})
parentPort?.postMessage({ port })
