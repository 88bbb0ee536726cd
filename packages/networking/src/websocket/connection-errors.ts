import {
  AuthenticationException,
  CexArbitrageException,
  ExchangeConnectionException,
  RateLimitException,
  ShuttingDownException,
  type ExchangeId,
} from '@cex-arbitrage/common'
import { parseRetryAfterMs } from '../rest/retry-after.js'
import type { ResponseHead } from './protocol/upgrade-response.js'

const maxReasonLength = 100

/** Makes the errors of one connection: they name it, never its URL, which may hold a key. */
export class ConnectionErrors {
  constructor(
    private readonly name: string,
    private readonly exchange: ExchangeId | undefined,
  ) {}

  createLost(what: string, cause?: unknown): ExchangeConnectionException {
    return new ExchangeConnectionException({
      message: `The connection '${this.name}' ${what}.`,
      exchange: this.exchange,
      cause,
    })
  }

  createClosed(code: number, reason: string): ExchangeConnectionException {
    const text = reason === '' ? '' : `: ${reason.slice(0, maxReasonLength)}`
    return this.createLost(`was closed by the other side with code ${code}${text}`)
  }

  createClosing(): ShuttingDownException {
    return new ShuttingDownException({
      message: `The connection '${this.name}' is closed; nothing was sent.`,
      exchange: this.exchange,
    })
  }

  /** What the answer to the upgrade request means when it is none. */
  createUpgradeRefused({ statusCode, headers }: ResponseHead, nowMs: number): CexArbitrageException {
    const retryAfter = headers['retry-after']
    const options = {
      message: `The connection '${this.name}' was refused with HTTP ${statusCode}.`,
      httpStatus: statusCode,
      exchange: this.exchange,
    }
    if (statusCode === 429 || statusCode === 418)
      return new RateLimitException({
        ...options,
        retryAfterMs: parseRetryAfterMs(retryAfter === undefined ? {} : { 'retry-after': retryAfter }, nowMs),
      })
    return statusCode === 401 ? new AuthenticationException(options) : new ExchangeConnectionException(options)
  }

  /** What was thrown while a socket was set up, as one of the family. */
  wrap(error: unknown, doing: string): CexArbitrageException {
    if (error instanceof CexArbitrageException) return error
    return this.createLost(`failed ${doing}: ${error instanceof Error ? error.message : String(error)}`, error)
  }
}
