import type { CexArbitrageException } from '@cex-arbitrage/common'
import {
  WebSocketConnection,
  type FrameWindow,
  type MessageSender,
  type WebSocketConnectionOptions,
} from '@cex-arbitrage/networking'
import type { AnswerChannel, AttemptSender } from './attempt-sender.js'
import type { ClientConnection, HummingbotClientSettings } from './client-options.js'
import { getReconnectDelayMs, type HummingbotConnectionStatus } from './connection-status.js'
import { ConnectionWaiters } from './connection-waiters.js'
import { HummingbotException, hummingbotExchangeId } from './hummingbot-exception.js'
import { ClientHeartbeat } from './client-heartbeat.js'
import * as limits from './protocol-constants.js'
import type { Redactor } from './redactor.js'

export interface ConnectionKeeperOptions {
  readonly settings: HummingbotClientSettings
  readonly attempts: AttemptSender
  readonly redactor: Redactor
  readonly createConnection: ((options: WebSocketConnectionOptions) => ClientConnection) | undefined
  /** A frame came. */
  readonly onFrame: (frame: FrameWindow) => void
  /** Sends `authenticate` and awaits its success. */
  readonly authenticate: (channel: AnswerChannel, signal: AbortSignal) => Promise<void>
  /** Sends one ping. */
  readonly ping: () => Promise<void>
  readonly onStatus: (
    status: HummingbotConnectionStatus,
    previous: HummingbotConnectionStatus,
    reason: string | undefined,
  ) => void
  /** A connection stands. `signal` is aborted when it is lost. */
  readonly onConnected: (isReconnect: boolean, signal: AbortSignal) => void
  /** `disconnect` was called, or it gave up: whatever waits shall end. */
  readonly onEnded: (reason: string) => void
}

/** One line of connections, from a `connect` to its end. */
interface Line {
  readonly connection: ClientConnection
  readonly channel: AnswerChannel
  /** Aborts the login that is under way. */
  login: AbortController
  hasStood: boolean
  isEnding: boolean
}

/** Connects, authenticates, watches by pings, reconnects and ends: the status machine of A10 and the rules R3. */
export class ConnectionKeeper {
  private current: HummingbotConnectionStatus = 'disconnected'
  private line: Line | undefined
  /** Aborted when the connection that stands is lost. */
  private standing: AbortController | undefined
  private opening: Promise<void> | undefined
  private ending: Promise<void> | undefined
  private readonly heartbeat: ClientHeartbeat
  private readonly waiters: ConnectionWaiters

  constructor(private readonly options: ConnectionKeeperOptions) {
    const { clock, pingIntervalMs } = options.settings
    this.waiters = new ConnectionWaiters(clock)
    this.heartbeat = new ClientHeartbeat({
      clock,
      intervalMs: pingIntervalMs,
      ping: options.ping,
      onFailure: (reason) => this.line?.connection.reconnect(`a ping failed: ${reason}`),
    })
  }

  get status(): HummingbotConnectionStatus {
    return this.current
  }

  /** The channel of the connection that stands. */
  get channel(): AnswerChannel | undefined {
    return this.standing === undefined ? undefined : this.line?.channel
  }

  /** A probe that tells later whether the connection of now was lost. */
  watchLoss(): () => boolean {
    const { standing } = this
    return () => standing !== this.standing
  }

  waitForChannel(timeoutMs: number, signal: AbortSignal): Promise<AnswerChannel> {
    const { channel } = this
    return channel !== undefined ? Promise.resolve(channel) : this.waiters.wait(timeoutMs, signal)
  }

  /** @throws {@link HummingbotException} No connection, or authentication refused; the status is `disconnected` again. */
  async connect(): Promise<void> {
    if (this.ending !== undefined) await this.ending
    if (this.current === 'connected') return
    if (this.line !== undefined && this.line.hasStood && this.current === 'connecting') {
      await this.waiters.wait(undefined, undefined)
      return
    }
    this.opening ??= this.open().finally(() => {
      this.opening = undefined
    })
    await this.opening
  }

  /** Ends everything within 1 s; never throws. */
  disconnect(): Promise<void> {
    this.ending ??= this.end().finally(() => {
      this.ending = undefined
    })
    return this.ending
  }

  /** Drops the socket; it reconnects. */
  reconnect(reason: string): void {
    this.line?.connection.reconnect(reason)
  }

  private async open(): Promise<void> {
    const line = this.createLine()
    this.line = line
    this.changeStatus('connecting', undefined)
    try {
      await line.connection.connect()
    } catch (error) {
      if (line.isEnding) throw this.describeFailure(error as Error, 'disconnected while connecting')
      const failure = this.describeFailure(error as Error)
      this.changeStatus('error', failure.message)
      this.closeLine(line)
      this.changeStatus('disconnected', undefined)
      throw failure
    }
  }

