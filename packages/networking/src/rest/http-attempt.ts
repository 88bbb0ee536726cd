import { usPerMs, type Clock, type Timer } from '@cex-arbitrage/common'
import type { IncomingHttpHeaders } from 'node:http'
import type { HttpCancellation, HttpEvents } from './http-transport.js'
import type { RequestTimeouts } from './request-timeouts.js'
import type { ResponseHeaders } from './rest-request.js'

/** An answer as bytes. Times are monotonic microseconds. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: Buffer
}

export type HttpPhase = 'connect' | 'headers' | 'body'

/** Why one attempt brought no answer. `isWritten`: the request may have reached the server. */
export class HttpFailure extends Error {
  constructor(
    readonly phase: HttpPhase,
    readonly isWritten: boolean,
    readonly kind: 'timeout' | 'transport' | 'too-large' | 'cut' | 'invalid',
    detail: string,
    cause?: unknown,
  ) {
    super(detail, cause === undefined ? undefined : { cause })
    this.name = 'HttpFailure'
  }
}

export interface HttpAttemptOptions {
  readonly clock: Clock
  readonly timeouts: Pick<RequestTimeouts, 'connectMs' | 'headersMs' | 'bodyMs'>
  /** Monotonic microseconds at which the whole call is over. */
  readonly deadlineUs: number
  readonly maxResponseBytes: number
  /** Called in the turn in which the first byte is written. */
  readonly onWritten: () => void
}

/** One request on the wire: knows whether it was written, and how long each phase took and may take. */
export class HttpAttempt implements HttpEvents {
  readonly answer: Promise<HttpAnswer>
  readonly startedAtUs: number
  /** Monotonic microseconds; `undefined` until it happens. */
  writtenAtUs: number | undefined
  headersAtUs: number | undefined
  endedAtUs: number | undefined
  private phase: HttpPhase = 'connect'
  private phaseEndsAtUs = 0
  private timer: Timer | undefined
  private timerAtUs = Infinity
  private isWatched = false
  private controller: HttpCancellation | undefined
  private status = 0
  private headers: ResponseHeaders = {}
  private readonly chunks: Buffer[] = []
  private bytes = 0
  private isSettled = false
  private resolve!: (answer: HttpAnswer) => void
  private reject!: (failure: HttpFailure) => void

  constructor(private readonly options: HttpAttemptOptions) {
    this.startedAtUs = options.clock.nowUs()
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    this.enter('connect', this.startedAtUs, options.timeouts.connectMs)
  }

  /**
   * To be called as soon as it has been handed to the transport: what a written request does not need stands behind the
   * writing.
   */
  watch(): void {
    this.isWatched = true
    if (this.writtenAtUs !== undefined) this.options.onWritten()
    if (!this.isSettled) this.arm(this.writtenAtUs ?? this.startedAtUs)
  }

  /** Ends it from outside. */
  cut(detail: string): void {
    this.fail('cut', detail)
  }

  onRequestStart(controller: HttpCancellation): void {
    if (this.isSettled || this.writtenAtUs !== undefined) {
      // Given up before it was written, or about to be written a second time: neither may happen.
      controller.abort(new Error('not sent'))
      return
    }
    this.controller = controller
    this.writtenAtUs = this.options.clock.nowUs()
    if (this.isWatched) this.options.onWritten()
    this.enter('headers', this.writtenAtUs, this.options.timeouts.headersMs)
  }

  onResponseStart(_controller: HttpCancellation, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return
    this.headersAtUs = this.options.clock.nowUs()
    this.status = status
    this.headers = joinHeaders(headers)
    this.enter('body', this.headersAtUs, this.options.timeouts.bodyMs)
  }

  onResponseData(_controller: HttpCancellation, chunk: Buffer): void {
    this.bytes += chunk.length
    if (this.bytes > this.options.maxResponseBytes)
      this.fail('too-large', `an answer of more than ${this.options.maxResponseBytes} bytes`)
    else this.chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (!this.settle()) return
    const [first] = this.chunks
    const body = this.chunks.length === 1 ? first! : Buffer.concat(this.chunks)
    this.resolve({ status: this.status, headers: this.headers, body })
  }

  onResponseError(_controller: HttpCancellation, error: Error): void {
    const isInvalid = (error as { code?: unknown }).code === 'UND_ERR_INVALID_ARG'
    this.fail(isInvalid ? 'invalid' : 'transport', error.message, error)
  }

  private fail(kind: HttpFailure['kind'], detail: string, cause?: unknown): void {
    if (!this.settle()) return
    this.reject(new HttpFailure(this.phase, this.writtenAtUs !== undefined, kind, detail, cause))
    this.controller?.abort(new Error(detail))
  }

  private settle(): boolean {
    if (this.isSettled) return false
    this.isSettled = true
    this.endedAtUs = this.options.clock.nowUs()
    this.timer?.cancel()
    return true
  }

  private enter(phase: HttpPhase, nowUs: number, limitMs: number): void {
    this.phase = phase
    this.phaseEndsAtUs = Math.min(nowUs + limitMs * usPerMs, this.options.deadlineUs)
    if (this.isWatched && this.phaseEndsAtUs < this.timerAtUs) this.arm(nowUs)
  }

  /** A timer that comes too early for the phase is set anew when it fires: most requests never set a second one. */
  private arm(nowUs: number): void {
    this.timer?.cancel()
    this.timerAtUs = this.phaseEndsAtUs
    this.timer = this.options.clock.setTimer(
      () => {
        const firedAtUs = this.options.clock.nowUs()
        if (firedAtUs < this.phaseEndsAtUs) this.arm(firedAtUs)
        else this.fail('timeout', `${this.phase} took longer than ${this.describeLimit()}`)
      },
      Math.max(0, Math.ceil((this.phaseEndsAtUs - nowUs) / usPerMs)),
    )
  }

  private describeLimit(): string {
    if (this.phaseEndsAtUs === this.options.deadlineUs) return 'the whole call may'
    const { connectMs, headersMs, bodyMs } = this.options.timeouts
    return `${{ connect: connectMs, headers: headersMs, body: bodyMs }[this.phase]} ms`
  }
}

function joinHeaders(headers: IncomingHttpHeaders): ResponseHeaders {
  const joined: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return joined
}
