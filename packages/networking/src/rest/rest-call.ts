import {
  ExchangeConnectionException,
  ExchangeUnavailableException,
  asCorrelationId,
  sleep,
  toCexArbitrageException,
  usPerMs,
  type CexArbitrageException,
  type CorrelationId,
} from '@cex-arbitrage/common'
import { randomUUID } from 'node:crypto'
import { AttemptTrace } from './attempt-trace.js'
import type { CallDependencies } from './call-dependencies.js'
import type { CallOutcome, CircuitPass } from './circuit-breaker.js'
import { describeFailure } from './describe-failure.js'
import { encodeQuery } from './encode-query.js'
import { HttpAttempt, type HttpAnswer, type HttpFailure } from './http-attempt.js'
import type { RatePermit } from './rate-permit.js'
import type { RequestTimeouts } from './request-timeouts.js'
import type { RestCallInfo } from './rest-observer.js'
import type { RestRequest, RestResponse } from './rest-request.js'

/** One call with its attempts: waits for its turn, signs, sends, reads, and repeats where that is safe. */
export class RestCall<T> {
  private readonly correlationId: CorrelationId
  private readonly endpoint: string
  private readonly timeouts: RequestTimeouts
  private readonly deadlineUs: number
  private wire: HttpAttempt | undefined
  private waiting: AbortController | undefined
  private cutError: ((isWritten: boolean) => CexArbitrageException) | undefined

  constructor(
    private readonly deps: CallDependencies,
    private readonly request: RestRequest<T>,
  ) {
    this.correlationId = request.correlationId ?? deps.ids?.nextCorrelationId() ?? asCorrelationId(randomUUID())
    this.endpoint = request.endpoint ?? `${request.method} ${request.path}`
    this.timeouts = request.timeouts === undefined ? deps.timeouts : { ...deps.timeouts, ...request.timeouts }
    this.deadlineUs = deps.clock.nowUs() + this.timeouts.totalMs * usPerMs
  }

