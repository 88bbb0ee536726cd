import type { FastifyInstance } from 'fastify'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import type { RequestGuard } from './request-guard.js'

const healthyStates = new Set<StatusSnapshot['state']>(['trading', 'halted'])

/** `GET /health` for supervisors and `GET /status` for everybody else. */
export function addStatusRoutes(app: FastifyInstance, guard: RequestGuard, snapshot: () => StatusSnapshot): void {
  app.get('/health', (_request, reply) => {
    const { state, exchanges, halts } = snapshot()
    const healthy = healthyStates.has(state) && exchanges.every((exchange) => exchange.marketDataConnected)
    return reply.code(healthy ? 200 : 503).send({ status: healthy ? 'ok' : 'unavailable', state, halts: halts.length })
  })
  app.get('/status', { preHandler: guard.checkReader }, () => snapshot())
}
