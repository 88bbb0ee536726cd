import { ShuttingDownException, type CexArbitrageException } from '@cex-arbitrage/common'
import { createResolvers, type Resolvers } from '../utils/resolvers.js'
import { WebSocketConnection } from './websocket-connection.js'
import type { WebSocketConnectionOptions, WebSocketHandler } from './websocket-options.js'
import type { WebSocketSession } from './websocket-session.js'

export interface SubscriptionShardOptions {
  readonly connection: Omit<WebSocketConnectionOptions, 'subscribe'>
  readonly maxKeysPerMessage: number
  readonly subscribe: (session: WebSocketSession, keys: readonly string[]) => Promise<void> | void
  readonly unsubscribe: (session: WebSocketSession, keys: readonly string[]) => Promise<void> | void
  /** The keys could not be subscribed and are given up. */
  readonly onRefused: (keys: readonly string[]) => void
  /** The connection has given up. */
  readonly onDead: () => void
}

/** One socket and the keys that are subscribed on it. */
interface SessionState {
  readonly session: WebSocketSession
  readonly subscribed: Set<string>
  /** The work under way, so that messages of one socket do not overtake each other. */
  work: Promise<void>
}

interface Waiting {
  readonly keys: Set<string>
  readonly done: Resolvers
}

/** One connection that keeps what is subscribed equal to what is wanted, on each new socket and at each change. */
export class SubscriptionShard {
  readonly connection: WebSocketConnection
  private readonly wanted = new Set<string>()
  private readonly waiting = new Set<Waiting>()
  private settingUp: SessionState | undefined
  private live: SessionState | undefined
  private lastFailure: CexArbitrageException | undefined
  private isClosing = false

  constructor(private readonly options: SubscriptionShardOptions) {
    this.connection = new WebSocketConnection({
      ...options.connection,
      handler: this.wrap(options.connection.handler),
      subscribe: (session) => {
        this.settingUp = { session, subscribed: new Set(), work: Promise.resolve() }
        return this.sync(this.settingUp)
      },
    })
  }

  /** Resolves when all of them are subscribed, on whichever socket. */
  add(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.wanted.add(key)
    const done = createResolvers()
    this.waiting.add({ keys: new Set(keys), done })
    this.settle()
    if (this.live !== undefined) this.syncLive(this.live, keys)
    return done.promise
  }

  /** Resolves when they are no longer subscribed. */
  async remove(keys: readonly string[]): Promise<void> {
    this.forget(keys)
    if (this.live !== undefined) await this.sync(this.live)
  }

  async close(deadlineMs?: number): Promise<void> {
    this.isClosing = true
    this.fail(new ShuttingDownException({ message: `The connection '${this.connection.name}' is closed.` }))
    await this.connection.close(deadlineMs)
  }

  private syncLive(state: SessionState, keys: readonly string[]): void {
    this.sync(state).catch((error: CexArbitrageException) => {
      // On a lost socket the next one subscribes them.
      if (this.live !== state || this.isClosing) return
      const refused = keys.filter((key) => this.wanted.has(key) && !state.subscribed.has(key))
      for (const waiting of this.waiting)
        if (refused.some((key) => waiting.keys.has(key))) {
          this.waiting.delete(waiting)
          waiting.done.reject(error)
        }
      this.forget(refused)
      this.options.onRefused(refused)
    })
  }

  /** Queued behind what is under way on the same socket; repeated until nothing is left to do. */
  private sync(state: SessionState): Promise<void> {
    const work = state.work.then(() => this.adjust(state))
    state.work = work.catch(() => undefined)
    return work
  }

  private async adjust(state: SessionState): Promise<void> {
    const { maxKeysPerMessage, subscribe, unsubscribe } = this.options
    for (;;) {
      const extra = [...state.subscribed].filter((key) => !this.wanted.has(key)).slice(0, maxKeysPerMessage)
      if (extra.length > 0) {
        for (const key of extra) state.subscribed.delete(key)
        await unsubscribe(state.session, extra)
        continue
      }
      const missing = [...this.wanted].filter((key) => !state.subscribed.has(key)).slice(0, maxKeysPerMessage)
      if (missing.length === 0) return
      await subscribe(state.session, missing)
      for (const key of missing) state.subscribed.add(key)
      this.settle()
    }
  }

  /** Tells those whose keys are all subscribed. */
  private settle(): void {
    for (const waiting of this.waiting) {
      for (const key of waiting.keys) if (this.live?.subscribed.has(key) === true) waiting.keys.delete(key)
      if (waiting.keys.size > 0) continue
      this.waiting.delete(waiting)
      waiting.done.resolve()
    }
  }

  private forget(keys: readonly string[]): void {
    for (const key of keys) {
      this.wanted.delete(key)
      for (const waiting of this.waiting) waiting.keys.delete(key)
    }
    this.settle()
  }

  private fail(error: CexArbitrageException): void {
    for (const { done } of this.waiting) done.reject(error)
    this.waiting.clear()
  }

  private wrap(handler: WebSocketHandler): WebSocketHandler {
    return {
      onFrame: handler.onFrame.bind(handler),
      onChannelSilent: (...event) => handler.onChannelSilent?.(...event),
      onAttemptFailed: (error, retryInMs) => {
        this.lastFailure = error
        handler.onAttemptFailed?.(error, retryInMs)
      },
      onStateChange: (state, previous, epoch) => {
        if (state === 'closed') this.onClosed()
        handler.onStateChange?.(state, previous, epoch)
      },
      onEpochStart: (epoch) => {
        this.live = this.settingUp
        this.settle()
        if (this.live !== undefined) this.syncLive(this.live, [...this.wanted])
        handler.onEpochStart?.(epoch)
      },
      onEpochEnd: (epoch, reason) => {
        if (this.live?.session.epoch === epoch) this.live = undefined
        handler.onEpochEnd?.(epoch, reason)
      },
    }
  }

  private onClosed(): void {
    if (this.isClosing || this.lastFailure === undefined) return
    this.fail(this.lastFailure)
    this.options.onDead()
  }
}
