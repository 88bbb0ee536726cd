import type { FaultOccasion } from '../../../faults/fault-rule.js'
import type { StreamSession } from '../../../server/stream-session.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import { policyViolation } from '../constants.js'
import type { HummingbotSettings } from '../settings.js'
import type { OrderEvents } from './order-events.js'
import { ProtocolRefusal } from './protocol-refusal.js'
import { parseRequest, type RequestFrame } from './request-frame.js'
import type { Answer, Caller, RequestHandler } from './request-handler.js'
import { ResponseWriter } from './response-writer.js'
import type { Subscriptions } from './subscriptions.js'
import type { ConnectionMeter, TrafficMeter } from './traffic-meter.js'

interface Connection {
  readonly session: StreamSession
  readonly meter: ConnectionMeter
  readonly writer: ResponseWriter
  caller: Caller | undefined
}

/** Requests that need no slot of their own. */
const isUncounted = (type: string): boolean => type === 'ping' || type === 'authenticate'

/** Serves the WebSocket protocol: authentication first, then requests, each through the faults. */
export class ProtocolServer {
  private readonly connections = new Set<Connection>()

  constructor(
    private readonly host: VenueHost,
    private readonly settings: HummingbotSettings,
    private readonly parts: {
      readonly handler: RequestHandler
      readonly events: OrderEvents
      readonly subscriptions: Subscriptions
      readonly traffic: TrafficMeter
    },
  ) {
    host.faults.onAdd(({ rule }) => {
      if (rule.kind !== 'session_expiry') return
      for (const connection of this.connections) if (connection.session.matches(rule)) connection.caller = undefined
    })
  }

  open(session: StreamSession): void {
    const connection: Connection = {
      session,
      meter: this.parts.traffic.open(),
      writer: new ResponseWriter(this.host, session),
      caller: undefined,
    }
    this.connections.add(connection)
    session.onMessage((data, isBinary) => {
      if (!isBinary) this.receive(connection, data.toString('utf8'))
    })
    session.onClose(() => {
      this.connections.delete(connection)
      this.parts.events.remove(session)
      this.parts.subscriptions.removeSession(session)
    })
  }

  private receive(connection: Connection, text: string): void {
    const frame = parseRequest(text)
    if (frame === undefined) {
      connection.session.reply(JSON.stringify(errorFrame(undefined, 'invalid_order', 'Invalid message')))
      return
    }
    const { clock, faults, latency } = this.host
    const isCrowded = this.count(connection, frame)
    const { apiKey } = connection.session
    const occasion = { route: `WS ${frame.type}`, channel: 'response', ...(apiKey !== undefined && { apiKey }) }
    const delayMs = latency.drawMs('request') + (faults.take(['request_delay'], occasion)?.delayMs ?? 0)
    const act = (): void => {
      const answeredInMs = this.act(connection, frame, occasion, isCrowded)
      if (!isUncounted(frame.type)) this.later(() => connection.meter.end(), answeredInMs)
    }
    if (!isUncounted(frame.type)) connection.meter.begin()
    if (delayMs <= 0) act()
    else clock.setTimer(act, delayMs)
  }

  /** Counts a frame; `true` when it is one too many. */
  private count({ meter, caller }: Connection, frame: RequestFrame): boolean {
    this.host.countRequest(`WS ${frame.type}`)
    const inWindow = meter.onFrame(frame.id, caller !== undefined, frame.type)
    return inWindow > (this.settings.maxFramesPerSecond ?? Infinity)
  }

  /** @returns milliseconds until the answer is out; 0 when there is none. */
  private act(connection: Connection, frame: RequestFrame, occasion: FaultOccasion, isCrowded: boolean): number {
    const { faults } = this.host
    const { session, meter } = connection
    const dropped = faults.take(['request_drop'], occasion)
    if (dropped !== undefined) {
      if (dropped.mode !== 'hang') session.terminate()
      return 0
    }
    let response: Record<string, unknown>
    let answer: Answer = {}
    try {
      const limited = faults.take(['rate_limited'], occasion)
      if (limited !== undefined) throw tooMany(limited.retryAfterS)
      if (isCrowded) throw tooMany(meter.secondsToRoom)
      if (faults.take(['error_before'], occasion) !== undefined) throw serverError()
      answer = this.run(connection, frame)
      if (faults.take(['error_after'], occasion) !== undefined) throw serverError()
      const { message, data } = answer
      response = {
        ...(frame.id !== undefined && { id: frame.id }),
        status: 'success',
        ...(message !== undefined && { message }),
        ...(data !== undefined && { data }),
      }
    } catch (cause) {
      if (!(cause instanceof ProtocolRefusal)) throw cause
      response = errorFrame(frame.id, cause.code, cause.message, cause.data)
    }
    const lost = faults.take(['lost_acknowledgement'], occasion)
    if (lost !== undefined) {
      if (lost.mode !== 'hang') session.terminate()
      return 0
    }
    const delayMs = connection.writer.write(JSON.stringify(response), occasion)
    if (frame.type === 'authenticate' && response['status'] === 'error') this.closeAfter(session, delayMs)
    else if (answer.afterwards !== undefined) this.later(answer.afterwards, delayMs)
    return delayMs
  }

  private run(connection: Connection, frame: RequestFrame): Answer {
    if (frame.type === 'authenticate') return this.authenticate(connection, frame)
    if (connection.caller === undefined) throw new ProtocolRefusal('auth_failed', 'Authentication required')
    return this.parts.handler.handle(connection.caller, frame)
  }

  private authenticate(connection: Connection, { members }: RequestFrame): Answer {
    const { session } = connection
    const key = members['api_key']
    const found = typeof key === 'string' ? this.host.core.accounts.findByKey(key) : undefined
    if (found === undefined) throw new ProtocolRefusal('auth_failed', 'Authentication failed')
    session.apiKey = found.apiKey.key
    session.scope = 'private'
    const { key: apiKey, permission } = found.apiKey
    connection.caller = { session, account: found.account, apiKey, permission }
    this.parts.events.add(session, found.account.id)
    const { capabilities } = this.settings
    return capabilities.length === 0 ? {} : { data: { capabilities } }
  }

  private closeAfter(session: StreamSession, delayMs: number): void {
    this.later(() => session.close(policyViolation, 'authentication failed'), delayMs)
  }

  private later(what: () => void, delayMs: number): void {
    if (delayMs <= 0) what()
    else this.host.clock.setTimer(what, delayMs)
  }
}

const errorFrame = (
  id: string | undefined,
  code: string,
  message: string,
  data?: Readonly<Record<string, unknown>>,
): Record<string, unknown> => ({
  ...(id !== undefined && { id }),
  status: 'error',
  message,
  code,
  ...(data !== undefined && { data }),
})

const tooMany = (retryAfterS: number | undefined): ProtocolRefusal =>
  new ProtocolRefusal('rate_limit', 'Too many requests', retryAfterS === undefined ? {} : { retry_after: retryAfterS })

const serverError = (): ProtocolRefusal => new ProtocolRefusal('server_error', 'Internal server error')
