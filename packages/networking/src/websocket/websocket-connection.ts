import { sleep, type CexArbitrageException, type Timer } from '@cex-arbitrage/common'
import { createResolvers, type Resolvers } from '../utils/resolvers.js'
import type { ChannelWatch, ChannelWatchOptions } from './channel-watch.js'
import { ConnectionErrors } from './connection-errors.js'
import { ConnectionEvents } from './connection-events.js'
import { LivenessWatchdog, type WatchedChannel } from './liveness-watchdog.js'
import { ReconnectPolicy } from './reconnect-policy.js'
import { RetiringLinks } from './retiring-links.js'
import type { MessageSender, SendReceipt } from './send-receipt.js'
import { setUpLink } from './set-up-link.js'
import { SocketLink, type LinkOwner } from './socket-link.js'
import type { WebSocketConnectionOptions, WebSocketState } from './websocket-options.js'
import { resolveSettings, type WebSocketSettings } from './websocket-settings.js'

/**
 * A connection that heals itself: connects, logs in, subscribes, watches that data comes, reconnects, and replaces its
 * socket before the venue cuts it. Each socket is one epoch.
 */
export class WebSocketConnection implements MessageSender {
  private readonly settings: WebSocketSettings
  private readonly errors: ConnectionErrors
  private readonly owner: LinkOwner
  private readonly policy: ReconnectPolicy
  private readonly watchdog: LivenessWatchdog
  private readonly socketWatch: WatchedChannel | undefined
  private readonly events: ConnectionEvents
  private readonly retiring: RetiringLinks
  private current: SocketLink | undefined
  /** The socket that is being set up. */
  private pending: SocketLink | undefined
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
    const { clock, overlapMs, closeTimeoutMs } = this.settings
    this.events = new ConnectionEvents(this.settings)
    this.retiring = new RetiringLinks(clock, overlapMs, closeTimeoutMs)
    this.policy = new ReconnectPolicy(this.settings)
    this.watchdog = new LivenessWatchdog(options.clock, (channel, silentForMs) => this.onSilent(channel, silentForMs))
    if (options.maxSilenceMs !== undefined)
      this.socketWatch = this.watchdog.watch('', { maxSilenceMs: options.maxSilenceMs, action: 'reconnect' })
    this.owner = {
      settings: this.settings,
      errors: this.errors,
      socketWatch: this.socketWatch,
      onLinkDown: (link, error) => this.onLinkDown(link, error),
      onFrameError: (error) => this.events.frameFailed(error),
    }
  }

  get name(): string {
    return this.settings.name
  }

  get state(): WebSocketState {
    return this.events.state
  }

  /** Frames whose handler threw. */
  get frameErrors(): number {
    return this.events.frameErrors
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
    await Promise.all([this.retiring.close(deadlineMs), this.current?.close(deadlineMs)])
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
        this.events.attemptFailed(failure, delayMs)
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
    const link = new SocketLink(++this.lastEpoch, this.owner)
    this.pending = link
    try {
      await setUpLink(link, this.settings, this.errors, report)
      return link
    } finally {
      this.pending = undefined
    }
  }

  private promote(link: SocketLink): void {
    const { random, rotation, logger } = this.settings
    this.current = link
    this.stopTimers()
    this.watchdog.start()
    this.policy.onOpen()
    if (rotation !== undefined)
      this.scheduleRotation(Math.max(0, rotation.afterMs - random.next() * (rotation.jitterMs ?? 0)))
    logger.info({ connection: this.name, epoch: link.epoch }, 'websocket is open')
    this.changeState('open')
    this.events.started(link.epoch)
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
    if (old !== undefined) this.retiring.add(old)
  }

  private onRotationFailed(failure: CexArbitrageException): void {
    if (this.isClosed) return
    this.policy.onFailure()
    if (this.current === undefined) {
      this.events.attemptFailed(failure, 0)
      void this.establish(true)
      return
    }
    const delayMs = this.policy.getDelayMs(failure)
    this.events.attemptFailed(failure, delayMs)
    if (this.settings.rotation !== undefined) this.scheduleRotation(delayMs)
  }

  private onLinkDown(link: SocketLink, error: CexArbitrageException | undefined): void {
    if (this.retiring.delete(link)) {
      this.events.ended(link.epoch, undefined)
      return
    }
    if (link !== this.current) return
    this.current = undefined
    this.stopTimers()
    this.watchdog.stop()
    this.events.ended(link.epoch, error)
    if (error === undefined || this.isClosed) return
    const fields = { connection: this.name, epoch: link.epoch, reason: error.message }
    this.settings.logger.warn(fields, 'websocket is lost')
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

  private giveUp(error: CexArbitrageException): void {
    this.isEstablishing = false
    this.isClosed = true
    this.stopTimers()
    this.events.attemptFailed(error, undefined)
    this.opening?.reject(error)
    this.changeState('closed')
  }

  private stopTimers(): void {
    this.policy.stop()
    this.rotationTimer?.cancel()
  }

  private changeState(state: WebSocketState): void {
    this.events.changeState(state, this.epoch)
  }
}
