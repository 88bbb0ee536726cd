import { sleep, type CexArbitrageException, type Timer } from '@cex-arbitrage/common'
import { createResolvers, type Resolvers } from '../utils/resolvers.js'
import { withTimeout } from '../utils/with-timeout.js'
import type { ChannelWatch, ChannelWatchOptions } from './channel-watch.js'
import { ConnectionErrors } from './connection-errors.js'
import { LivenessWatchdog, type WatchedChannel } from './liveness-watchdog.js'
import { ReconnectPolicy } from './reconnect-policy.js'
import type { MessageSender, SendReceipt } from './send-receipt.js'
import { SocketLink, type LinkOwner } from './socket-link.js'
import type { WebSocketConnectionOptions, WebSocketState } from './websocket-options.js'
import { resolveSettings, type WebSocketSettings } from './websocket-settings.js'

/**
 * A connection that heals itself: connects, logs in, subscribes, watches that data comes, reconnects, and replaces its
 * socket before the venue cuts it. Each socket is one epoch.
 */
export class WebSocketConnection implements MessageSender {
  /** Frames whose handler threw. */
  frameErrors = 0
  private readonly settings: WebSocketSettings
  private readonly errors: ConnectionErrors
  private readonly owner: LinkOwner
  private readonly policy: ReconnectPolicy
  private readonly watchdog: LivenessWatchdog
  private readonly socketWatch: WatchedChannel | undefined
  private currentState: WebSocketState = 'idle'
  private current: SocketLink | undefined
  /** The socket that is being set up. */
  private pending: SocketLink | undefined
  /** Sockets that a newer one has replaced, with the timers of their end. */
  private readonly retiring = new Map<SocketLink, Timer>()
  private lastEpoch = 0
  private isEstablishing = false
  private isClosed = false
  private pause: AbortController | undefined
  private rotationTimer: Timer | undefined
  private rotation: Promise<void> | undefined
  private opening: Resolvers | undefined
  private closing: Promise<void> | undefined

  constructor(options: WebSocketConnectionOptions) {
    this.settings = resolveSettings(options)
    this.errors = new ConnectionErrors(options.name, options.exchange)
    this.policy = new ReconnectPolicy(this.settings)
    this.watchdog = new LivenessWatchdog(options.clock, (channel, silentForMs) => this.onSilent(channel, silentForMs))
    if (options.maxSilenceMs !== undefined)
      this.socketWatch = this.watchdog.watch('', { maxSilenceMs: options.maxSilenceMs, action: 'reconnect' })
    this.owner = {
      settings: this.settings,
      errors: this.errors,
      socketWatch: this.socketWatch,
      onLinkDown: (link, error) => this.onLinkDown(link, error),
      onFrameError: (error) => this.onFrameError(error),
    }
  }

  get name(): string {
    return this.settings.name
  }

  get state(): WebSocketState {
    return this.currentState
  }

  /** Number of the socket in use, or of the last one; 0 before the first. */
  get epoch(): number {
    return this.current?.epoch ?? this.lastEpoch
  }

  /**
   * Resolves when it is open for the first time; until then it tries again as often as it may.
   *
   * @throws CexArbitrageException A failure after which trying again is useless, or `close` came first.
   */
  connect(): Promise<void> {
    if (this.isClosed) return Promise.reject(this.errors.createClosing())
    if (this.opening === undefined) {
      this.opening = createResolvers()
      void this.establish(false)
    }
    return this.opening.promise
  }

  /**
   * Sends on the socket in use, at once or as soon as limit and socket allow.
   *
   * @throws ExchangeConnectionException No socket is open; nothing was sent.
   * @throws RateLimitException The queue is full; nothing was sent.
   */
  send(data: string | Buffer, receipt?: SendReceipt): void {
    if (this.current === undefined) throw this.errors.createLost('is not open; nothing was sent')
    this.current.send(data, receipt)
  }

  /** Watches a channel from now on while a socket is open; its silence counts anew with each socket. */
  watchChannel(channel: string, options: ChannelWatchOptions): ChannelWatch {
    return this.watchdog.watch(channel, options)
  }

