import type { Logger } from '@cex-arbitrage/common'
import { ConfigurationException } from '@cex-arbitrage/common'
import { fastify, type FastifyInstance } from 'fastify'
import type { StatusSnapshot } from '../status/status-snapshot.js'

export interface StatusServerOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly snapshot: () => StatusSnapshot
  readonly logger: Logger
}

const healthyStates = new Set<StatusSnapshot['state']>(['trading', 'halted'])

/** `GET /health` for supervisors and `GET /status` for everybody else, on loopback unless configured otherwise. */
export class StatusServer {
  private readonly app: FastifyInstance

  constructor(private readonly options: StatusServerOptions) {
    this.app = fastify({ logger: false, forceCloseConnections: true })
    this.app.get('/health', (_request, reply) => {
      const { state, exchanges, halts } = options.snapshot()
      const healthy = healthyStates.has(state) && exchanges.every((exchange) => exchange.marketDataConnected)
      return reply
        .code(healthy ? 200 : 503)
        .send({ status: healthy ? 'ok' : 'unavailable', state, halts: halts.length })
    })
    this.app.get('/status', () => options.snapshot())
  }

  /**
   * @returns the address to open.
   * @throws {@link ConfigurationException} The port is taken or not allowed.
   */
  async start(): Promise<string> {
    const { host, port, logger } = this.options
    try {
      const address = await this.app.listen({ host, port })
      logger.info({ address }, 'status server listens')
      return address
    } catch (cause) {
      throw new ConfigurationException({
        message: `The status server cannot listen on ${host}:${port}. Set server.port to a free port, or 0 for any.`,
        cause,
      })
    }
  }

  async close(): Promise<void> {
    await this.app.close()
  }
}
