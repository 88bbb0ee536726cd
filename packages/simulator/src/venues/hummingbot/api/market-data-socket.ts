import type { StreamSession } from '../../../server/stream-session.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import { defaultDepth, heartbeatIntervalMs, internalErrorClose, unauthorizedClose } from '../constants.js'
import { findPair } from '../markets.js'
import { authenticateBasic, authenticateToken, authenticateUser } from './basic-credentials.js'
import { feedTypes, MarketDataFeed, type FeedRequest, type FeedType } from './market-data-feed.js'

const minIntervalS = 0.25
const maxIntervalS = 60
const defaultCandles = 100

type Members = Readonly<Record<string, unknown>>

/** Serves `/ws/market-data`: one action at a time, exactly one answer to each, in order. */
export class MarketDataSocket {
  private readonly feeds = new Map<StreamSession, Map<string, MarketDataFeed>>()

  constructor(
    private readonly host: VenueHost,
    private readonly connector: string,
  ) {}

  open(session: StreamSession): void {
    if (!this.isAuthenticated(session)) {
      this.send(session, { type: 'error', message: 'Authentication failed' })
      session.close(unauthorizedClose)
      return
    }
    this.feeds.set(session, new Map())
    session.onMessage((data) => this.receive(session, data.toString('utf8')))
    session.onClose(() => {
      for (const feed of this.feeds.get(session)?.values() ?? []) feed.stop()
      this.feeds.delete(session)
    })
    this.send(session, { type: 'connected', connection_id: session.id, timestamp: this.nowS })
    this.beat(session)
  }

  private receive(session: StreamSession, text: string): void {
    let message: unknown
    try {
      message = JSON.parse(text)
    } catch {
      message = undefined
    }
    const isObject = typeof message === 'object' && message !== null && !Array.isArray(message)
    const members = isObject ? (message as Members) : undefined
    if (members === undefined || !isNumeric(members['update_interval'])) {
      session.close(internalErrorClose)
      return
    }
    this.host.countRequest(`WS market-data ${String(members['action'])}`)
    this.act(session, members)
  }

  private act(session: StreamSession, members: Members): void {
    const { action } = members
    if (action === 'ping') this.send(session, { type: 'pong', timestamp: this.nowS })
    else if (action === 'subscribe') this.subscribe(session, members)
    else if (action === 'unsubscribe') this.unsubscribe(session, members)
    else this.fail(session, `Unknown action: ${String(action)}. Valid actions: subscribe, unsubscribe, ping`)
  }

  private subscribe(session: StreamSession, members: Members): void {
    const { type, connector, trading_pair: pair } = members
    if (typeof connector !== 'string' || typeof pair !== 'string' || connector === '' || pair === '')
      return this.fail(session, 'connector and trading_pair are required')
    if (!feedTypes.includes(type as FeedType)) return this.fail(session, `Invalid subscription type: ${String(type)}`)
    if (connector !== this.connector)
      return this.fail(session, `Failed to start feed: connector '${connector}' not found`)
    const request = this.readFeed(members, type as FeedType, pair)
    const feeds = this.feeds.get(session)!
    feeds.get(request.id)?.stop()
    feeds.set(request.id, new MarketDataFeed(this.host, session, request))
    this.send(session, { type: 'subscribed', subscription_id: request.id })
  }

  private readFeed(members: Members, type: FeedType, pair: string): FeedRequest {
    const interval = typeof members['interval'] === 'string' ? members['interval'] : '1m'
    const seconds = Math.min(maxIntervalS, Math.max(minIntervalS, Number(members['update_interval'] ?? 1)))
    const base = `${type}_${this.connector}_${pair}`
    return {
      id: type === 'candles' ? `${base}_${interval}` : base,
      type,
      symbol: findPair(this.host.core, pair),
      intervalMs: seconds * 1000,
      depth: Number(members['depth'] ?? defaultDepth),
      interval,
      maxRecords: Number(members['max_records'] ?? defaultCandles),
    }
  }

  private unsubscribe(session: StreamSession, members: Members): void {
    const id = String(members['subscription_id'])
    const feeds = this.feeds.get(session)!
    const feed = feeds.get(id)
    if (feed === undefined) return this.fail(session, `Subscription not found: ${id}`)
    feed.stop()
    feeds.delete(id)
    this.send(session, { type: 'unsubscribed', subscription_id: id })
  }

  private beat(session: StreamSession): void {
    this.host.clock.setTimer(() => {
      if (!this.feeds.has(session)) return
      this.send(session, { type: 'heartbeat', timestamp: this.nowS })
      this.beat(session)
    }, heartbeatIntervalMs)
  }

  private isAuthenticated({ headers, url }: StreamSession): boolean {
    const { core } = this.host
    if (headers['authorization'] !== undefined) return authenticateBasic(core, headers['authorization']) !== undefined
    const query = new URLSearchParams(url.split('?')[1] ?? '')
    const token = query.get('token')
    if (token !== null) return authenticateToken(core, token) !== undefined
    return authenticateUser(core, query.get('username') ?? '', query.get('password') ?? '') !== undefined
  }

  private fail(session: StreamSession, message: string): void {
    this.send(session, { type: 'error', message })
  }

  private send(session: StreamSession, frame: Members): void {
    session.reply(JSON.stringify(frame), this.host.latency.drawMs('ack'))
  }

  private get nowS(): number {
    return this.host.clock.nowMs() / 1000
  }
}

const isNumeric = (value: unknown): boolean =>
  value === undefined || typeof value === 'number' || (typeof value === 'string' && Number.isFinite(Number(value)))
