import type { Clock, Logger } from '@cex-arbitrage/common'
import { ConfigurationException } from '@cex-arbitrage/common'
import type { HistoryQueries } from '@cex-arbitrage/storage'
import { fastify, type FastifyInstance } from 'fastify'
import type { EngineControl } from '../control/engine-control.js'
import type { EngineOperations } from '../control/engine-operations.js'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import { addControlRoutes } from './control-routes.js'
import { addEngineRoutes } from './engine-routes.js'
import { addHistoryRoutes } from './history-routes.js'
import { LiveBroadcast } from './live-broadcast.js'
import { addLiveRoute } from './live-route.js'
import { addModelRoutes, type LiveView } from './model-routes.js'
import { addOpenApiRoute } from './openapi/openapi-route.js'
import { addPageRoutes } from './page-routes.js'
import { RequestGuard } from './request-guard.js'
import { RequestRate } from './request-rate.js'
import { addStatusRoutes } from './status-routes.js'

export interface EngineServerOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** What a client must show to command. */
  readonly token: string
  readonly snapshot: () => StatusSnapshot
  readonly control: EngineControl
  readonly operations: EngineOperations
  /** `undefined` until the engine is composed. */
  readonly live: () => LiveView | undefined
  /** `undefined` while there is no database. */
  readonly history: () => HistoryQueries | undefined
  /** Where the built page lies. */
  readonly pageFolder: string
  readonly clock: Clock
  readonly logger: Logger
}

/** Far above what people and their tools need. */
const requestRate = { burst: 1_000, perSecond: 300 }

/** What the engine says and obeys over HTTP, on loopback unless configured otherwise. */
export class EngineServer {
  private readonly app: FastifyInstance
  private readonly broadcast: LiveBroadcast

  constructor(private readonly options: EngineServerOptions) {
    this.app = fastify({ logger: false, forceCloseConnections: true })
    const { clock, live } = options
    const guard = new RequestGuard(options)
    this.broadcast = new LiveBroadcast({
      model: () => live()?.model(),
      equitySeries: () => live()?.equitySeries() ?? [],
      clock,
    })
    this.app.addHook('onRequest', new RequestRate({ clock, ...requestRate }).check)
    this.app.addHook('onRequest', guard.checkSource)
    addStatusRoutes(this.app, guard, options.snapshot)
    addControlRoutes(this.app, guard, options.control)
    addEngineRoutes(this.app, guard, options.operations)
    addModelRoutes(this.app, guard, live)
    addHistoryRoutes(this.app, guard, options.history)
    addOpenApiRoute(this.app, guard)
    addLiveRoute(this.app, guard, this.broadcast)
    addPageRoutes(this.app, options.pageFolder)
  }

  /**
   * @returns the address to open.
   * @throws {@link ConfigurationException} The port is taken or not allowed.
   */
  async start(): Promise<string> {
    const { host, port, logger } = this.options
    try {
      const address = await this.app.listen({ host, port })
      logger.info({ address }, 'server listens')
      return address
    } catch (cause) {
      throw new ConfigurationException({
        message: `The server cannot listen on ${host}:${port}. Set server.port to a free port, or 0 for any.`,
        cause,
      })
    }
  }

  async close(): Promise<void> {
    this.broadcast.close()
    await this.app.close()
  }
}
