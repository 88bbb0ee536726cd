import { SeededRandom, silentLogger } from '@cex-arbitrage/common'
import { createVenue, type GroundTruth, type VenueAddress, type VenueHost } from '@cex-arbitrage/simulator'
import type { SimulationClock } from '../virtual/simulation-clock.js'
import { simulatedExchanges, type Schedule, type SimulatedExchangeName } from '../schedule/schedule.js'
import { createMarket, openingBalances, symbolSpecs, type MarketShape } from './market-settings.js'

const accountId = 'engine'

export interface WorldOptions {
  readonly seed: number
  readonly clock: SimulationClock
  readonly schedule: Schedule
  /** One pair when absent. */
  readonly shape?: MarketShape
}

/** Both venues with their markets and faults, on the clock of the run. */
export class SimulatedWorld {
  readonly addresses: ReadonlyMap<SimulatedExchangeName, VenueAddress>
  /** By the host of their addresses. */
  readonly hosts: ReadonlyMap<string, VenueHost>
  readonly errors: unknown[] = []
  readonly shape: MarketShape
  private readonly venues: ReadonlyMap<SimulatedExchangeName, VenueHost>

  constructor(private readonly options: WorldOptions) {
    this.shape = options.shape ?? 'pair'
    this.venues = new Map(simulatedExchanges.map((exchange) => [exchange, this.createVenue(exchange)]))
    this.addresses = new Map([...this.venues].map(([exchange, venue]) => [exchange, venue.startInProcess()]))
    this.hosts = new Map([...this.venues].map(([exchange, venue]) => [this.hostOf(exchange), venue]))
    this.plan(options.schedule)
  }

  venue(exchange: SimulatedExchangeName): VenueHost {
    return this.venues.get(exchange)!
  }

  truths(): ReadonlyMap<SimulatedExchangeName, GroundTruth> {
    return new Map([...this.venues].map(([exchange, venue]) => [exchange, venue.truth()]))
  }

  /** What the account really owns, free and locked, decimal text by asset. */
  holdings(exchange: SimulatedExchangeName): GroundTruth['accounts'][string] {
    return this.venue(exchange).truth().accounts[accountId]!
  }

  /** Ends every fault; what they have set going comes to its end. */
  heal(): void {
    for (const venue of this.venues.values()) venue.faults.clear()
  }

  /** The engine is started, for the so-manieth time from 0. */
  onSession(session: number): void {
    for (const { exchange, rule, inSession } of this.options.schedule.faults)
      if (inSession === session) this.venue(exchange).faults.add(rule)
  }

  async close(): Promise<void> {
    for (const venue of this.venues.values()) await venue.close()
  }

  private hostOf(exchange: SimulatedExchangeName): string {
    return new URL(this.addresses.get(exchange)!.origin).host
  }

  private createVenue(exchange: SimulatedExchangeName): VenueHost {
    const { seed, clock } = this.options
    const { shape } = this
    const key = { key: `${exchange}-key`, secret: `${exchange}-secret`, permission: 'trade' } as const
    return createVenue(exchange, {
      seed,
      clock,
      random: new SeededRandom(seed).fork(`${exchange}:latency`),
      log: {
        ...silentLogger,
        error: (...entry: unknown[]) => void this.errors.push(entry),
        child: () => silentLogger,
      },
      symbols: symbolSpecs(exchange, shape),
      market: createMarket(),
      accounts: [{ id: accountId, uid: 1, keys: [key], balances: openingBalances(shape) }],
      latency: { requestMs: 2, ackMs: 2, fillMs: 4, streamMs: 2, jitter: 0.5 },
    })
  }

  private plan({ faults }: Schedule): void {
    for (const exchange of simulatedExchanges) {
      const { faults: engine, core } = this.venue(exchange)
      const own = faults.filter((fault) => fault.exchange === exchange && fault.inSession === undefined)
      for (const { rule } of own.filter(({ afterOrders }) => afterOrders === undefined)) engine.add(rule)
      let orders = 0
      core.listen({
        onOrder: (order, event) => {
          if (event !== 'created' || order.accountId !== accountId) return
          orders++
          // Later, so that the venue is not changed in the middle of what it does.
          for (const { rule } of own.filter(({ afterOrders }) => afterOrders === orders))
            this.options.clock.setTimer(() => void engine.add(rule), 0)
        },
      })
    }
  }
}
