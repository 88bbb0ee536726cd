import type { Logger } from '@cex-arbitrage/common'
import { ConfigurationException } from '@cex-arbitrage/common'
import { fastify, type FastifyInstance } from 'fastify'
import type { EngineControl } from '../control/engine-control.js'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import { addControlRoutes } from './control-routes.js'
import { RequestGuard } from './request-guard.js'
import { addStatusRoutes } from './status-routes.js'

export interface EngineServerOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** What a client must show to command. */
  readonly token: string
  readonly snapshot: () => StatusSnapshot
  readonly control: EngineControl
  readonly logger: Logger
}

/** What the engine says and obeys over HTTP, on loopback unless configured otherwise. */
export class EngineServer {
  private readonly app: FastifyInstance

  constructor(private readonly options: EngineServerOptions) {
    this.app = fastify({ logger: false, forceCloseConnections: true })
    const guard = new RequestGuard(options)
    this.app.addHook('onRequest', guard.checkSource)
    addStatusRoutes(this.app, guard, options.snapshot)
    addControlRoutes(this.app, guard, options.control)
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
    await this.app.close()
  }
}
