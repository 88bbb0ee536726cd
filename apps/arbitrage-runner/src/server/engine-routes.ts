import { ConfigurationException } from '@cex-arbitrage/common'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { EngineOperations } from '../control/engine-operations.js'
import type { RequestGuard } from './request-guard.js'

const changesSchema = z.record(z.string(), z.unknown())

/** `POST /pause`, `/start`, `/stop` and `/reload`, `GET` and `PATCH /limits`. */
export function addEngineRoutes(app: FastifyInstance, guard: RequestGuard, operations: EngineOperations): void {
  const protect = { onRequest: guard.checkToken }
  app.post('/pause', protect, () => ({ halts: operations.pause() }))
  app.post('/start', protect, () => ({ halts: operations.start() }))
  app.post('/stop', protect, (_request, reply) =>
    operations.stop()
      ? reply.code(202).send({ stopping: true })
      : reply.code(409).send({ error: 'This engine is stopped by what started it.' }),
  )
  app.post('/reload', protect, (_request, reply) => {
    const answer = operations.reload()
    if (answer === undefined) return reply.code(409).send({ error: 'This engine has no configuration to read again.' })
    return reply.code(answer.problems.length > 0 ? 422 : 200).send(answer)
  })
  app.get('/limits', { onRequest: guard.checkReader }, () => ({ limits: operations.limits() }))
  app.patch('/limits', protect, (request, reply) => {
    const body = changesSchema.safeParse(request.body)
    if (!body.success) return reply.code(400).send({ error: z.prettifyError(body.error) })
    try {
      return { limits: operations.changeLimits(body.data) }
    } catch (error) {
      return refuse(error, reply)
    }
  })
}

function refuse(error: unknown, reply: FastifyReply): FastifyReply {
  if (!(error instanceof ConfigurationException)) throw error
  return reply.code(422).send({ error: error.message, problems: error.problems })
}
