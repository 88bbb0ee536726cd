import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SeededRandom, silentLogger, systemClock } from '@cex-arbitrage/common'
import { createHummingbotVenue, type FaultRule, type VenueHost } from '@cex-arbitrage/simulator'
import { HummingbotBridge } from '../bridge/hummingbot-bridge.js'
import { FileOrderStore } from '../bridge/order-store.js'
import { BreakableLine } from './breakable-line.js'

/** What a server cannot do by its nature, and why, by the name of the test. */
export type Exclusions = Readonly<Record<string, string>>

/** A server of the protocol with an exchange behind it, to run the client against. */
export interface ClientEndpoint {
  readonly apiKey: string
  /** Of the server itself. */
  readonly port: number
  /** Of a line to it, which `cut` breaks. */
  readonly linePort: number
  /** The exchange, whose truth decides. */
  readonly venue: VenueHost
  /** Faults that lose, refuse, delay and repeat, each with this probability. */
  faults(probability: number): readonly FaultRule[]
  cut(): void
  /** Ends the server. */
  stop(): Promise<void>
  /** Starts it again on the same port. */
  startAgain(): Promise<void>
  close(): Promise<void>
}

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
  for (const [side, priceTicks] of [
    ['sell', 300_100],
    ['buy', 300_000],
  ] as const)
    venue.core.place({
      accountId: 'house',
      symbol: 'ETH/USDT',
      side,
      kind: 'limit',
      timeInForce: 'gtc',
      priceTicks,
      quantityLots: 1_000_000,
    })
  return venue
}

/** The simulated server of the protocol. Started again, it knows nothing of before. */
export async function openSimulator(): Promise<ClientEndpoint> {
  let venue = createVenueOn(0)
  const { port } = await venue.start()
  const line = await BreakableLine.open(port)
  return {
    apiKey,
    port,
    linePort: line.port,
    get venue() {
      return venue
    },
    faults: (probability) => [
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
    ],
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
export async function openBridge(): Promise<ClientEndpoint> {
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
    venue,
    faults: (probability) => [
      ...(['error_before', 'rate_limited', 'lost_acknowledgement', 'request_drop'] as const).map((kind) => ({
        kind,
        route: 'POST /trading/orders',
        probability,
      })),
      { kind: 'error_before', route: 'GET *', probability },
      { kind: 'response_delay', probability, delayMs: 50 },
    ],
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
