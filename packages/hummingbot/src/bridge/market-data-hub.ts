import {
  AuthenticationException,
  ExchangeDataException,
  type CexArbitrageException,
  type Clock,
  type Logger,
  type Random,
} from '@cex-arbitrage/common'
import { WebSocketConnection, type FrameWindow, type WebSocketSession } from '@cex-arbitrage/networking'
import { parseTolerantJson } from '../direct/tolerant-json.js'
import { FEED_START_MS, STREAM_DEPTH, STREAM_INTERVAL_S, UPSTREAM_SILENCE_MS } from './bridge-constants.js'
import type { BridgeEvents } from './bridge-events.js'
import type { UpstreamOptions } from './bridge-options.js'
import { BridgeRefusal, invalidOrder } from './bridge-refusal.js'
import { basicHeader } from './upstream-api.js'

export type FeedKind = 'order_book' | 'trades'
/** Hears the pushes of one feed. */
export type FeedListener = (data: unknown, timestampS: number) => void

type Frame = Readonly<Record<string, unknown>>

interface Feed {
  readonly kind: FeedKind
  readonly connector: string
  readonly pair: string
  readonly listeners: Set<FeedListener>
  /** Settles with the upstream's acknowledgement. */
  ready: Promise<void>
  /** Why the upstream would not start it. */
  refusal: BridgeRefusal | undefined
}

interface Opening {
  readonly resolve: () => void
  readonly reject: (refusal: BridgeRefusal) => void
}

const welcomes: ReadonlySet<string> = new Set(['connected', 'error'])
const feedPart = 'Hummingbot API market data'
/** Milliseconds before the attempt that follows so many failures. */
const reconnectDelaysMs = [0, 0, 5_000, 10_000, 20_000, 40_000, 60_000] as const

/**
 * The one market data socket of the upstream: a feed per connector, pair and kind, shared by all clients. Actions go one
 * at a time, because answers carry no id and come in order.
 */
export class MarketDataHub {
  private readonly feeds = new Map<string, Feed>()
  private readonly connection: WebSocketConnection
  private queue: Promise<unknown> = Promise.resolve()
  private session: WebSocketSession | undefined
  private readonly openings = new Set<Opening>()
  private welcome: { readonly epoch: number; readonly type: unknown } | undefined
  private lastFailure: CexArbitrageException | undefined

  constructor(
    upstream: UpstreamOptions,
    private readonly parts: {
      readonly clock: Clock
      readonly random: Random
      readonly logger: Logger
      readonly events: BridgeEvents
    },
  ) {
    const { events, ...rest } = parts
    this.connection = new WebSocketConnection({
      ...rest,
      name: 'hummingbot-api market data',
      url: () => `${upstream.baseUrl.replace(/^http/, 'ws').replace(/\/$/, '')}/ws/market-data`,
      headers: { authorization: basicHeader(upstream) },
      ...(upstream.tls !== undefined && { socket: { tls: upstream.tls } }),
      maxSilenceMs: UPSTREAM_SILENCE_MS,
      setupTimeoutMs: FEED_START_MS,
      reconnect: {
        delayMs: (failures) => reconnectDelaysMs[Math.min(failures, reconnectDelaysMs.length - 1)]!,
        isFatal: () => false,
      },
      login: (session) => this.awaitWelcome(session),
      subscribe: (session) => this.restore(session),
      handler: {
        onFrame: (frame, _receivedAtUs, epoch) => this.receive(frame.toString(), epoch),
        onEpochStart: () => this.onOpen(),
        onEpochEnd: (_, reason) => {
          this.session = undefined
          if (reason !== undefined) events.lost(feedPart, reason.message)
        },
        onAttemptFailed: (error) => this.onAttemptFailed(error),
      },
    })
  }

  /**
   * Hears a feed from now on; resolves once the upstream has acknowledged it.
   *
   * @throws {@link BridgeRefusal} The upstream refused the feed or is not there.
   */
  async add(kind: FeedKind, connector: string, pair: string, listener: FeedListener): Promise<void> {
    const id = `${kind}_${connector}_${pair}`
    const known = this.feeds.get(id)
    const feed = known ?? { kind, connector, pair, listeners: new Set(), ready: Promise.resolve(), refusal: undefined }
    feed.listeners.add(listener)
    if (known === undefined) {
      this.feeds.set(id, feed)
      feed.ready = this.open(feed)
    }
    try {
      await feed.ready
    } catch (error) {
      feed.listeners.delete(listener)
      if (this.feeds.get(id) === feed) this.feeds.delete(id)
      throw error
    }
  }

  /** Hears it no more; the upstream is told when it was the last. */
  remove(kind: FeedKind, connector: string, pair: string, listener: FeedListener): void {
    const id = `${kind}_${connector}_${pair}`
    const feed = this.feeds.get(id)
    if (feed === undefined || !feed.listeners.delete(listener) || feed.listeners.size > 0) return
    this.feeds.delete(id)
    if (this.session !== undefined)
      this.act(this.session, { action: 'unsubscribe', subscription_id: id }).catch((cause: unknown) =>
        this.parts.logger.warn({ cause, id }, 'a market data feed could not be ended'),
      )
  }