  async run(): Promise<RestResponse<T>> {
    const { signal } = this.request
    const onAbort = (): void => this.cut((isWritten) => this.createGivenUp(isWritten))
    if (signal?.aborted === true) throw this.createGivenUp(false)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      for (let attempt = 1; ; attempt++) {
        const info = {
          endpoint: this.endpoint,
          priority: this.request.priority,
          correlationId: this.correlationId,
          attempt,
        }
        try {
          return await this.attempt(info)
        } catch (error) {
          await this.waitBeforeNext(error as CexArbitrageException, info)
        }
      }
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Ends the call; `createError` is asked what that means for a request that was or was not written. */
  cut(createError: (isWritten: boolean) => CexArbitrageException): void {
    this.cutError ??= createError
    this.waiting?.abort(new Error('cut'))
    this.wire?.cut('it was given up')
  }

  private async waitBeforeNext(error: CexArbitrageException, info: RestCallInfo): Promise<void> {
    const isIdempotent = this.request.idempotent ?? this.request.method === 'GET'
    const delayMs =
      this.cutError === undefined ? this.deps.retry.getDelayMs(error, info.attempt, isIdempotent) : undefined
    const { clock, logger, observer } = this.deps
    if (delayMs === undefined || clock.nowUs() + delayMs * usPerMs >= this.deadlineUs) throw error
    observer.onRetry({ ...info, delayMs, error })
    logger.warn({ ...info, delayMs, code: error.code }, 'request is repeated')
    await this.abortable((signal) => sleep(clock, delayMs, signal)).catch(() => {
      throw error
    })
  }

  /** In through circuit and limiter, out through both. */
  private async attempt(info: RestCallInfo): Promise<RestResponse<T>> {
    const { clock, observer, breaker, exchange } = this.deps
    const { priority } = this.request
    const context = { exchange, correlationId: this.correlationId }
    const trace = new AttemptTrace(info, clock.nowUs())
    observer.onStart(info)
    let permit: RatePermit | undefined
    let pass: CircuitPass | undefined
    let outcome: CallOutcome = 'ignored'
    let error: CexArbitrageException | undefined
    try {
      // Asked before the wait too, so that a call that cannot go does not take a place in the queue.
      if (breaker?.canEnter(priority) === false) breaker.enter(priority, context)
      // Nothing is awaited where nothing is to be waited for: what is called in one turn is written in it.
      permit = this.needsNoPermit ? undefined : (this.takePermit() ?? (await this.waitForPermit(trace)))
      pass = breaker?.enter(priority, context)
      const response = await this.exchange(trace, permit)
      outcome = 'success'
      return response
    } catch (caught) {
      outcome = this.getOutcome(caught, trace)
      error = toCexArbitrageException(caught, {
        doing: `calling ${this.endpoint}`,
        exchange,
        correlationId: this.correlationId,
      })
      throw error
    } finally {
      pass?.report(outcome)
      if (permit !== this.request.permit) permit?.release()
      observer.onEnd(info, trace.getDurations(clock.nowUs()), trace.status, error)
    }
  }

  private getOutcome(error: unknown, trace: AttemptTrace): CallOutcome {
    if (this.cutError !== undefined) return 'ignored'
    if (error instanceof ExchangeConnectionException || error instanceof ExchangeUnavailableException) return 'failure'
    return trace.status === undefined ? 'ignored' : 'success'
  }

  private get needsNoPermit(): boolean {
    const { permit, costs } = this.request
    return permit?.state !== 'held' && (this.deps.limiter === undefined || costs === undefined || costs.length === 0)
  }

  /** The permit brought along, or one that is free now. */
  private takePermit(): RatePermit | undefined {
    const { permit, costs = [], priority } = this.request
    return permit?.state === 'held' ? permit : this.deps.limiter?.tryAcquire({ costs, priority })
  }

  private async waitForPermit(trace: AttemptTrace): Promise<RatePermit> {
    const { clock, observer } = this.deps
    const limiter = this.deps.limiter!
    const { costs = [], priority } = this.request
    const startedAtUs = clock.nowUs()
    const remainingMs = (this.deadlineUs - startedAtUs) / usPerMs
    const maxWaitMs = Math.min(this.timeouts.queueMs, remainingMs)
    try {
      return await this.abortable((signal) => limiter.acquire({ costs, priority }, { maxWaitMs, signal }))
    } catch (error) {
      throw this.cutError?.(false) ?? error
    } finally {
      trace.queueUs = clock.nowUs() - startedAtUs
      observer.onLimitWait(trace.info, trace.queueUs)
    }
  }

  private async exchange(trace: AttemptTrace, permit: RatePermit | undefined): Promise<RestResponse<T>> {
    if (this.cutError !== undefined) throw this.cutError(false)
    const { clock, transport, origin, maxResponseBytes } = this.deps
    const { method, priority, body } = this.request
    const { path, headers } = this.prepare(trace.info.attempt)
    const wire = new HttpAttempt({
      clock,
      timeouts: this.timeouts,
      deadlineUs: this.deadlineUs,
      maxResponseBytes,
      onWritten: () => permit?.spend(),
    })
    trace.wire = wire
    this.wire = wire
    transport.dispatch({ origin, method, path, headers, body: body ?? null }, priority, wire)
    wire.watch()
    let answer: HttpAnswer
    try {
      answer = await wire.answer
    } catch (error) {
      throw this.describe(error as HttpFailure)
    } finally {
      this.wire = undefined
    }
    trace.status = answer.status
    const { bodyText, data } = await this.deps.reader.read(answer, this.request, this.endpoint, this.correlationId)
    return {
      status: answer.status,
      headers: answer.headers,
      bodyText,
      data,
      attempts: trace.info.attempt,
      correlationId: this.correlationId,
      sentAtUs: wire.writtenAtUs ?? wire.startedAtUs,
      receivedAtUs: wire.endedAtUs ?? wire.startedAtUs,
    }
  }

  /** The texts as they go out. */
  private prepare(attempt: number): { path: string; headers: Record<string, string> } {
    const { request, deps } = this
    const { method, path, body } = request
    let queryText = encodeQuery(request.query)
    const headers: Record<string, string> = {}
    addHeaders(headers, deps.headers)
    addHeaders(headers, request.headers)
    if (body !== undefined && body !== '') headers['content-type'] = request.contentType ?? 'application/json'
    if (request.compressed === true) headers['accept-encoding'] = 'gzip'
    if (request.signed === true && deps.signer !== undefined) {
      const nowMs = deps.clock.nowMs()
      const signature = deps.signer.sign({ method, path, queryText, bodyText: body ?? '', nowMs, attempt })
      addHeaders(headers, signature.headers)
      const { appendQuery } = signature
      if (appendQuery !== undefined && appendQuery !== '')
        queryText = queryText === '' ? appendQuery : `${queryText}&${appendQuery}`
    }
    return { path: queryText === '' ? path : `${path}?${queryText}`, headers }
  }

  private describe(failure: HttpFailure): CexArbitrageException {
    if (failure.kind === 'cut' && this.cutError !== undefined) return this.cutError(failure.isWritten)
    const { exchange } = this.deps
    return describeFailure(failure, { endpoint: this.endpoint, exchange, correlationId: this.correlationId })
  }

  private async abortable<R>(run: (signal: AbortSignal) => Promise<R>): Promise<R> {
    this.waiting = new AbortController()
    if (this.cutError !== undefined) this.waiting.abort(new Error('cut'))
    try {
      return await run(this.waiting.signal)
    } finally {
      this.waiting = undefined
    }
  }

  private createGivenUp(isWritten: boolean): CexArbitrageException {
    const kind = isWritten ? ExchangeUnavailableException : ExchangeConnectionException
    const meaning = isWritten ? 'after it was sent: it may have been done' : 'before it was sent'
    return new kind({
      message: `${this.endpoint} was given up by its caller ${meaning}.`,
      exchange: this.deps.exchange,
      correlationId: this.correlationId,
    })
  }
}

/** A loop, since spreading and assigning go through the engine's slow path for every request. */
function addHeaders(headers: Record<string, string>, more: Readonly<Record<string, string>> | undefined): void {
  for (const name in more) headers[name] = more[name]!
}
