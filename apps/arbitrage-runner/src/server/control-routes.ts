import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { EngineControl } from '../control/engine-control.js'
import type { RequestGuard } from './request-guard.js'

const maxReasonLength = 500

const haltSchema = z.strictObject({
  reason: z.string().min(1).max(maxReasonLength).optional(),
  by: z.enum(['command', 'api']).default('api'),
})
const resumeSchema = z.strictObject({ rule: z.string().min(1) })

const refusalStatus = { not_in_force: 404, not_resumable: 409 } as const

/** `POST /halt` stops opening at once, `POST /resume` takes a halt back; both answer the halts in force then. */
export function addControlRoutes(app: FastifyInstance, guard: RequestGuard, control: EngineControl): void {
  const protect = { onRequest: guard.checkToken }
  app.post('/halt', protect, (request, reply) => {
    const body = haltSchema.safeParse(request.body ?? {})
    if (!body.success) return reply.code(400).send({ error: z.prettifyError(body.error) })
    control.halt(body.data.by, body.data.reason)
    return { halts: control.halts }
  })
  app.post('/resume', protect, (request, reply) => {
    const body = resumeSchema.safeParse(request.body)
    if (!body.success) return reply.code(400).send({ error: z.prettifyError(body.error) })
    const refusal = control.resume(body.data.rule)
    if (refusal !== undefined) return reply.code(refusalStatus[refusal.kind]).send({ error: refusal.message })
    return { halts: control.halts }
  })
}
