import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fastifyStatic } from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Nothing but what the page itself is made of; no other page may frame it. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "object-src 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const missing = 'The page is not built here. `npm run build` builds it; /status and /live work without it.'

/** The page at `/` with its files, and headers that keep other pages out of all that is served. */
export function addPageRoutes(app: FastifyInstance, folder: string): void {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'no-referrer')
    reply.header('cross-origin-resource-policy', 'same-origin')
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  if (existsSync(join(folder, 'index.html')))
    app.register(fastifyStatic, {
      root: folder,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Names under assets carry the hash of their content.
        const isHashed = path.includes('assets')
        reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  else app.get('/', (_request, reply) => reply.code(404).type('text/plain').send(missing))
}