  close(): Promise<void> {
    this.rejectOpenings(new BridgeRefusal('connection_error', 'The bridge is stopping'))
    return this.connection.close(1_000)
  }

  private async open(feed: Feed): Promise<void> {
    if (this.session !== undefined) return this.act(this.session, subscription(feed))
    if (this.connection.state === 'waiting' && this.lastFailure !== undefined) throw toRefusal(this.lastFailure)
    this.connection.connect().catch(() => undefined)
    await new Promise<void>((resolve, reject) => void this.openings.add({ resolve, reject }))
    if (feed.refusal !== undefined) throw feed.refusal
  }

  /** The first frame tells whether the credentials are right; it may be here before anybody waits for it. */
  private async awaitWelcome(session: WebSocketSession): Promise<void> {
    const isWelcome = (frame: FrameWindow): boolean => welcomes.has(String(decode(frame.toString())['type']))
    const early = this.welcome?.epoch === session.epoch ? this.welcome.type : undefined
    const type = early ?? decode((await session.waitForFrame(isWelcome, FEED_START_MS)).data.toString())['type']
    if (type === 'error')
      throw new AuthenticationException({
        message: 'Hummingbot API refused user and password on its market data socket.',
      })
  }

  private onOpen(): void {
    this.lastFailure = undefined
    this.parts.events.restored(feedPart)
    for (const { resolve } of this.openings) resolve()
    this.openings.clear()
  }

  private onAttemptFailed(error: CexArbitrageException): void {
    this.session = undefined
    this.lastFailure = error
    if (error instanceof AuthenticationException)
      this.parts.logger.error({ reason: error.message }, 'the upstream refuses the user and password of this bridge')
    this.parts.events.lost(feedPart, error.message)
    this.rejectOpenings(toRefusal(error))
  }

  private rejectOpenings(refusal: BridgeRefusal): void {
    for (const { reject } of this.openings) reject(refusal)
    this.openings.clear()
  }

  /** Runs on each new socket: subscribes to every feed, one after the other. */
  private async restore(session: WebSocketSession): Promise<void> {
    this.session = session
    for (const feed of this.feeds.values()) {
      try {
        await this.act(session, subscription(feed))
      } catch (error) {
        if (!(error instanceof BridgeRefusal) || error.category === 'connection_error') throw error
        feed.refusal = error
        this.parts.events.problem(`No ${feed.kind} of ${feed.pair} on ${feed.connector}: ${error.message}`)
      }
    }
  }

  private act(session: WebSocketSession, frame: Frame): Promise<void> {
    const acted = this.queue.then(async () => {
      const answered = session.waitForFrame((frame) => isAnswer(frame.toString()), FEED_START_MS)
      answered.catch(() => undefined)
      session.send(JSON.stringify(frame))
      let answer: Frame
      try {
        answer = decode((await answered).data.toString())
      } catch (cause) {
        throw new BridgeRefusal('connection_error', 'Hummingbot API did not acknowledge the feed', {}, { cause })
      }
      if (answer['type'] === 'error') throw invalidOrder(String(answer['message']))
    })
    this.queue = acted.catch(() => undefined)
    return acted
  }

  private receive(text: string, epoch: number): void {
    const { type, subscription_id: id, data: payload, timestamp } = decode(text)
    if (this.welcome?.epoch !== epoch && welcomes.has(String(type))) this.welcome = { epoch, type }
    if (type !== 'order_book' && type !== 'trades') return
    const feed = this.feeds.get(String(id))
    const atS = typeof timestamp === 'number' ? timestamp : this.parts.clock.nowMs() / 1000
    for (const listener of feed?.listeners ?? []) listener(payload, atS)
  }
}

const subscription = ({ kind, connector, pair }: Feed): Frame => ({
  action: 'subscribe',
  type: kind,
  connector,
  trading_pair: pair,
  ...(kind === 'order_book' && { depth: STREAM_DEPTH }),
  update_interval: STREAM_INTERVAL_S,
})

const isAnswer = (text: string): boolean =>
  ['subscribed', 'unsubscribed', 'error'].includes(String(decode(text)['type']))

function decode(text: string): Frame {
  const value = parseTolerantJson(text)
  if (typeof value === 'object' && value !== null) return value as Frame
  throw new ExchangeDataException({ message: 'A market data frame of Hummingbot API is no object.' })
}

const toRefusal = (cause: CexArbitrageException): BridgeRefusal => {
  const category = cause instanceof AuthenticationException ? 'auth_failed' : 'connection_error'
  return new BridgeRefusal(category, cause.message, undefined, { cause })
}
