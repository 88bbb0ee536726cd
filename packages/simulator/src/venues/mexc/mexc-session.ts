import { type Clock, type Timer, usPerMs } from '@cex-arbitrage/common'

import type { FaultEngine } from '../../faults/fault-engine.js'
import type { StreamSession } from '../../server/stream-session.js'
import type { ListenKeyConnection } from './listen-keys.js'
import type { PrivatePush } from './private-publisher.js'
import type { MexcStreamLimits } from './settings.js'
import type { StreamHub, Subscriber } from './stream-hub.js'
import { isPrivate, parseSubscription, type PublicSubscription, subscriptionReply } from './subscription.js'

/** What a session needs from the venue. */
export interface MexcSessionParts {
  readonly session: StreamSession
  readonly hub: StreamHub
  readonly clock: Clock
  readonly faults: FaultEngine
  readonly limits: MexcStreamLimits
  /** Account of the listen key; absent on a public connection. */
  readonly accountId: string | undefined
  readonly isListed: (symbol: string) => boolean
  /** `BASE/QUOTE` of a pair. */
  readonly nameOf: (symbol: string) => string | undefined
  readonly drawAckMs: () => number
  readonly onRequest: (route: string) => void
}

const messageWindowUs = 1_000_000
const closeTooBig = 1009
const closePolicy = 1008

/** One WebSocket connection: its subscriptions, its limits, and the answers to its control frames. */
export class MexcSession implements Subscriber, ListenKeyConnection {
  /** By parameter; `undefined` for those beyond the limit, which the venue acknowledges and never serves. */
  private readonly subscriptions = new Map<string, PublicSubscription | 'private' | undefined>()
  private readonly timers = new Set<Timer>()
  private lastActivityUs: number
  private emptySinceUs: number
  private windowStartUs = 0
  private messagesInWindow = 0

  constructor(private readonly parts: MexcSessionParts) {
    const { session, clock, limits } = parts
    this.lastActivityUs = clock.nowUs()
    this.emptySinceUs = this.lastActivityUs
    session.onMessage((data) => this.onMessage(data))
    session.onClose(() => this.release())
    this.after(limits.lifetimeMs, () => session.terminate())
    this.watch(limits.idleMs, () => this.lastActivityUs)
    this.watch(limits.withoutSubscriptionMs, () => (this.servedCount > 0 ? clock.nowUs() : this.emptySinceUs))
  }

  get accountId(): string | undefined {
    return this.parts.accountId
  }

  pushPublic(frame: Buffer, subscription: PublicSubscription): void {
    const symbol = this.parts.nameOf(subscription.symbol)
    this.lastActivityUs = this.parts.clock.nowUs()
    this.parts.session.push(frame, {
      channel: subscription.param,
      scope: 'public',
      ...(symbol !== undefined && { symbol }),
    })
  }

  /** Delivers an event of this connection's account when it has subscribed to its channel. */
  pushPrivate(push: PrivatePush, channel: string): void {
    if (this.subscriptions.get(channel) !== 'private') return
    const { clock, hub, session } = this.parts
    const nowMs = clock.nowMs()
    const isBalance = push.kind === 'account'
    const frame = hub.encode({
      channel,
      symbol: push.symbol,
      createTime: isBalance ? push.createTimeMs : undefined,
      sendTime: nowMs,
      ...push.body,
    })
    this.lastActivityUs = clock.nowUs()
    const symbol = push.symbolName === undefined ? {} : { symbol: push.symbolName }
    session.push(frame, { channel, scope: 'private', ...symbol })
  }

  onKeyEnded(): void {
    this.dropSubscriptions()
    this.parts.session.close()
  }

  private onMessage(data: Buffer): void {
    const { limits, session } = this.parts
    if (data.length > limits.frameBytes) {
      session.close(closeTooBig)
      return
    }
    if (this.isTooFast()) {
      session.close(closePolicy)
      return
    }
    const message = parseControl(data)
    if (message === undefined) return
    const { method, params, id } = message
    switch (method.toUpperCase()) {
      case 'PING':
        this.lastActivityUs = this.parts.clock.nowUs()
        this.reply(id, 'PONG')
        return
      case 'SUBSCRIPTION':
        this.subscribe(params, id)
        return
      case 'UNSUBSCRIPTION':
        for (const param of params) this.unsubscribe(param)
        this.reply(id, params.join(','))
        return
      default:
        this.reply(id, subscriptionReply([], [method]))
    }
  }

