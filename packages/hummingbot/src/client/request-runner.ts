import { sleep, type Clock, type Random } from '@cex-arbitrage/common'
import type { AttemptSender, AnswerChannel } from './attempt-sender.js'
import type { CallRegistry } from './call-registry.js'
import type { FrameObject } from './frame-codec.js'
import { HummingbotException } from './hummingbot-exception.js'
import { LogicalCall } from './logical-call.js'
import { MAX_RETRY_AFTER_MS, RETRY_BASE_MS } from './protocol-constants.js'
import type { Redactor } from './redactor.js'
import type { LoggedAttempt, RequestLog } from './request-log.js'
import { readResponseError } from './response-error.js'
import type { HummingbotEnvelope } from './schemas.js'

/** What to do after a failed attempt. */
export type Decision =
  | { readonly kind: 'retry' }
  | { readonly kind: 'fail'; readonly error: HummingbotException }
  | { readonly kind: 'answer'; readonly envelope: HummingbotEnvelope }

export interface RunOptions {
  /** Waits for a connection before the first attempt too, at most one request timeout; else it fails at once. */
  readonly waitForConnection?: boolean
  readonly urgent?: boolean
  /** Decides after a failure; by default the retriable are retried as often as may be. */
  readonly decide?: (error: HummingbotException, attempt: number) => Decision | Promise<Decision>
  /** Gives up when aborted. */
  readonly signal?: AbortSignal
  /** Keeps an eye on late answers after a failure: for orders without a verdict. */
  readonly watchAfter?: (error: HummingbotException) => boolean
}

export interface RequestRunnerOptions {
  readonly clock: Clock
  readonly random: Random
  readonly attempts: AttemptSender
  readonly calls: CallRegistry
  readonly log: RequestLog
  readonly redactor: Redactor
  readonly requestTimeoutMs: number
  readonly retryAttempts: number
  readonly retryJitter: number
  /** The channel of the connection that stands; `undefined` while there is none. */
  readonly currentChannel: () => AnswerChannel | undefined
  /** Resolves when a connection stands. Rejects after `timeoutMs`, and when `signal` is aborted. */
  readonly waitForChannel: (timeoutMs: number, signal: AbortSignal) => Promise<AnswerChannel>
}

/** Runs requests over as many attempts as they may take (R1). */
export class RequestRunner {
  constructor(private readonly options: RequestRunnerOptions) {}

  get maxAttempts(): number {
    return this.options.retryAttempts + 1
  }

  /**
   * Resolves with a successful answer.
   *
   * @throws {@link HummingbotException} with the server's text, or what became of the request.
   */
  async run(type: string, params: FrameObject, options: RunOptions = {}): Promise<HummingbotEnvelope> {
    const { calls } = this.options
    if (options.waitForConnection !== true && this.options.currentChannel() === undefined) throw notConnected(type)
    const call = new LogicalCall(type, params)
    const onAbort = (): void => call.fail(givenUp(call))
    options.signal?.addEventListener('abort', onAbort, { once: true })
    calls.add(call)
    let isWatched = false
    try {
      void this.tryUntilSettled(call, options)
      return await call.outcome
    } catch (error) {
      isWatched = options.watchAfter?.(error as HummingbotException) ?? false
      throw error
    } finally {
      options.signal?.removeEventListener('abort', onAbort)
      calls.remove(call, isWatched)
    }
  }

  private async tryUntilSettled(call: LogicalCall, options: RunOptions): Promise<void> {
    try {
      for (let attempt = 1; !call.isSettled; attempt++) if (await this.tryOnce(call, options, attempt)) return
    } catch (error) {
      // After an outcome the signal ends what is under way; before one, this is a failure like any other.
      if (!call.isSettled) call.fail(asException(error, call))
    }
  }

  /** @returns whether the call has its outcome. */
  private async tryOnce(call: LogicalCall, options: RunOptions, attempt: number): Promise<boolean> {
    const { attempts, clock, log, requestTimeoutMs, currentChannel, waitForChannel } = this.options
    const { type, params, signal } = call
    let logged: LoggedAttempt = { id: '', type, attempt, startedAtUs: clock.nowUs() }
    try {
      const channel = currentChannel() ?? (await waitForChannel(requestTimeoutMs, signal))
      const envelope = await attempts.attempt(channel, {
        type,
        params,
        number: attempt,
        timeoutMs: requestTimeoutMs,
        needsSlot: true,
        urgent: options.urgent ?? false,
        signal,
        onSending: (sending) => {
          logged = sending
          this.options.calls.addId(call, sending.id)
        },
      })
      const refusal = readResponseError(envelope, type, this.options.redactor)
      if (refusal !== undefined) throw refusal
      call.succeed(envelope)
      return true
    } catch (error) {
      if (call.isSettled) return true
      const failure = nameAttempts(asException(error, call), attempt)
      const decision = await this.decide(failure, attempt, options)
      if (call.isSettled) return true
      if (decision.kind === 'answer') call.succeed(decision.envelope)
      if (decision.kind === 'fail') {
        log.failed(logged, decision.error)
        call.fail(decision.error)
      }
      if (decision.kind !== 'retry') return true
      const waitMs = this.getWaitMs(failure, attempt)
      log.retried(logged, failure, waitMs)
      await sleep(clock, waitMs, signal)
      return call.isSettled
    }
  }

  private decide(error: HummingbotException, attempt: number, { decide }: RunOptions): Decision | Promise<Decision> {
    if (decide !== undefined) return decide(error, attempt)
    return error.retriable && attempt < this.maxAttempts ? { kind: 'retry' } : { kind: 'fail', error }
  }

  /** R1.2 and R1.13. */
  private getWaitMs(error: HummingbotException, attempt: number): number {
    const { random, retryJitter } = this.options
    const plainMs = RETRY_BASE_MS * 2 ** (attempt - 1) * (1 + retryJitter * (2 * random.next() - 1))
    return error.retryAfterMs === undefined
      ? plainMs
      : Math.max(plainMs, Math.min(error.retryAfterMs, MAX_RETRY_AFTER_MS))
  }
}

/** R1.14: a timeout tells how often it was tried. */
function nameAttempts(error: HummingbotException, attempts: number): HummingbotException {
  const isTimeout = error.message.startsWith('Request timed out after ')
  const message = isTimeout
    ? `${error.message} (${attempts} ${attempts === 1 ? 'attempt' : 'attempts'})`
    : error.message
  return error.with({ message, attempts })
}

export const notConnected = (requestType: string): HummingbotException =>
  new HummingbotException({
    message: 'Not connected to Hummingbot',
    category: 'connection_error',
    requestType,
    isUnsent: true,
  })

const givenUp = (call: LogicalCall): HummingbotException =>
  new HummingbotException({
    message: 'Request failed: given up',
    category: 'connection_error',
    requestType: call.type,
    requestId: call.ids.at(-1),
    attempts: call.ids.length,
    isUnsent: call.ids.length === 0,
  })

function asException(error: unknown, call: LogicalCall): HummingbotException {
  if (error instanceof HummingbotException) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new HummingbotException({
    message: `Request failed: ${reason}`,
    category: 'unknown_error',
    requestType: call.type,
    cause: error,
  })
}
