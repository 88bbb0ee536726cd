import { createVenue, venueNames, type VenueHost } from '@cex-arbitrage/simulator'
import { loadConfig, type EngineConfig } from '@cex-arbitrage/config'

/** Simulated exchanges of one market, and a configuration whose exchanges are these. */
export class LocalVenues {
  private constructor(
    readonly hosts: ReadonlyMap<string, VenueHost>,
    private readonly exchanges: Readonly<Record<string, unknown>>,
  ) {}

  static async start(seed = 3): Promise<LocalVenues> {
    const hosts = new Map<string, VenueHost>()
    const exchanges: Record<string, unknown> = {}
    for (const name of venueNames.filter((known) => known === 'mexc' || known === 'gateio')) {
      const host = createVenue(name, {
        seed,
        market: { kind: 'synthetic', dislocations: { slotMs: 1_000, probability: 1, minBps: 60, maxBps: 120 } },
      })
      const { origin, ws, apiKey, secret } = await host.start()
      hosts.set(name, host)
      exchanges[name] = { urls: { rest: origin, websocket: ws }, keys: { apiKey, secret } }
    }
    return new LocalVenues(hosts, exchanges)
  }

  /** The configuration with these exchanges, `settings` in each of them, and `overrides` on top. */
  configuration(
    overrides: Readonly<Record<string, unknown>>,
    settings: Readonly<Record<string, unknown>> = {},
  ): EngineConfig {
    const env: Record<string, string> = { CEX_ARBITRAGE_LIVE__ARMED: 'true' }
    const exchanges: Record<string, unknown> = {}
    for (const [name, entry] of Object.entries(this.exchanges)) {
      const { urls, keys } = entry as { urls: unknown; keys: { apiKey: string; secret: string } }
      env[`CEX_ARBITRAGE_EXCHANGES__${name.toUpperCase()}__API_KEY`] = keys.apiKey
      env[`CEX_ARBITRAGE_EXCHANGES__${name.toUpperCase()}__SECRET`] = keys.secret
      exchanges[name] = { urls, ...settings }
    }
    return loadConfig({
      env,
      arm: overrides['mode'] === 'live',
      overrides: {
        exchanges,
        server: { port: 0 },
        logging: { level: 'silent' },
        killSwitch: { file: '/nonexistent/kill' },
        ...overrides,
      },
    })
  }

  async close(): Promise<void> {
    await Promise.all([...this.hosts.values()].map((host) => host.close()))
  }
}
