import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'

export interface RequestGuardOptions {
  /** Address that the server listens on. */
  readonly host: string
  /** What a client must show to command. */
  readonly token: string
}

const bearer = /^Bearer (.+)$/

/**
 * Keeps web pages and other machines out. The `Host` header must name this machine, so that a page cannot reach the server
 * under a name of its own; an `Origin` must be the server's; what commands must show the token, and where the server is
 * not on loopback, what reads too.
 */
export class RequestGuard {
  private readonly loopback: boolean
  private readonly digest: Buffer

  constructor({ host, token }: RequestGuardOptions) {
    this.loopback = isLoopback(host)
    this.digest = sha256(token)
  }

  /** For every request. */
  readonly checkSource = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { host = '', origin } = request.headers
    if (this.loopback && !isLoopback(nameOf(host)))
      return reply.code(403).send({ error: `This server is not called '${host}'.` })
    if (origin !== undefined && origin !== `http://${host}`)
      return reply.code(403).send({ error: `Pages of ${origin} may not use this server.` })
    return undefined
  }

  /** For routes that only read. */
  readonly checkReader = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    this.loopback ? undefined : this.checkToken(request, reply)

  /** For routes that command. */
  readonly checkToken = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const shown = bearer.exec(request.headers.authorization ?? '')?.[1]
    if (shown !== undefined && timingSafeEqual(sha256(shown), this.digest)) return undefined
    return reply
      .code(401)
      .header('www-authenticate', 'Bearer')
      .send({ error: 'Show the token of this engine: Authorization: Bearer <token>.' })
  }
}

/** Host without port and brackets. */
const nameOf = (host: string): string => host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')

const isLoopback = (name: string): boolean =>
  name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
