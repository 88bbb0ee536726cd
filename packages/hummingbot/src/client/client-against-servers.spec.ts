import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SeededRandom, silentLogger, systemClock } from '@cex-arbitrage/common'
import { createHummingbotVenue, type FaultRule, type TrafficReport, type VenueHost } from '@cex-arbitrage/simulator'
import { HummingbotBridge } from '../bridge/hummingbot-bridge.js'
import { FileOrderStore } from '../bridge/order-store.js'
import { BreakableLine } from '../testing/breakable-line.js'
import type { ClientEndpoint, MeasuredTraffic, TrueOrder } from '../testing/client-endpoint.js'
import { describeClient } from '../testing/client-suite.js'

const apiKey = 'trade-key'
const accounts = [
  {
    id: 'trader',
    uid: 1,
    keys: [{ key: apiKey, secret: 'trade-secret', permission: 'trade' as const }],
    balances: { USDT: '10000000', ETH: '5000' },
  },
]

function createVenueOn(port: number): VenueHost {
  const hummingbot = { connectorDelayMs: 5 }
  const venue = createHummingbotVenue({ market: { kind: 'manual' }, accounts, seed: 7, port, hummingbot })
  offer(venue, 'sell', 300_100, 1_000_000)
  offer(venue, 'buy', 300_000, 1_000_000)
  return venue
}

const offer = (venue: VenueHost, side: 'buy' | 'sell', priceTicks: number, quantityLots: number): void => {
  const order = { accountId: 'house', symbol: 'ETH/USDT', kind: 'limit', timeInForce: 'gtc' } as const
  venue.core.place({ ...order, side, priceTicks, quantityLots })
}

const addAll = (venue: VenueHost, rules: readonly FaultRule[]): void => {
  for (const rule of rules) venue.faults.add(rule)
}

const ordersOf = (venue: VenueHost): readonly TrueOrder[] =>
  venue.truth().orders.filter(({ accountId }) => accountId === 'trader')

const trafficOf = (venue: VenueHost): MeasuredTraffic =>
  (venue.truth().venue as { readonly traffic: TrafficReport }).traffic

/** The simulated server of the protocol. Started again, it knows nothing of before. */
async function openSimulator(): Promise<ClientEndpoint> {
  let venue = createVenueOn(0)
  const { port } = await venue.start()
  const line = await BreakableLine.open(port)
  return {
    apiKey,
    port,
    linePort: line.port,
    orders: () => ordersOf(venue),
    offer: (...order) => offer(venue, ...order),
    traffic: () => trafficOf(venue),
    addFaults: (probability) =>
      addAll(venue, [
        ...(['error_before', 'error_after', 'rate_limited'] as const).map((kind) => ({
          kind,
          route: 'WS *',
          probability,
        })),
        ...(['lost_acknowledgement', 'request_drop'] as const).map((kind) => ({
          kind,
          route: 'WS *',
          probability,
          mode: 'hang' as const,
        })),
        ...(['duplicate', 'reorder', 'delay'] as const).map((kind) => ({
          kind,
          channel: 'response',
          probability,
          delayMs: 150,
        })),
      ]),
    cut: () => line.cut(),
    stop: () => venue.close(),
    startAgain: async () => {
      venue = createVenueOn(port)
      await venue.start()
    },
    close: async () => {
      await line.close()
      await venue.close()
    },
  }
}

/** The bridge, in front of the simulated hummingbot-api. Started again, it knows its orders from its file. */
async function openBridge(): Promise<ClientEndpoint> {
  const folder = await mkdtemp(join(tmpdir(), 'bridged-'))
  const venue = createVenueOn(0)
  const { origin } = await venue.start()
  const createBridge = (port: number): HummingbotBridge =>
    new HummingbotBridge({
      clock: systemClock,
      random: new SeededRandom(1),
      logger: silentLogger,
      port,
      clientKeys: [apiKey],
      upstream: { baseUrl: origin, user: apiKey, password: 'trade-secret' },
      exchanges: { binance: { accountName: 'master_account', connectorName: 'binance' } },
      polling: { ordersMs: 10, tickerMs: 10, searchMs: 10 },
      adoptionMs: 2_000,
      limits: { maxFramesPerSecond: 2_000 },
      store: new FileOrderStore(join(folder, 'orders.jsonl')),
    })
  let bridge = createBridge(0)
  const port = Number(new URL((await bridge.start()).url).port)
  const line = await BreakableLine.open(port)
  return {
    apiKey,
    port,
    linePort: line.port,
    orders: () => ordersOf(venue),
    offer: (...order) => offer(venue, ...order),
    traffic: () => trafficOf(venue),
    addFaults: (probability) =>
      addAll(venue, [
        ...(['error_before', 'rate_limited', 'lost_acknowledgement', 'request_drop'] as const).map((kind) => ({
          kind,
          route: 'POST /trading/orders',
          probability,
        })),
        { kind: 'error_before', route: 'GET *', probability },
        { kind: 'response_delay', probability, delayMs: 50 },
      ]),
    cut: () => line.cut(),
    stop: () => bridge.close(),
    startAgain: async () => {
      bridge = createBridge(port)
      await bridge.start()
    },
    close: async () => {
      await line.close()
      await bridge.close()
      await venue.close()
      await rm(folder, { recursive: true })
    },
  }
}

describeClient('the client against the simulated server', { open: openSimulator, requests: 2_000, excluded: {} })

describeClient('the client through the bridge, in front of the simulated hummingbot-api', {
  open: openBridge,
  requests: 300,
  excluded: {
    'knows that a cancellation is done when it is answered':
      'hummingbot-api answers before the exchange has; an update tells the end',
    'is refused an order without the funds':
      'hummingbot-api takes every order; an update tells that the exchange refused it',
    'keeps its limits, measured at the server': 'the measure is in the simulated server of the protocol',
  },
})
