import {
  AuthenticationException,
  ExchangeUnavailableException,
  type Clock,
  type Logger,
  type Random,
  type Timer,
} from '@cex-arbitrage/common'
import {
  WebSocketConnection,
  type FrameWindow,
  type TlsOptions,
  type WebSocketSession,
} from '@cex-arbitrage/networking'
import { getReconnectDelayMs } from '../client/connection-status.js'
import { HummingbotException, hummingbotExchangeId } from '../client/hummingbot-exception.js'
import { STABLE_AFTER_MS } from '../client/protocol-constants.js'
import { parseTolerantJson } from './tolerant-json.js'

/** A frame that carries data: its `type`, `subscription_id`, `data` and `timestamp` (Unix seconds). */
export interface HummingbotApiStreamFrame {
  readonly type: string
  readonly subscription_id?: string
  readonly data?: unknown
  readonly timestamp?: number
}

/** What is subscribed to, in the server's words: `{ type: 'order_book', connector, trading_pair, depth }`. */
export type HummingbotApiSubscription = Readonly<Record<string, unknown>> & { readonly type: string }

export interface HummingbotApiStreamOptions {
  readonly baseUrl: string
  /** `Basic …`. */
  readonly authorization: string
  readonly route: '/ws/market-data' | '/ws/executors'
  readonly onFrame: (frame: HummingbotApiStreamFrame) => void
  /** The socket stands and everything is subscribed. */
  readonly onConnected?: () => void
  readonly onDisconnected?: () => void
  /** A subscription was refused when the socket came back; it is dropped. */
  readonly onRefused?: (subscription: HummingbotApiSubscription, error: HummingbotException) => void
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly tls?: TlsOptions
  /** Milliseconds that an action may take; 60,000 by default, for a feed may take 30 s to start. */
  readonly actionTimeoutMs?: number
}

interface Action {
  readonly body: object
  resolve(subscriptionId: string): void
  reject(error: Error): void
}

const maxSilenceMs = 70_000
const defaultActionTimeoutMs = 60_000
const setupTimeoutMs = 10_000

/**
 * One socket of hummingbot-api (B3). One action at a time, its answer the next one that comes; any frame within 70 s is
 * a sign of life; after a loss it reconnects by R3.5 and subscribes again.
 */
export class HummingbotApiStream {
  /** Frames that could not be read. */
  corrupt = 0
  private readonly connection: WebSocketConnection
  private readonly wanted = new Map<string, HummingbotApiSubscription>()
  private readonly queue: Action[] = []
  private active: Action | undefined
  private timer: Timer | undefined
  private isOpen = false
  /** What the server said first on the socket of that number. */
  private greeting: { readonly epoch: number; readonly refusal: string | undefined } | undefined
  private hasStood = false
  private readonly log: Logger

  constructor(private readonly options: HummingbotApiStreamOptions) {
    const { clock, random, authorization, tls } = options
    this.log = options.logger.child({ component: 'hummingbot-api-stream' })
    const url = `${options.baseUrl.replace(/^http/, 'ws')}${options.route}`
    this.connection = new WebSocketConnection({
      name: `hummingbot-api ${options.route}`,
      exchange: hummingbotExchangeId,
      url: () => url,
      headers: { authorization },
      clock,
      random,
      logger: this.log,
      maxSilenceMs,
      setupTimeoutMs,
      ...(tls !== undefined && { socket: { tls } }),
      reconnect: {
        delayMs: (failures) => getReconnectDelayMs(failures, 2 * random.next() - 1),
        stableAfterMs: STABLE_AFTER_MS,
        isFatal: (error) => !this.hasStood || error.code === 'AUTHENTICATION_FAILED',
      },
      login: (session) => this.awaitWelcome(session),
      handler: {
        onFrame: (frame, _receivedAtUs, epoch) => this.onFrame(frame, epoch),
        onEpochStart: () => this.onStart(),
        onEpochEnd: () => this.onEnd(),
      },
    })
  }

  get connected(): boolean {
    return this.isOpen
  }

  /** @throws {@link AuthenticationException} User or password is wrong. @throws ExchangeConnectionException */
  connect(): Promise<void> {
    return this.connection.connect()
  }

  /**
   * Subscribes, and again after each reconnect.
   *
   * @returns the subscription's id, which its frames carry.
   * @throws {@link HummingbotException} Refused, or no answer.
   */
  async subscribe(subscription: HummingbotApiSubscription): Promise<string> {
    const id = await this.act({ action: 'subscribe', ...subscription })
    this.wanted.set(id, subscription)
    return id
  }

