import {
  CexArbitrageException,
  ExchangeDataException,
  RateLimitException,
  type Clock,
  type CorrelationId,
  type ExchangeId,
} from '@cex-arbitrage/common'
import { decodeBody } from './decode-body.js'
import type { ErrorMapper, RawResponse } from './error-mapper.js'
import type { HttpAnswer } from './http-attempt.js'
import type { RateLimiter } from './rate-limiter.js'
import type { RateObservation } from './rate-window-spec.js'
import type { RestRequest } from './rest-request.js'
import { parseRetryAfterMs } from './retry-after.js'
import { mapStatus } from './standard-error.js'

export interface AnswerReaderOptions {
  readonly clock: Clock
  readonly maxBytes: number
  readonly exchange: ExchangeId | undefined
  readonly errorMapper: ErrorMapper | undefined
  readonly limiter: RateLimiter | undefined
  readonly observeLimits: ((response: RawResponse) => readonly RateObservation[]) | undefined
}

/** Milliseconds that windows are paused after a refusal for frequency that names no time. */
const defaultPauseMs = 1_000

/** Reads answers: decompresses, asks what they mean, heeds what they say about limits, and parses. */
export class AnswerReader {
  constructor(private readonly options: AnswerReaderOptions) {}

  /** @throws CexArbitrageException what the answer means as an error, or that it cannot be read. */
  async read<T>(
    answer: HttpAnswer,
    request: RestRequest<T>,
    endpoint: string,
    correlationId: CorrelationId,
  ): Promise<{ bodyText: string; data: T }> {
    const { status, headers } = answer
    const { method, path } = request
    try {
      const bodyText =
        headers['content-encoding'] === undefined
          ? answer.body.toString('utf8')
          : await decodeBody(answer, this.options.maxBytes)
      const nowMs = this.options.clock.nowMs()
      const raw = { status, headers, bodyText, method, path, endpoint, correlationId, nowMs }
      const error = this.options.errorMapper?.(raw) ?? mapStatus(raw, this.options.exchange)
      this.heedLimits(raw, request, error)
      if (error !== undefined) throw error
      return { bodyText, data: request.parse(bodyText) }
    } catch (cause) {
      if (cause instanceof CexArbitrageException) throw cause
      throw new ExchangeDataException({
        message:
          `${endpoint} was answered with HTTP ${status} and ${answer.body.length} bytes that cannot be read. ` +
          'What was asked may have been done: ask before deciding.',
        httpStatus: status,
        exchange: this.options.exchange,
        correlationId,
        cause,
      })
    }
  }

  /** Takes over what the answer says about the limits, and stops where it says stop. */
  private heedLimits(raw: RawResponse, request: RestRequest<unknown>, error: CexArbitrageException | undefined): void {
    const { limiter, observeLimits } = this.options
    if (limiter === undefined) return
    if (observeLimits !== undefined) for (const observation of observeLimits(raw)) limiter.observe(observation)
    if (!(error instanceof RateLimitException)) return
    const pauseMs = error.retryAfterMs ?? parseRetryAfterMs(raw.headers, raw.nowMs) ?? defaultPauseMs
    for (const { window, key } of request.costs ?? []) limiter.pause(window, pauseMs, key)
  }
}
