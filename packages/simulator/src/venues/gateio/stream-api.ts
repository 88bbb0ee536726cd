import type { StreamSession } from '../../server/stream-session.js'
import type { VenueHost } from '../../venue/venue-host.js'
import type { Authentication, Caller } from './authentication.js'
import { maxConnectionsPerIp } from './constants.js'
import { GateioRefusal } from './gateio-refusal.js'
import {
  acknowledge,
  parseStreamRequest,
  pong,
  pushFrame,
  type StreamError,
  type StreamRequest,
} from './stream-frames.js'
import type { StreamSide } from './stream-side.js'

const policyViolation = 1008

/** The WebSocket side of one product: frames in, acknowledgements, channels, pings, and the WebSocket API. */
export class GateioStreamApi {
  private readonly sessions = new Set<StreamSession>()
  private traceCount = 0

  constructor(
    private readonly host: VenueHost,
    private readonly authentication: Authentication,
    private readonly side: StreamSide,
  ) {
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
    this.sessions.add(session)
    session.onMessage((data) => this.receive(session, data.toString('utf8')))
    session.onClose(() => {
      this.sessions.delete(session)
      this.side.calls.closed(session)
      for (const channel of this.side.channels.values()) channel.closed(session)
    })
  }

  private receive(session: StreamSession, raw: string): void {
    const request = parseStreamRequest(raw)
    if (request === undefined) {
      const empty = { time: 0, id: undefined, channel: '', event: '', payload: undefined, auth: undefined, raw }
      this.answer(session, empty, {
        code: 1,
        message: this.side.product === 'spot' ? 'Invalid request body format' : 'invalid argument struct',
      })
      return
    }
    const { product } = this.side
    if (request.channel === `${product}.ping`) session.reply(pong(this.host.clock, `${product}.pong`))
    else if (request.event === 'api') this.side.calls.handle(session, request)
    else this.subscription(session, request)
  }

  private subscription(session: StreamSession, request: StreamRequest): void {
    this.host.countRequest(`WS ${request.event} ${request.channel}`)
    const channel = this.side.channels.get(request.channel)
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
      const early = this.side.obuSnapshotFirst && request.channel === `${this.side.product}.obu`
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
    const frame = pushFrame(this.host.clock, `${this.side.product}.system`, { type: 'upgrade', msg })
    for (const session of this.sessions) session.reply(frame)
  }
}
