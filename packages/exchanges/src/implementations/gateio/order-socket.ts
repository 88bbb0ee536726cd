import {
  AuthenticationException,
  ClockSkewException,
  ExchangeConnectionException,
  ExchangeUnavailableException,
  RateLimitException,
  type CexArbitrageException,
  type CorrelationId,
} from '@cex-arbitrage/common'
import { RequestChannel, WebSocketConnection, type FrameWindow, type WebSocketSession } from '@cex-arbitrage/networking'
import type * as z from 'zod'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { acknowledgeTimeoutMs, gateioExchangeId } from './constants.js'
import { createUnreadableAnswer, mapGateioError } from './error-map.js'
import { parseJson } from '../../decoding/lossless-json.js'
import type { GateioOrderSocketDialect } from './order-dialect.js'
import { untilResetMs } from './rate-limits.js'
import type { GateioRestClient } from './rest-client.js'
import type { GateioApiFrame } from './schemas.js'
import {
  createGateioApiRequest,
  createGateioLogin,
  createGateioStreamOptions,
  readGateioApiFrame,
  readGateioFrame,
} from './ws-protocol.js'

export interface GateioApiCall<S extends z.ZodType> {
  readonly channel: string
  readonly parameters: unknown
  readonly schema: S
  readonly timeoutMs: number
  readonly about: 'order' | 'query'
  /** On the exchange's clock. */
  readonly expiresAtMs?: number | undefined
  readonly correlationId?: CorrelationId | undefined
}

/**
 * Orders over the WebSocket API: one connection, logged in anew after each loss. A placement is answered twice, by a
 * receipt and by the result; only the result counts.
 */
export class GateioOrderSocket {
  private readonly connection: WebSocketConnection
  private readonly channel: RequestChannel<GateioApiFrame>
  private opening: Promise<void> | undefined
  private requests = 0
  /** The exchange has forgotten the login though the connection stands. */
  private loggedOut = false

  constructor(
    context: ExchangeContext,
    private readonly rest: GateioRestClient,
    private readonly dialect: GateioOrderSocketDialect,
  ) {
    const { name, url, headers, channels } = dialect
    this.connection = new WebSocketConnection({
      name,
      url: () => url,
      ...(headers && { headers }),
      handler: {
        onFrame: (frame) => this.onFrame(frame),
        onEpochEnd: (epoch, reason) => this.channel.onEpochEnd(epoch, reason),
      },
      login: (session) => this.login(session),
      ...createGateioStreamOptions(context, channels.ping),
    })
    this.channel = new RequestChannel({
      sender: this.connection,
      clock: context.clock,
      name: 'gateio order api',
      exchange: gateioExchangeId,
    })
  }

  /** Logged in and ready to send. */
  get isOpen(): boolean {
    return this.connection.state === 'open' && !this.loggedOut
  }

  /** Connects and logs in; from then on the connection heals itself. Throws what the login was refused with. */
  open(): Promise<void> {
    this.opening ??= this.connection.connect().catch((error: unknown) => {
      this.opening = undefined
      throw error
    })
    return this.opening
  }

  /**
   * Sends one call and reads its result.
   *
   * @throws {@link ExchangeConnectionException} The connection does not stand or its login has expired; nothing was done.
   * @throws {@link ExchangeUnavailableException} It was sent and no result came.
   * @throws {@link ExchangeDataException} The result cannot be read.
   */
  async call<S extends z.ZodType>(call: GateioApiCall<S>): Promise<z.output<S>> {
    if (!this.isOpen)
      throw new ExchangeConnectionException({
        exchange: gateioExchangeId,
        correlationId: call.correlationId,
        message: `${call.channel} was not sent: the order connection is ${this.connection.state}. Try again.`,
      })
    const id = this.nextRequestId()
    const { timeoutMs, correlationId } = call
    const frame = createGateioApiRequest(call.channel, id, call.parameters, this.nowSeconds(), call.expiresAtMs)
    const answer = await this.channel.request(id, frame, { timeoutMs, ...(correlationId && { correlationId }) })
    const refusal = this.readRefusal(answer, call.about, correlationId)
    if (refusal instanceof AuthenticationException) throw this.logInAgain(call.channel, refusal)
    if (refusal !== undefined) throw refusal
    const result = call.schema.safeParse(answer.data.result)
    if (result.success) return result.data
    throw createUnreadableAnswer(call.channel, result.error, correlationId)
  }

