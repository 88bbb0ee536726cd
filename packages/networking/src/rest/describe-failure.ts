import {
  ExchangeConnectionException,
  ExchangeDataException,
  ExchangeRequestException,
  ExchangeUnavailableException,
  type CexArbitrageException,
  type CorrelationId,
  type ExchangeId,
} from '@cex-arbitrage/common'
import type { HttpFailure } from './http-attempt.js'

/** What a failure on the wire means: before anything was written `retry`, after it `reconcile`. */
export function describeFailure(
  failure: HttpFailure,
  context: { endpoint: string; exchange: ExchangeId | undefined; correlationId: CorrelationId },
): CexArbitrageException {
  const { endpoint, ...rest } = context
  const options = { ...rest, cause: failure }
  if (failure.kind === 'invalid')
    return new ExchangeRequestException({
      ...options,
      message: `${endpoint} cannot be sent: ${failure.message}. Nothing was sent.`,
    })
  if (failure.kind === 'too-large')
    return new ExchangeDataException({ ...options, message: `${endpoint} brought ${failure.message}.` })
  if (!failure.isWritten)
    return new ExchangeConnectionException({
      ...options,
      message: `${endpoint} was not sent: ${failure.message}. Check address and network.`,
    })
  return new ExchangeUnavailableException({
    ...options,
    message: `${endpoint} was sent and got no answer: ${failure.message}. It may have been done: ask before deciding.`,
  })
}
