import type { Clock, Logger, Timer } from '@cex-arbitrage/common'
import type { WebSocket } from 'ws'
import { BRIDGE_CAPABILITIES, MAX_BUFFERED_BYTES, POLICY_VIOLATION } from './bridge-constants.js'
import type { BridgeEvent } from './bridge-events.js'
import { BridgeRefusal } from './bridge-refusal.js'
import {
  errorFrame,
  parseBridgeRequest,
  successFrame,
  type BridgeAnswer,
  type BridgeRequest,
} from './bridge-request.js'
import type { ClientKeys } from './client-keys.js'
import type { RequestRouter } from './request-router.js'
import type { SessionSubscriptions } from './session-subscriptions.js'
import { toRefusal, UpstreamRefusedException } from './upstream-failure.js'

export interface SessionLimits {
  readonly maxFramesPerSecond: number
  readonly maxPending: number
  readonly authenticationMs: number
}

export interface BridgeSessionParts {
  readonly clock: Clock
  readonly log: Logger
  readonly keys: ClientKeys
  readonly router: RequestRouter
  readonly limits: SessionLimits
  readonly createSubscriptions: (push: (event: BridgeEvent) => void) => SessionSubscriptions
  readonly isStopping: () => boolean
}

/** One client's connection: authentication first, then requests in any order, and pushed events. */
export class BridgeSession {
  isAuthenticated = false
  /** Whether the client has answered the last protocol ping. */
  isAlive = true
  readonly subscriptions: SessionSubscriptions
  private readonly pending = new Set<Promise<void>>()
  private readonly frames: number[] = []
  private readonly deadline: Timer

  constructor(
    private readonly socket: WebSocket,
    private readonly parts: BridgeSessionParts,
  ) {
    const { clock, limits } = parts
    this.subscriptions = parts.createSubscriptions((event) => this.push(event))
    this.deadline = clock.setTimer(
      () => this.close(POLICY_VIOLATION, 'not authenticated in time'),
      limits.authenticationMs,
    )
    socket.on('message', (data: Buffer, isBinary: boolean) => this.receive(data, isBinary))
    socket.on('pong', () => (this.isAlive = true))
    socket.on('error', (cause: Error) => parts.log.debug({ cause }, 'a client connection failed'))
    socket.on('close', () => {
      this.deadline.cancel()
      this.subscriptions.close()
    })
  }

  push(event: BridgeEvent): void {
    if (this.isAuthenticated) this.send(JSON.stringify(event))
  }

  /** Asks for a sign of life; cuts a client that gave none since the last time. */
  checkLife(): void {
    if (!this.isAlive) return this.socket.terminate()
    this.isAlive = false
    this.socket.ping()
  }

  /** Resolves when every request is answered. */
  async drain(): Promise<void> {
    await Promise.all(this.pending)
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason)
  }

  terminate(): void {
    this.socket.terminate()
  }

  private receive(data: Buffer, isBinary: boolean): void {
    if (isBinary) return this.parts.log.warn({ bytes: data.length }, 'a binary frame was ignored')
    const request = parseBridgeRequest(data.toString('utf8'))
    if (request === undefined) {
      this.send(errorFrame(undefined, new BridgeRefusal('invalid_order', 'Invalid message')))
      return
    }
    const answering = this.answer(request).finally(() => this.pending.delete(answering))
    this.pending.add(answering)
  }

  private async answer(request: BridgeRequest): Promise<void> {
    const { clock, log } = this.parts
    const { id, type } = request
    const startedUs = clock.nowUs()
    try {
      this.admit()
      const answer = await this.act(request)
      this.send(successFrame(id, answer))
      log.debug({ id, type, durationMs: (clock.nowUs() - startedUs) / 1000 }, 'request answered')
    } catch (cause) {
      const refusal = toRefusal(cause)
      this.send(errorFrame(id, refusal))
      this.logRefusal(request, refusal, (clock.nowUs() - startedUs) / 1000)
      if (type === 'authenticate') this.close(POLICY_VIOLATION, 'authentication failed')
    }
  }

  private act(request: BridgeRequest): Promise<BridgeAnswer> | BridgeAnswer {
    if (request.type === 'authenticate') return this.authenticate(request)
    if (!this.isAuthenticated) throw new BridgeRefusal('auth_failed', 'Authentication required')
    if (request.type === 'subscribe') return this.subscriptions.subscribe(request)
    if (request.type === 'unsubscribe') return this.subscriptions.unsubscribe(request)
    if (this.parts.isStopping() && request.type === 'create_order')
      throw new BridgeRefusal('server_error', 'The bridge is stopping; nothing was sent')
    return this.parts.router.route(request)
  }

  private authenticate({ members }: BridgeRequest): BridgeAnswer {
    if (!this.parts.keys.accepts(members['api_key'])) throw new BridgeRefusal('auth_failed', 'Authentication failed')
    this.deadline.cancel()
    this.isAuthenticated = true
    return { data: { capabilities: BRIDGE_CAPABILITIES } }
  }

  /** @throws {@link BridgeRefusal} The client is too fast, or waits for too much already. */
  private admit(): void {
    const { clock, limits } = this.parts
    const nowUs = clock.nowUs()
    while (this.frames.length > 0 && this.frames[0]! <= nowUs - 1_000_000) this.frames.shift()
    if (this.frames.length >= limits.maxFramesPerSecond) {
      const retryAfterS = Math.max(0.001, (this.frames[0]! + 1_000_000 - nowUs) / 1e6)
      throw new BridgeRefusal('rate_limit', 'Too many requests', { retry_after: retryAfterS })
    }
    this.frames.push(nowUs)
    if (this.pending.size >= limits.maxPending)
      throw new BridgeRefusal('rate_limit', 'Too many requests are waiting', { retry_after: 1 })
  }

  private logRefusal(
    { id, type }: BridgeRequest,
    { category, message, cause }: BridgeRefusal,
    durationMs: number,
  ): void {
    const fields = { id, type, category, reason: message, durationMs }
    const isOurFault = cause instanceof UpstreamRefusedException && (cause.status === 401 || cause.status === 403)
    if (isOurFault) this.parts.log.error(fields, 'the upstream refuses the user and password of this bridge')
    else this.parts.log.warn(fields, 'request refused')
  }

  private send(frame: string): void {
    if (this.socket.readyState !== this.socket.OPEN) return
    if (this.socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.parts.log.warn({ bytes: this.socket.bufferedAmount }, 'a client that does not read was cut')
      this.socket.terminate()
      return
    }
    this.socket.send(frame)
  }
}