  async close(): Promise<void> {
    await this.connection.close()
    this.channel.close()
  }

  private async login(session: WebSocketSession): Promise<void> {
    const signer = await this.rest.prepareSigning(this.dialect.channels.login)
    const id = this.nextRequestId()
    const timeSeconds = signer.nowSeconds
    const auth = signer.signApi(this.dialect.channels.login, '', String(timeSeconds))
    let answer: GateioApiFrame | undefined
    const answered = session.waitForFrame((frame) => {
      answer = readGateioApiFrame(parseOrUndefined(frame.toString()))
      return answer?.request_id === id
    }, acknowledgeTimeoutMs)
    session.send(createGateioLogin(this.dialect.channels.login, id, timeSeconds, auth))
    await answered
    const refusal = this.readRefusal(answer!, 'query', undefined)
    if (refusal !== undefined) throw refusal
    this.loggedOut = false
  }

  /** The login held once, so it has expired: another connection logs in, and calls go over REST until it has. */
  private logInAgain(channel: string, cause: AuthenticationException): ExchangeConnectionException {
    if (!this.loggedOut) {
      this.loggedOut = true
      this.connection.rotate().catch(() => this.connection.reconnect('the login has expired'))
    }
    return new ExchangeConnectionException({
      exchange: gateioExchangeId,
      correlationId: cause.correlationId,
      cause,
      message: `${channel} was not done: the login of the order connection has expired. Try again.`,
    })
  }

  private onFrame(window: FrameWindow): void {
    const message = parseOrUndefined(window.toString())
    const answer = readGateioApiFrame(message)
    if (answer === undefined) {
      const frame = readGateioFrame(message)
      if (frame?.channel === this.dialect.channels.system && frame.event === 'update')
        this.connection.rotate().catch(() => undefined)
      return
    }
    this.observeLimits(answer)
    if (isReceipt(answer) || answer.header.channel === this.dialect.channels.login) return
    this.channel.answer(answer.request_id, answer)
  }

  private readRefusal(
    answer: GateioApiFrame,
    about: 'order' | 'query',
    correlationId: CorrelationId | undefined,
  ): CexArbitrageException | undefined {
    const { header, data } = answer
    const status = Number(header.status)
    if (header.status === '200' && (data.errs === undefined || data.errs === null)) return undefined
    if (status >= 500 || !Number.isFinite(status))
      return new ExchangeUnavailableException({
        exchange: gateioExchangeId,
        correlationId,
        httpStatus: Number.isFinite(status) ? status : undefined,
        exchangeCode: data.errs?.label,
        message: `Gate.io answered status ${header.status} to ${header.channel}. What was asked may have been done.`,
      })
    const error = mapGateioError({
      httpStatus: status,
      label: data.errs?.label,
      message: data.errs?.message ?? undefined,
      about,
      endpoint: header.channel,
      correlationId,
      retryAfterMs: this.retryAfterOf(answer),
    })
    if (error instanceof RateLimitException)
      this.rest.limiter.observe({ window: 'orders', pauseMs: error.retryAfterMs ?? 0 })
    if (error instanceof ClockSkewException) this.rest.onClockRefused()
    return error
  }

  private observeLimits({ header }: GateioApiFrame): void {
    const remaining = header.x_gate_ratelimit_requests_remain
    // A remainder of 0 is hidden; a limit without it means that.
    if (remaining !== undefined && remaining !== null) this.rest.limiter.observe({ window: 'orders', remaining })
    else if (header.x_gate_ratelimit_limit) this.rest.limiter.observe({ window: 'orders', remaining: 0 })
  }

  private retryAfterOf({ header }: GateioApiFrame): number | undefined {
    const reset = header.x_gat_ratelimit_reset_timestamp ?? header.x_gate_ratelimit_reset_timestamp
    return reset ? untilResetMs(reset, this.rest.serverClock.nowMs()) : undefined
  }

  private nowSeconds(): number {
    return Math.floor(this.rest.serverClock.nowMs() / 1000)
  }

  private nextRequestId(): string {
    return `arb-${++this.requests}`
  }
}

/** Receipts echo the request; results of futures say `false`, those of spot nothing. */
const isReceipt = (answer: GateioApiFrame): boolean => answer.ack === true

function parseOrUndefined(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