  /**
   * Replaces the socket make-before-break. Resolves when the new one has taken over; the old one still delivers for the
   * overlap.
   *
   * @throws CexArbitrageException The new socket could not be set up; the old one stays.
   */
  rotate(): Promise<void> {
    this.rotation ??= this.replace().finally(() => {
      this.rotation = undefined
    })
    return this.rotation
  }

  /** Drops the socket and connects anew. Harmless when none is open. */
  reconnect(reason: string): void {
    this.current?.terminate(this.errors.createLost(`was dropped: ${reason}`))
  }

  /** Says goodbye and waits for the answer at most `deadlineMs`. What waits to be sent is dropped. */
  close(deadlineMs = this.settings.closeTimeoutMs): Promise<void> {
    this.closing ??= this.shutDown(deadlineMs)
    return this.closing
  }

  private async shutDown(deadlineMs: number): Promise<void> {
    const wasClosed = this.isClosed
    this.isClosed = true
    if (!wasClosed) this.changeState('closing')
    this.stopTimers()
    this.pause?.abort(this.errors.createClosing())
    this.pending?.terminate(undefined)
    const links = [...this.retiring.keys(), ...(this.current === undefined ? [] : [this.current])]
    for (const timer of this.retiring.values()) timer.cancel()
    await Promise.all(links.map((link) => link.close(deadlineMs)))
    this.opening?.reject(this.errors.createClosing())
    this.changeState('closed')
  }

  /** Tries until a socket is open; the only place that does, once at a time. */
  private async establish(isAfterLoss: boolean): Promise<void> {
    this.isEstablishing = true
    let delayMs = isAfterLoss ? this.policy.getDelayMs(undefined) : 0
    while (await this.wait(delayMs)) {
      try {
        const link = await this.setUp((state) => this.changeState(state))
        this.isEstablishing = false
        this.promote(link)
        return
      } catch (error) {
        if (this.isClosed) return
        const failure = error as CexArbitrageException
        this.policy.onFailure()
        if (this.policy.isOver(failure)) {
          this.giveUp(failure)
          return
        }
        delayMs = this.policy.getDelayMs(failure)
        this.reportFailure(failure, delayMs)
      }
    }
  }

  /** @returns whether to go on. */
  private async wait(delayMs: number): Promise<boolean> {
    if (this.isClosed) return false
    if (delayMs === 0) return true
    this.changeState('waiting')
    this.pause = new AbortController()
    return sleep(this.settings.clock, delayMs, this.pause.signal).then(
      () => !this.isClosed,
      () => false,
    )
  }

  /** A new socket, connected, logged in and subscribed. @throws CexArbitrageException */
  private async setUp(report: (state: WebSocketState) => void): Promise<SocketLink> {
    const { clock, login, subscribe, setupTimeoutMs } = this.settings
    const link = new SocketLink(++this.lastEpoch, this.owner)
    this.pending = link
    try {
      report('connecting')
      await link.open()
      const prepare = async (): Promise<void> => {
        if (login !== undefined) {
          report('authenticating')
          await login(link)
        }
        if (subscribe !== undefined) {
          report('subscribing')
          await subscribe(link)
        }
      }
      await withTimeout(clock, Promise.race([prepare(), link.lost]), setupTimeoutMs, () =>
        this.errors.createLost(`was not logged in and subscribed within ${setupTimeoutMs} ms`),
      )
      return link
    } catch (error) {
      const failure = this.errors.wrap(error, 'to log in or subscribe')
      link.terminate(failure)
      throw failure
    } finally {
      this.pending = undefined
    }
  }

  private promote(link: SocketLink): void {
    const { random, rotation, logger, handler } = this.settings
    this.current = link
    this.stopTimers()
    this.watchdog.start()
    this.policy.onOpen()
    if (rotation !== undefined)
      this.scheduleRotation(Math.max(0, rotation.afterMs - random.next() * (rotation.jitterMs ?? 0)))
    logger.info({ connection: this.name, epoch: link.epoch }, 'websocket is open')
    this.changeState('open')
    this.tell(() => handler.onEpochStart?.(link.epoch))
    this.opening?.resolve()
  }

