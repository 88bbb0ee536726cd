import { ConfigurationException, msPerHour, msPerMinute, type Clock, type ExchangeId } from '@cex-arbitrage/common'
import type { EngineConfig, SimulationConfig } from '@cex-arbitrage/config'
import {
  createVenue,
  isVenueName,
  type FaultRule,
  type SyntheticMarketChoice,
  type VenueAddress,
  type VenueHost,
  type VenueOptions,
} from '@cex-arbitrage/simulator'
import type { ExchangeAddress } from './exchange-contexts.js'

const dislocationSlotMs = 5_000
/** Typical move of the synthetic price within a minute at volatility 1, bps. */
const bpsPerMinuteAtOne = 8.3
const cutMs = 1
/** Requests over HTTP; a stream's subscriptions are not answered with statuses. */
const restRoutes = '* /*'

/** Local venues on loopback, one per enabled exchange, all of one synthetic market. */
export class SimulatedVenues {
  private constructor(
    private readonly hosts: readonly VenueHost[],
    private readonly addresses: ReadonlyMap<string, VenueAddress>,
  ) {}

  /** @throws {@link ConfigurationException} There is no simulator of one of the exchanges. */
  static async start(config: EngineConfig, exchanges: readonly ExchangeId[], clock: Clock): Promise<SimulatedVenues> {
    const hosts = exchanges.map((exchange) => {
      if (isVenueName(exchange)) return createVenue(exchange, venueOptions(config, exchange, exchanges, clock))
      throw new ConfigurationException({
        message: `There is no simulator of ${exchange}. Disable it, or use the mode paper.`,
        problems: [{ path: `exchanges.${exchange}`, message: 'cannot be simulated' }],
      })
    })
    const addresses = await Promise.all(hosts.map((host) => host.start()))
    return new SimulatedVenues(hosts, new Map(addresses.map((address) => [address.exchange, address])))
  }

  /** Where the exchange is, and the key of its one account. */
  address(exchange: ExchangeId): ExchangeAddress {
    const { origin, ws, futuresWs, apiKey, secret } = this.addresses.get(exchange)!
    const futures = futuresWs === undefined ? {} : { futuresRest: origin, futuresWs }
    return {
      rest: origin,
      ws,
      ...futures,
      credentials: { apiKey: { reveal: () => apiKey }, secret: { reveal: () => secret } },
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.close()))
  }
}

/** An engine that runs for days fills no memory with its venues' past; nobody asks these for more. */
const rememberedOrders = 1_000

function venueOptions(
  config: EngineConfig,
  exchange: ExchangeId,
  exchanges: readonly ExchangeId[],
  clock: Clock,
): VenueOptions {
  const { simulation } = config
  const balances = simulation.initialBalancesByExchange[exchange] ?? simulation.initialBalances
  const key = { key: `simulated-${exchange}-key`, secret: `simulated-${exchange}-secret`, permission: 'trade' } as const
  return {
    seed: simulation.seed,
    clock,
    market: syntheticMarket(config, exchanges),
    orderHistory: rememberedOrders,
    latency: {
      requestMs: simulation.latency.requestMs,
      ackMs: simulation.latency.ackMs,
      fillMs: simulation.latency.fillMs,
      streamMs: simulation.latency.streamMs,
      jitter: simulation.latency.jitter,
    },
    accounts: [
      {
        id: 'engine',
        uid: 1,
        keys: [key],
        balances: textBalances(balances),
        wallet: textBalances(simulation.perpetuals.initialBalances),
      },
    ],
    perpetuals: { fundingIntervalMs: simulation.perpetuals.fundingIntervalMs },
    faults: faultRules(simulation.faults),
  }
}

const textBalances = (balances: Readonly<Record<string, { toString(): string }>>): Record<string, string> =>
  Object.fromEntries(Object.entries(balances).map(([asset, amount]) => [asset, amount.toString()]))

function syntheticMarket(config: EngineConfig, exchanges: readonly ExchangeId[]): SyntheticMarketChoice {
  const { market, dislocations } = config.simulation
  const perSlot = (dislocations.perMinute * dislocationSlotMs) / msPerMinute
  return {
    kind: 'synthetic',
    stepMs: market.updateIntervalMs,
    volatility: market.volatilityBpsPerMinute / bpsPerMinuteAtOne,
    ladder: {
      levels: market.depthLevels,
      halfSpreadBps: market.spreadBps / 2,
      topNotional: Number(market.levelNotional.toString()),
    },
    dislocations: {
      slotMs: dislocationSlotMs,
      probability: Math.min(1, perSlot / Math.max(1, config.instruments.length)),
      minBps: dislocations.minSizeBps,
      maxBps: dislocations.maxSizeBps,
      minDurationMs: dislocations.minDurationMs,
      maxDurationMs: dislocations.maxDurationMs,
      exchanges,
    },
  }
}

function faultRules(faults: SimulationConfig['faults']): readonly FaultRule[] {
  const rules: readonly (FaultRule & { readonly probability: number })[] = [
    { kind: 'drop', probability: faults.dropFrame },
    { kind: 'duplicate', probability: faults.duplicateFrame },
    { kind: 'reorder', probability: faults.reorderFrame },
    { kind: 'delay', probability: faults.delayFrame, delayMs: faults.delayMs },
    { kind: 'late_refusal', probability: faults.rejectOrder },
    { kind: 'lost_acknowledgement', route: 'POST *', probability: faults.loseAcknowledgement },
    { kind: 'error_before', route: restRoutes, probability: faults.serverError / 2 },
    { kind: 'error_after', route: restRoutes, probability: faults.serverError / 2 },
    { kind: 'rate_limited', route: restRoutes, probability: faults.rateLimit },
  ]
  const cuts: readonly FaultRule[] =
    faults.disconnectsPerHour > 0
      ? [
          {
            kind: 'disconnect',
            everyMs: msPerHour / faults.disconnectsPerHour,
            durationMs: cutMs,
            afterMs: msPerHour / faults.disconnectsPerHour,
          },
        ]
      : []
  return [...rules.filter((rule) => rule.probability > 0), ...cuts]
}
