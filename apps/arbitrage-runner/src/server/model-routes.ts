import type { FastifyInstance } from 'fastify'
import type { EquityPoint, LiveModel } from '../live/live-model.js'
import type { EngineMetrics } from '../metrics/engine-metrics.js'
import type { RequestGuard } from './request-guard.js'

/** The live model of an engine that is composed. */
export interface LiveView {
  readonly model: () => LiveModel
  readonly equitySeries: () => readonly EquityPoint[]
  readonly metrics: EngineMetrics
}

const starting = { error: 'The engine is still starting.' }

/** `GET /model` and `/equity` as JSON, `GET /metrics` for Prometheus. */
export function addModelRoutes(app: FastifyInstance, guard: RequestGuard, live: () => LiveView | undefined): void {
  const read = { onRequest: guard.checkReader }
  app.get('/model', read, (_request, reply) => {
    const view = live()
    return view === undefined ? reply.code(503).send(starting) : view.model()
  })
  app.get('/equity', read, (_request, reply) => {
    const view = live()
    return view === undefined ? reply.code(503).send(starting) : { points: view.equitySeries() }
  })
  app.get('/metrics', read, async (_request, reply) => {
    const view = live()
    if (view === undefined) return reply.code(503).send(starting)
    return reply.header('content-type', view.metrics.contentType).send(await view.metrics.collect())
  })
}