  async unsubscribe(subscriptionId: string): Promise<void> {
    this.wanted.delete(subscriptionId)
    await this.act({ action: 'unsubscribe', subscription_id: subscriptionId })
  }

  /** Asks for a sign of life. */
  async ping(): Promise<void> {
    await this.act({ action: 'ping' })
  }

  async close(): Promise<void> {
    await this.connection.close()
    this.failAll('the stream is closed')
  }

  private act(body: object): Promise<string> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) {
        reject(createFailure('Not connected to hummingbot-api', true))
        return
      }
      this.queue.push({ body, resolve, reject })
      this.pump()
    })
  }

  private pump(): void {
    if (this.active !== undefined || !this.isOpen) return
    const action = this.queue.shift()
    if (action === undefined) return
    this.active = action
    try {
      this.connection.send(JSON.stringify(action.body))
    } catch (error) {
      this.settle((each) => each.reject(error as Error))
      return
    }
    const { clock, actionTimeoutMs = defaultActionTimeoutMs } = this.options
    this.timer = clock.setTimer(() => {
      this.settle((each) =>
        each.reject(createFailure(`Request timed out after ${actionTimeoutMs / 1_000} seconds`, false)),
      )
      // Its answer may still come and would be taken for the next one's.
      this.connection.reconnect('an action got no answer')
    }, actionTimeoutMs)
  }

  private settle(finish: (action: Action) => void): void {
    const action = this.active
    this.timer?.cancel()
    this.active = undefined
    if (action !== undefined) finish(action)
    this.pump()
  }

  private onFrame(window: FrameWindow, epoch: number): void {
    let frame: HummingbotApiStreamFrame & { readonly message?: unknown }
    try {
      frame = parseTolerantJson(window.toString()) as typeof frame
      if (typeof frame?.type !== 'string') throw new TypeError('no type')
    } catch {
      this.corrupt++
      this.log.warn({ length: window.length }, 'hummingbot-api sent an unreadable frame')
      return
    }
    if (epoch !== this.greeting?.epoch && (frame.type === 'connected' || frame.type === 'error')) {
      this.greeting = { epoch, refusal: frame.type === 'error' ? readText(frame.message) : undefined }
      return
    }
    switch (frame.type) {
      case 'connected':
      case 'heartbeat':
        return
      case 'subscribed':
      case 'unsubscribed':
      case 'pong':
        this.settle((action) => action.resolve(frame.subscription_id ?? ''))
        return
      case 'error':
        this.settle((action) => action.reject(createFailure(readText(frame.message), false, true)))
        return
      default:
        this.options.onFrame(frame)
    }
  }

  /** The server accepts every handshake, and then says whether it lets us in; it may have said so already. */
  private async awaitWelcome(session: WebSocketSession): Promise<void> {
    while (this.greeting?.epoch !== session.epoch) await session.waitForFrame(() => true, setupTimeoutMs)
    const { refusal } = this.greeting
    if (refusal === undefined) return
    const isKey = refusal === 'Authentication failed'
    const kind = isKey ? AuthenticationException : ExchangeUnavailableException
    throw new kind({ message: `hummingbot-api refused the socket: ${refusal}.`, exchange: hummingbotExchangeId })
  }

  private onStart(): void {
    this.isOpen = true
    this.hasStood = true
    void this.resume()
  }

  private async resume(): Promise<void> {
    const before = [...this.wanted]
    await Promise.all(before.map(([id, subscription]) => this.resubscribe(id, subscription)))
    if (this.isOpen) this.options.onConnected?.()
  }

  private async resubscribe(id: string, subscription: HummingbotApiSubscription): Promise<void> {
    try {
      await this.act({ action: 'subscribe', ...subscription })
    } catch (error) {
      if (!(error instanceof HummingbotException) || error.retriable) return
      this.wanted.delete(id)
      this.log.warn({ subscription: id, reason: error.message }, 'hummingbot-api refused a subscription')
      this.options.onRefused?.(subscription, error)
    }
  }

  private onEnd(): void {
    this.isOpen = false
    this.failAll('Request failed: connection closed')
    this.options.onDisconnected?.()
  }

  private failAll(reason: string): void {
    const actions = [...(this.active === undefined ? [] : [this.active]), ...this.queue.splice(0)]
    this.active = undefined
    this.timer?.cancel()
    for (const action of actions) action.reject(createFailure(reason, false))
  }
}

const readText = (message: unknown): string => (typeof message === 'string' ? message : 'Unknown error')

function createFailure(message: string, isUnsent: boolean, isRefusal = false): HummingbotException {
  return new HummingbotException({
    message,
    category: isRefusal ? 'invalid_order' : 'connection_error',
    requestType: 'stream',
    isUnsent,
    attempts: 1,
  })
}
