import { errors } from 'undici'
import type { OutgoingHttpRequest } from './http-transport.js'

/** A request as it goes into the socket. */
export interface RequestText {
  readonly text: string
  readonly encoding: 'latin1' | 'utf8'
}

const targetPattern = /^\/[\x21-\x7e]*$/
const namePattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const valuePattern = /^[\t\x20-\x7e]*$/
/** Written here, since they decide where the request ends. */
const reserved = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'upgrade'])
const methodsWithBody = new Set(['POST', 'PUT', 'PATCH'])

/** Names that have been found good; there are few, the same in every request. */
const goodNames = new Set<string>()
const maxGoodNames = 256

function isSendableName(name: string): boolean {
  if (goodNames.has(name)) return true
  if (!namePattern.test(name) || reserved.has(name.toLowerCase())) return false
  if (goodNames.size < maxGoodNames) goodNames.add(name)
  return true
}

const unsendable = (name = ''): Error =>
  new errors.InvalidArgumentError(`The header ${JSON.stringify(name.slice(0, 40))} cannot be sent.`)

/**
 * The whole request of a persistent HTTP/1.1 connection in one text.
 *
 * @param host - With the port where it is not the scheme's own.
 * @throws undici's `InvalidArgumentError` Something in it would not be what it says on the wire.
 */
export function encodeRequest(request: OutgoingHttpRequest, host: string): RequestText {
  const { method, path, headers, body } = request
  if (!targetPattern.test(path)) throw new errors.InvalidArgumentError('The path holds what no path may hold.')
  let text = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`
  let values = ''
  for (const name in headers) {
    const value = headers[name]!
    if (!isSendableName(name)) throw unsendable(name)
    values += value
    text += `${name}: ${value}\r\n`
  }
  // All at once: nothing in one of them depends on where it begins.
  if (!valuePattern.test(values))
    throw unsendable(Object.keys(headers).find((name) => !valuePattern.test(headers[name]!)))
  if (body === null || body === '') {
    const length = methodsWithBody.has(method) ? 'content-length: 0\r\n' : ''
    return { text: `${text}${length}\r\n`, encoding: 'latin1' }
  }
  const bytes = Buffer.byteLength(body)
  // As many bytes as characters: nothing but ASCII, which goes out fastest as latin1.
  const encoding = bytes === body.length ? 'latin1' : 'utf8'
  return { text: `${text}content-length: ${bytes}\r\n\r\n${body}`, encoding }
}
