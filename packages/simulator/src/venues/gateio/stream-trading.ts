import type { RateVerdict } from '../../server/rate-limiter.js'
import type { StreamSession } from '../../server/stream-session.js'
import type { VenueHost } from '../../venue/venue-host.js'
import type { Authentication, Caller } from './authentication.js'
import { GateioRefusal, textOf } from './gateio-refusal.js'
import type { JsonObject } from './parameters.js'
import { rawJsonMember } from './raw-json-member.js'
import type { StreamRequest } from './stream-frames.js'
import { wireJson } from '../../server/wire-json.js'

/** What one WebSocket API request is about. */
export interface ApiCall {
  readonly session: StreamSession
  readonly request: StreamRequest
  readonly payload: JsonObject
  readonly param: unknown
  readonly receivedAtMs: number
  verdict?: RateVerdict
}

/** What the WebSocket API of one product does. */
export interface ApiProduct {
  readonly product: 'spot' | 'futures'
  /** Number in the text of a refusal for too many requests. */
  readonly limiterCode: number
  /** What marks a final answer; absent where the lack of an `ack` does. */
  readonly finalAck?: false
  /**
   * Carries out everything but the login.
   *
   * @param acknowledge - To be called once a placement has been taken, before it is carried out.
   * @throws {@link GateioRefusal}
   */
  run(call: ApiCall, caller: Caller, acknowledge: () => void): unknown
}

/** The WebSocket API of one product: login, answers, limits, and the faults that befall them. */
export class StreamTrading {
  private readonly logins = new Map<StreamSession, Caller>()
  private traceCount = 0

  constructor(
    private readonly host: VenueHost,
    private readonly authentication: Authentication,
    private readonly api: ApiProduct,
  ) {
    host.faults.onAdd(({ rule }) => {
      if (rule.kind !== 'session_expiry') return
      for (const session of this.logins.keys()) if (session.matches(rule)) this.logins.delete(session)
    })
  }

  handle(session: StreamSession, request: StreamRequest): void {
    const isObject = typeof request.payload === 'object' && request.payload !== null
    const payload = (isObject ? request.payload : {}) as JsonObject
    const call = { session, request, payload, param: payload['req_param'], receivedAtMs: this.host.clock.nowMs() }
    const occasion = { route: `WS ${request.channel}`, ...(session.apiKey !== undefined && { apiKey: session.apiKey }) }
    const { faults, latency } = this.host
    this.host.countRequest(`WS ${request.channel}`)
    const delayMs = latency.drawMs('request') + (faults.take(['request_delay'], occasion)?.delayMs ?? 0)
    const act = (): void => {
      if (faults.take(['request_drop'], occasion) !== undefined) session.terminate()
      else this.act({ ...call, receivedAtMs: this.host.clock.nowMs() }, occasion)
    }
    if (delayMs > 0) this.host.clock.setTimer(act, delayMs)
    else act()
  }

  closed(session: StreamSession): void {
    this.logins.delete(session)
  }

  /** Carries a call out, and answers it unless a fault says otherwise. */
  private act(call: ApiCall, occasion: { readonly route: string }): void {
    const { faults, latency } = this.host
    const before = faults.take(['rate_limited', 'error_before'], occasion)
    const answers: string[] = []
    try {
      if (before?.kind === 'rate_limited') throw limited(this.api.limiterCode)
      if (before !== undefined) throw serverError(before.status)
      const result = this.run(call, () => answers.push(this.acknowledge(call)))
      if (faults.take(['error_after'], occasion) !== undefined) throw serverError(500)
      answers.push(this.frame(call, '200', { result }))
    } catch (cause) {
      if (!(cause instanceof GateioRefusal)) throw cause
      const message = this.wording(call, cause)
      answers.push(this.frame(call, String(cause.status), { errs: { label: cause.label, message } }))
    }
    const lost = faults.take(['lost_acknowledgement'], occasion)
    if (lost?.mode === 'hang') return
    if (lost !== undefined) {
      call.session.terminate()
      return
    }
    const delayMs = latency.drawMs('ack') + (faults.take(['response_delay'], occasion)?.delayMs ?? 0)
    const isCut = faults.take(['response_truncate', 'strange_answer'], occasion) !== undefined
    for (const answer of answers) call.session.reply(isCut ? answer.slice(0, answer.length >> 1) : answer, delayMs)
  }

