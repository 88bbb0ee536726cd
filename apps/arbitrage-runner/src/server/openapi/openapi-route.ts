import type { FastifyInstance } from 'fastify'
import type { RequestGuard } from '../request-guard.js'
import { createOpenApiDocument } from './create-openapi-document.js'

/** `GET /openapi.json`. */
export function addOpenApiRoute(app: FastifyInstance, guard: RequestGuard): void {
  const document = createOpenApiDocument()
  app.get('/openapi.json', { onRequest: guard.checkReader }, () => document)
}
