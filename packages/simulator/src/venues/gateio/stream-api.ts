import type { StreamSession } from '../../server/stream-session.js'
import type { VenueHost } from '../../venue/venue-host.js'
import type { Authentication, Caller } from './authentication.js'
import { BookSnapshotChannel, BookUpdateChannel, ObuChannel } from './book-channels.js'
import type { Channel } from './channel.js'
import { bookTickerIntervalMs, maxConnectionsPerIp } from './constants.js'
import { GateioRefusal } from './gateio-refusal.js'
import { BalancesChannel, emptyPrivateChannel, OrdersChannel, PriceOrdersChannel } from './private-channels.js'
import { UserTradesChannel } from './private-channels.js'
import { BookTickerChannel, CandlesChannel, TickersChannel, TradesChannel } from './public-channels.js'
import {
  acknowledge,
  parseStreamRequest,
  pong,
  pushFrame,
  type StreamError,
  type StreamRequest,
} from './stream-frames.js'
import type { StreamTrading } from './stream-trading.js'

const policyViolation = 1008

export interface StreamApiOptions {
  /** First frame of `spot.order_book_update` after a subscription. */
  readonly firstBookFrame: 'increment' | 'full'
  /** Whether the first `spot.obu` snapshot comes before the acknowledgement. */
  readonly obuSnapshotFirst: boolean
}

/** The WebSocket side: frames in, acknowledgements, channels, pings, and the WebSocket API. */
export class GateioStreamApi {
  private readonly channels: ReadonlyMap<string, Channel>
  private traceCount = 0

  constructor(
    private readonly host: VenueHost,
    private readonly authentication: Authentication,
    private readonly trading: StreamTrading,
    private readonly options: StreamApiOptions,
  ) {
    this.channels = new Map<string, Channel>([
      ['spot.tickers', new TickersChannel(host)],
      ['spot.trades', new TradesChannel(host, 'spot.trades')],
      ['spot.trades_v2', new TradesChannel(host, 'spot.trades_v2')],
      ['spot.candlesticks', new CandlesChannel(host)],
      ['spot.book_ticker', new BookTickerChannel(host, bookTickerIntervalMs)],
      ['spot.order_book_update', new BookUpdateChannel(host, options.firstBookFrame)],
      ['spot.order_book', new BookSnapshotChannel(host)],
      ['spot.obu', new ObuChannel(host)],
      ['spot.orders', new OrdersChannel(host, false)],
      ['spot.orders_v2', new OrdersChannel(host, true)],
      ['spot.usertrades', new UserTradesChannel(host, false)],
      ['spot.usertrades_v2', new UserTradesChannel(host, true)],
      ['spot.balances', new BalancesChannel(host)],
      ['spot.priceorders', new PriceOrdersChannel(host)],
      ['spot.margin_balances', emptyPrivateChannel],
      ['spot.funding_balances', emptyPrivateChannel],
      ['spot.cross_balances', emptyPrivateChannel],
      ['spot.cross_loan', emptyPrivateChannel],
    ])
    host.faults.onAdd(({ rule }) => {
      if (rule.kind === 'maintenance') this.announceClose()
    })
  }

  open(session: StreamSession): void {
    const fromSameIp = [...this.host.sessions].filter(({ ip }) => ip === session.ip)
    if (fromSameIp.length > maxConnectionsPerIp) {
      session.close(policyViolation, 'too many connections')
      return
    }
    session.onMessage((data) => this.receive(session, data.toString('utf8')))
    session.onClose(() => {
      this.trading.closed(session)
      for (const channel of this.channels.values()) channel.closed(session)
    })
  }

  private receive(session: StreamSession, raw: string): void {
    const request = parseStreamRequest(raw)
    if (request === undefined) {
      const empty = { time: 0, id: undefined, channel: '', event: '', payload: undefined, auth: undefined, raw }
      this.answer(session, empty, { code: 1, message: 'Invalid request body format' })
      return
    }
    if (request.channel === 'spot.ping') session.reply(pong(this.host.clock, 'spot.pong'))
    else if (request.event === 'api') this.trading.handle(session, request)
    else this.subscription(session, request)
  }

  private subscription(session: StreamSession, request: StreamRequest): void {
    this.host.countRequest(`WS ${request.event} ${request.channel}`)
    const channel = this.channels.get(request.channel)
    if (channel === undefined || !['subscribe', 'unsubscribe'].includes(request.event)) {
      const what = channel === undefined ? `unknown channel ${request.channel}` : `unknown event ${request.event}`
      this.answer(session, request, { code: 2, message: what })
      return
    }
    try {
      const caller = channel.isPrivate ? this.authenticate(session, request) : undefined
      if (request.event === 'unsubscribe') {
        this.answer(session, request, channel.unsubscribe(session, request.payload, caller))
        return
      }
      const error = channel.subscribe(session, request.payload, caller)
      const early = this.options.obuSnapshotFirst && request.channel === 'spot.obu'
      if (error === undefined && early) channel.acknowledged?.(session, request.payload)
      this.answer(session, request, error)
      if (error === undefined && !early) channel.acknowledged?.(session, request.payload)
    } catch (cause) {
      if (!(cause instanceof GateioRefusal)) throw cause
      this.answer(session, request, { code: 4, message: `${JSON.stringify(cause.body)}\n` })
    }
  }

  private authenticate(session: StreamSession, request: StreamRequest): Caller {
    const caller = this.authentication.authenticateChannel(request, session.ip)
    session.apiKey = caller.apiKey.key
    session.scope = 'private'
    return caller
  }

  private answer(session: StreamSession, request: StreamRequest, error?: StreamError): void {
    const traceId = (++this.traceCount).toString(16).padStart(32, '0')
    session.reply(acknowledge(this.host.clock, request, session.id, traceId, error))
  }

  /** What the venue says before it closes every connection for an upgrade. */
  private announceClose(): void {
    const msg = 'The connection will soon be closed for a service upgrade. Please reconnect.'
    const frame = pushFrame(this.host.clock, 'spot.system', { type: 'upgrade', msg })
    for (const session of this.host.sessions) session.reply(frame)
  }
}