  private createLine(): Line {
    const { settings, createConnection, attempts } = this.options
    const { clock, random, logger, url, tls, connectTimeoutMs, requestTimeoutMs, rateLimit } = settings
    const options: WebSocketConnectionOptions = {
      name: 'hummingbot',
      exchange: hummingbotExchangeId,
      url: () => url,
      clock,
      random,
      logger,
      connectTimeoutMs,
      // Authentication may have to wait at the gate for a whole window before its own timeout begins.
      setupTimeoutMs: requestTimeoutMs + 2 * rateLimit.periodMs + connectTimeoutMs,
      maxPayloadBytes: limits.MAX_FRAME_BYTES,
      closeTimeoutMs: limits.MAX_DISCONNECT_MS,
      ...(tls !== undefined && { socket: { tls } }),
      reconnect: {
        delayMs: (failures) => getReconnectDelayMs(failures, 2 * random.next() - 1),
        stableAfterMs: limits.STABLE_AFTER_MS,
        isFatal: (error) => !line.hasStood || isRefused(error),
        // The loss itself counts as the first failure.
        ...(settings.maxReconnectAttempts !== undefined && { maxAttempts: settings.maxReconnectAttempts + 1 }),
      },
      login: (session) => this.logIn(line, session),
      handler: {
        onFrame: (frame) => this.options.onFrame(frame),
        onEpochStart: () => this.onStart(line),
        onEpochEnd: (epoch, reason) => this.onLoss(line, epoch, reason),
        onAttemptFailed: (error, retryInMs) => this.onAttemptFailed(line, error, retryInMs),
      },
    }
    const connection = createConnection?.(options) ?? new WebSocketConnection(options)
    const sender: MessageSender = { send: (data, receipt) => connection.send(String(data), receipt) }
    const line: Line = {
      connection,
      channel: attempts.openChannel(sender, 'hummingbot'),
      login: new AbortController(),
      hasStood: false,
      isEnding: false,
    }
    return line
  }

  private async logIn(line: Line, session: MessageSender): Promise<void> {
    const { attempts, authenticate } = this.options
    const channel = attempts.openChannel(session, 'hummingbot login')
    line.login = new AbortController()
    try {
      await authenticate(channel, line.login.signal)
    } finally {
      attempts.closeChannel(channel)
    }
  }

  private onStart(line: Line): void {
    if (line.isEnding) return
    const isReconnect = line.hasStood
    line.hasStood = true
    this.standing = new AbortController()
    this.changeStatus('connected', isReconnect ? 'reconnected' : undefined)
    this.heartbeat.start()
    this.waiters.resolve(line.channel)
    this.options.onConnected(isReconnect, this.standing.signal)
  }

  private onLoss(line: Line, epoch: number, reason: CexArbitrageException | undefined): void {
    this.heartbeat.stop()
    const { standing } = this
    this.standing = undefined
    standing?.abort(this.describeFailure(reason ?? new Error('closed'), 'connection closed'))
    line.channel.onEpochEnd(epoch, reason)
    if (!line.isEnding) this.changeStatus('connecting', this.options.redactor.redactText(reason?.message ?? 'closed'))
  }

  private onAttemptFailed(line: Line, error: CexArbitrageException, retryInMs: number | undefined): void {
    line.login.abort(error)
    if (retryInMs !== undefined || !line.hasStood || line.isEnding) return
    const failure = this.describeFailure(error)
    this.closeLine(line)
    this.changeStatus('error', failure.message)
    this.waiters.reject(failure)
    this.options.onEnded(failure.message)
  }

  private async end(): Promise<void> {
    const { line } = this
    this.heartbeat.stop()
    if (line !== undefined) line.isEnding = true
    this.standing?.abort(new Error('disconnected'))
    this.standing = undefined
    this.waiters.reject(this.describeFailure(new Error('disconnected'), 'disconnected'))
    this.options.onEnded('Request failed: disconnected, connection closed')
    if (line !== undefined) {
      line.login.abort(new Error('disconnected'))
      await line.connection.close(limits.MAX_DISCONNECT_MS).catch(() => undefined)
      this.closeLine(line)
    }
    this.changeStatus('disconnected', undefined)
  }

  private closeLine(line: Line): void {
    line.isEnding = true
    this.options.attempts.closeChannel(line.channel)
    if (this.line === line) this.line = undefined
    void line.connection.close(0).catch(() => undefined)
  }

  private changeStatus(status: HummingbotConnectionStatus, reason: string | undefined): void {
    const previous = this.current
    if (status === previous) return
    this.current = status
    this.options.onStatus(status, previous, reason)
  }

  private describeFailure(error: Error, reason?: string): HummingbotException {
    const text = reason ?? this.options.redactor.redactText(error.message)
    return new HummingbotException({
      message: `Failed to connect to Hummingbot: ${text}`,
      category: error instanceof HummingbotException ? error.category : 'connection_error',
      requestType: 'authenticate',
      isUnsent: true,
      cause: error,
    })
  }
}

/** Whether the server refused the key: trying again is useless. */
const isRefused = (error: CexArbitrageException): boolean =>
  (error instanceof HummingbotException && error.requestType === 'authenticate' && !error.retriable) ||
  error.code === 'AUTHENTICATION_FAILED' ||
  error.code === 'PERMISSION_DENIED' ||
  error.recovery === 'halt'