  private run(call: ApiCall, acknowledge: () => void): unknown {
    if (call.request.channel === `${this.api.product}.login`) return this.login(call)
    const caller = this.logins.get(call.session)
    if (caller === undefined) throw new GateioRefusal(400, 'AUTHENTICATION_FAILED', 'Not login')
    this.checkExpiry(call)
    return this.api.run(call, caller, acknowledge)
  }

  private login({ payload, request, session }: ApiCall): unknown {
    const raw = rawJsonMember(request.raw, ['payload', 'req_param']) ?? ''
    const caller = this.authentication.authenticateLogin(request.channel, payload, raw, session.ip)
    this.logins.set(session, caller)
    session.apiKey = caller.apiKey.key
    session.scope = 'private'
    return { api_key: caller.apiKey.key, uid: String(caller.account.uid) }
  }

  private checkExpiry({ payload, receivedAtMs }: ApiCall): void {
    const header = payload['req_header'] as JsonObject | null | undefined
    const expiry = header?.['x-gate-exptime']
    if (expiry !== undefined && receivedAtMs > Number(expiry))
      throw new GateioRefusal(403, 'REQUEST_EXPIRED', 'Request received after x-gate-exptime')
  }

  /** The order calls repeat the label inside the message. */
  private wording({ request }: ApiCall, { label, message }: GateioRefusal): string {
    const bare = request.channel.endsWith('.login') || ['AUTHENTICATION_FAILED', 'TOO_MANY_REQUESTS'].includes(label)
    return bare || label === 'INVALID_ARGUMENT' ? message : `label: ${label}, message: ${message}`
  }

  private acknowledge(call: ApiCall): string {
    const { payload } = call
    const echo = {
      req_id: payload['req_id'],
      req_header: payload['req_header'] ?? null,
      req_param: payload['req_param'],
      api_key: '',
      timestamp: '',
      signature: '',
    }
    return this.frame(call, '200', { result: echo }, true)
  }

  private frame(call: ApiCall, status: string, data: JsonObject, ack = false): string {
    const { payload, receivedAtMs, request, session } = call
    const nowMs = this.host.clock.nowMs()
    const header = {
      response_time: String(nowMs),
      status,
      channel: request.channel,
      event: 'api',
      client_id: `${session.ip}-${session.id}`,
      x_in_time: receivedAtMs * 1000,
      x_out_time: nowMs * 1000,
      conn_id: session.id,
      trace_id: (++this.traceCount).toString(16).padStart(32, '0'),
      ...limitHeader(call.verdict, status, nowMs),
    }
    const kind = ack ? { ack } : { ...(this.api.finalAck !== undefined && { ack: this.api.finalAck }) }
    return wireJson({ request_id: textOf(payload['req_id'] ?? ''), ...kind, header, data })
  }
}

/** Zero values are hidden, and the reset is spelled in two ways. */
function limitHeader(verdict: RateVerdict | undefined, status: string, nowMs: number): JsonObject {
  if (verdict === undefined) return {}
  const remaining = verdict.remaining > 0 && { x_gate_ratelimit_requests_remain: verdict.remaining }
  const reset =
    status === '429'
      ? { x_gate_ratelimit_reset_timestamp: verdict.resetAtMs }
      : { x_gat_ratelimit_reset_timestamp: nowMs }
  return { ...remaining, x_gate_ratelimit_limit: verdict.limit, ...reset }
}

export const limited = (code: number): GateioRefusal =>
  new GateioRefusal(429, 'TOO_MANY_REQUESTS', `Request Rate limit Exceeded (${code})`)

const serverError = (status = 500): GateioRefusal => new GateioRefusal(status, 'SERVER_ERROR', 'Internal server error')

/** @throws {@link GateioRefusal} when the parameters are no object. */
export function objectOf(param: unknown): JsonObject {
  if (typeof param !== 'object' || param === null || Array.isArray(param))
    throw new GateioRefusal(400, 'INVALID_ARGUMENT', 'Request params error')
  return param as JsonObject
}
