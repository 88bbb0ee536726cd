import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export interface RestSignatureParts {
  readonly method: string
  /** With prefix, decoded. */
  readonly path: string
  /** Decoded, without `?`. */
  readonly query: string
  readonly body: string
  /** Text of the `Timestamp` header. */
  readonly timestamp: string
}

/** Signature that a REST request must carry. */
export function signRest(secret: string, parts: RestSignatureParts): string {
  const bodyHash = createHash('sha512').update(parts.body).digest('hex')
  return hmac(secret, [parts.method, parts.path, parts.query, bodyHash, parts.timestamp].join('\n'))
}

/** Signature that a private subscription must carry. */
export const signChannel = (secret: string, channel: string, event: string, time: number): string =>
  hmac(secret, `channel=${channel}&event=${event}&time=${time}`)

/** Signature of a WebSocket API request; `rawParam` is the text of `req_param` as sent, empty when absent. */
export const signStreamRequest = (secret: string, channel: string, rawParam: string, timestamp: string): string =>
  hmac(secret, ['api', channel, rawParam, timestamp].join('\n'))

/** Compares in constant time. */
export function isSameSignature(expected: string, given: string): boolean {
  const a = Buffer.from(expected)
  const b = Buffer.from(given)
  return a.length === b.length && timingSafeEqual(a, b)
}

const hmac = (secret: string, text: string): string => createHmac('sha512', secret).update(text).digest('hex')