  private scheduleRotation(delayMs: number): void {
    this.rotationTimer?.cancel()
    this.rotationTimer = this.settings.clock.setTimer(() => {
      this.rotate().catch(() => undefined)
    }, delayMs)
  }

  private async replace(): Promise<void> {
    if (this.current === undefined || this.isEstablishing || this.isClosed)
      throw this.errors.createLost('is not open and cannot rotate')
    this.isEstablishing = true
    let link: SocketLink
    try {
      link = await this.setUp((state) => {
        if (this.current === undefined) this.changeState(state)
      })
    } catch (error) {
      this.isEstablishing = false
      this.onRotationFailed(error as CexArbitrageException)
      throw error
    }
    this.isEstablishing = false
    const old = this.current
    this.promote(link)
    if (old !== undefined) this.retire(old)
  }

  private onRotationFailed(failure: CexArbitrageException): void {
    if (this.isClosed) return
    this.policy.onFailure()
    if (this.current === undefined) {
      this.reportFailure(failure, 0)
      void this.establish(true)
      return
    }
    const delayMs = this.policy.getDelayMs(failure)
    this.reportFailure(failure, delayMs)
    if (this.settings.rotation !== undefined) this.scheduleRotation(delayMs)
  }

  private retire(link: SocketLink): void {
    const { clock, overlapMs, closeTimeoutMs } = this.settings
    const timer = clock.setTimer(() => void link.close(closeTimeoutMs), overlapMs)
    this.retiring.set(link, timer)
  }

  private onLinkDown(link: SocketLink, error: CexArbitrageException | undefined): void {
    const { handler, logger } = this.settings
    const retirement = this.retiring.get(link)
    if (retirement !== undefined) {
      retirement.cancel()
      this.retiring.delete(link)
      this.tell(() => handler.onEpochEnd?.(link.epoch, undefined))
      return
    }
    if (link !== this.current) return
    this.current = undefined
    this.stopTimers()
    this.watchdog.stop()
    this.tell(() => handler.onEpochEnd?.(link.epoch, error))
    if (error === undefined || this.isClosed) return
    logger.warn({ connection: this.name, epoch: link.epoch, reason: error.message }, 'websocket is lost')
    this.policy.onFailure()
    if (this.isEstablishing) this.changeState('connecting')
    else void this.establish(true)
  }

  private onSilent(channel: WatchedChannel, silentForMs: number): void {
    if (channel !== this.socketWatch) this.settings.handler.onChannelSilent?.(channel.channel, silentForMs, this.epoch)
    if (channel.options.action !== 'reconnect') return
    const what = channel === this.socketWatch ? 'it' : `channel '${channel.channel}'`
    this.reconnect(`${what} brought nothing for ${silentForMs} ms`)
  }

  /** Logs the first, second, fourth, eighth … so that a broken decoder does not drown the log. */
  private onFrameError(error: unknown): void {
    const count = ++this.frameErrors
    if ((count & (count - 1)) === 0)
      this.settings.logger.error({ connection: this.name, count, err: error }, 'frame handler failed')
  }

  private reportFailure(error: CexArbitrageException, retryInMs: number | undefined): void {
    const { logger, handler } = this.settings
    const fields = { connection: this.name, retryInMs, code: error.code, reason: error.message }
    logger.warn(fields, 'websocket attempt failed')
    this.tell(() => handler.onAttemptFailed?.(error, retryInMs))
  }

  private giveUp(error: CexArbitrageException): void {
    this.isEstablishing = false
    this.isClosed = true
    this.stopTimers()
    this.reportFailure(error, undefined)
    this.opening?.reject(error)
    this.changeState('closed')
  }

  private stopTimers(): void {
    this.policy.stop()
    this.rotationTimer?.cancel()
  }

  private changeState(state: WebSocketState): void {
    const previous = this.currentState
    if (state === previous) return
    this.currentState = state
    this.tell(() => this.settings.handler.onStateChange?.(state, previous, this.epoch))
  }

  /** Tells the handler, whose failures must not stop the healing. */
  private tell(notify: () => void): void {
    try {
      notify()
    } catch (error) {
      this.settings.logger.error({ connection: this.name, err: error }, 'websocket handler failed')
    }
  }
}
