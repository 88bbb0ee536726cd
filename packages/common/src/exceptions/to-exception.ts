import { CexArbitrageException, type ExceptionOptions } from './cex-arbitrage-exception.js'
import { InvariantBrokenException } from './engine-exceptions.js'
import {
  ExchangeConnectionException,
  ExchangeDataException,
  ExchangeUnavailableException,
} from './exchange-exceptions.js'

type Context = Omit<ExceptionOptions, 'cause' | 'message'> & {
  /** What was being done, in words: `fetching the MEXC order book of BTC/USDT`. */
  readonly doing: string
}

const connectFailureCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])
const lostAnswerCodes = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_ABORTED',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
])

/**
 * Turns anything caught into an exception of the family; one of the family already comes back as it is, so that each
 * layer wraps once. A connection that never stood becomes `ExchangeConnectionException`, a lost answer
 * `ExchangeUnavailableException`, an unreadable payload `ExchangeDataException`, the rest a broken invariant.
 */
export function toCexArbitrageException(error: unknown, context: Context): CexArbitrageException {
  if (error instanceof CexArbitrageException) return error
  const { doing, ...rest } = context
  const detail = error instanceof Error ? error.message : String(error)
  const options = { ...rest, cause: error }
  const code = errorCode(error)
  if (code !== undefined && connectFailureCodes.has(code))
    return new ExchangeConnectionException({
      ...options,
      message: `No connection while ${doing}: ${detail}. Check address and network.`,
    })
  if (code !== undefined && lostAnswerCodes.has(code))
    return new ExchangeUnavailableException({
      ...options,
      message: `No answer while ${doing}: ${detail}. What was asked may have been done.`,
    })
  if (error instanceof SyntaxError || isZodError(error))
    return new ExchangeDataException({ ...options, message: `Unreadable answer while ${doing}: ${detail}` })
  return new InvariantBrokenException({ ...options, message: `Unexpected failure while ${doing}: ${detail}` })
}

function errorCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return undefined
}

const isZodError = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'ZodError' || error.name === '$ZodError')
