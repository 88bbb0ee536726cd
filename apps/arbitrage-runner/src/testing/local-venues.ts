import { createVenue, venueNames, type VenueHost, type VenueOptions } from '@cex-arbitrage/simulator'
import { loadConfig, type EngineConfig } from '@cex-arbitrage/config'

/** Often and far enough apart that there is a trade within seconds. */
const dislocations = { slotMs: 1_000, probability: 1, minBps: 60, maxBps: 120 }

/** Settings and environment from which an engine reaches the venues. */
export interface VenueConfiguration {
  readonly env: Readonly<Record<string, string>>
  readonly overrides: Readonly<Record<string, unknown>>
}

/** Simulated exchanges of one market, and a configuration whose exchanges are these. */
export class LocalVenues {
  private constructor(
    readonly hosts: ReadonlyMap<string, VenueHost>,
    private readonly exchanges: Readonly<Record<string, unknown>>,
  ) {}

  /** @param options - Of every venue, over what is usual here. */
  static async start(seed = 3, options: VenueOptions = {}): Promise<LocalVenues> {
    const hosts = new Map<string, VenueHost>()
    const exchanges: Record<string, unknown> = {}
    for (const name of venueNames.filter((known) => known === 'mexc' || known === 'gateio')) {
      const host = createVenue(name, { seed, market: { kind: 'synthetic', dislocations }, ...options })
      const { origin, ws, futuresWs, apiKey, secret } = await host.start()
      // Whose contracts have addresses of their own in the configuration.
      const futures =
        name !== 'gateio' || futuresWs === undefined ? {} : { futuresRest: origin, futuresWebsocket: futuresWs }
      hosts.set(name, host)
      exchanges[name] = { urls: { rest: origin, websocket: ws, ...futures }, keys: { apiKey, secret } }
    }
    return new LocalVenues(hosts, exchanges)
  }

  /** The configuration with these exchanges, `settings` in each of them, and `overrides` on top. */
  configuration(
    overrides: Readonly<Record<string, unknown>>,
    settings: Readonly<Record<string, unknown>> = {},
  ): EngineConfig {
    return loadConfig({ ...this.sources(overrides, settings), arm: overrides['mode'] === 'live' })
  }

  /** The same as what a process of its own can be given. */
  sources(
    overrides: Readonly<Record<string, unknown>>,
    settings: Readonly<Record<string, unknown>> = {},
  ): VenueConfiguration {
    const env: Record<string, string> = {
      CEX_ARBITRAGE_LIVE__ARMED: 'true',
      CEX_ARBITRAGE_DATABASE__URL: 'sqlite::memory:',
    }
    const exchanges: Record<string, unknown> = {}
    for (const [name, entry] of Object.entries(this.exchanges)) {
      const { urls, keys } = entry as { urls: unknown; keys: { apiKey: string; secret: string } }
      env[`CEX_ARBITRAGE_EXCHANGES__${name.toUpperCase()}__API_KEY`] = keys.apiKey
      env[`CEX_ARBITRAGE_EXCHANGES__${name.toUpperCase()}__SECRET`] = keys.secret
      exchanges[name] = { urls, ...settings }
    }
    return {
      env,
      overrides: {
        exchanges,
        server: { port: 0, controlFile: '/dev/null/control.json' },
        logging: { level: 'silent' },
        killSwitch: { file: '/nonexistent/kill' },
        ...overrides,
        execution: {
          watchdog: { enabled: false },
          rehearsal: { enabled: false },
          ...(overrides['execution'] as object | undefined),
        },
      },
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.hosts.values()].map((host) => host.close()))
  }
}