  private subscribe(params: readonly string[], id: number): void {
    const accepted: string[] = []
    const refused: string[] = []
    for (const param of params) {
      this.parts.onRequest(`WS ${param.split('@').slice(0, 2).join('@')}`)
      const occasion = { route: `WS ${param}`, channel: param }
      if (this.parts.faults.take(['request_drop'], occasion) !== undefined) return
      const isRefused = this.parts.faults.take(['error_before', 'rate_limited'], occasion) !== undefined
      ;(!isRefused && this.add(param) ? accepted : refused).push(param)
    }
    this.reply(id, subscriptionReply(accepted, refused))
  }

  /** `false` when the venue blocks the parameter. */
  private add(param: string): boolean {
    const subscription = parseSubscription(param, this.parts.isListed)
    if (subscription === undefined || (isPrivate(subscription) && this.accountId === undefined)) return false
    if (this.subscriptions.get(param) !== undefined) return true
    if (this.servedCount >= this.parts.limits.subscriptionsPerConnection) {
      this.subscriptions.set(param, undefined)
      return true
    }
    if (isPrivate(subscription)) this.subscriptions.set(param, 'private')
    else {
      this.subscriptions.set(param, subscription)
      this.parts.hub.subscribe(subscription, this)
    }
    return true
  }

  private unsubscribe(param: string): void {
    if (!this.subscriptions.delete(param)) return
    this.parts.hub.unsubscribe(param, this)
    if (this.servedCount === 0) this.emptySinceUs = this.parts.clock.nowUs()
  }

  private get servedCount(): number {
    let count = 0
    for (const subscription of this.subscriptions.values()) if (subscription !== undefined) count++
    return count
  }

  private isTooFast(): boolean {
    const nowUs = this.parts.clock.nowUs()
    if (nowUs - this.windowStartUs >= messageWindowUs) {
      this.windowStartUs = nowUs
      this.messagesInWindow = 0
    }
    return ++this.messagesInWindow > this.parts.limits.messagesPerSecond
  }

  private reply(id: number, msg: string): void {
    this.parts.session.reply(JSON.stringify({ id, code: 0, msg }), this.parts.drawAckMs())
  }

  /** Cuts the connection, without a closing handshake, once nothing has happened for `limitMs`. */
  private watch(limitMs: number, lastUs: () => number): void {
    const check = (): void => {
      const restMs = limitMs - (this.parts.clock.nowUs() - lastUs()) / usPerMs
      if (restMs <= 0) this.parts.session.terminate()
      else this.after(Math.ceil(restMs), check)
    }
    this.after(limitMs, check)
  }

  private after(delayMs: number, callback: () => void): void {
    const timer = this.parts.clock.setTimer(() => {
      this.timers.delete(timer)
      callback()
    }, delayMs)
    this.timers.add(timer)
  }

  private release(): void {
    this.dropSubscriptions()
    for (const timer of this.timers) timer.cancel()
    this.timers.clear()
  }

  private dropSubscriptions(): void {
    for (const param of this.subscriptions.keys()) this.parts.hub.unsubscribe(param, this)
    this.subscriptions.clear()
  }
}

interface ControlMessage {
  readonly method: string
  readonly params: readonly string[]
  readonly id: number
}

/** A client's text frame; `undefined` for what is no control message, which the venue leaves unanswered. */
function parseControl(data: Buffer): ControlMessage | undefined {
  try {
    const { method, params, id } = JSON.parse(data.toString('utf8')) as Record<string, unknown>
    if (typeof method !== 'string') return undefined
    const isId = typeof id === 'number' && Number.isSafeInteger(id) && id >= 0
    return { method, params: Array.isArray(params) ? params.map(String) : [], id: isId ? id : 0 }
  } catch {
    return undefined
  }
}
