import { parseHeaderLine } from '../../utils/header-line.js'
import { ProtocolViolation } from './protocol-violation.js'

/** The head of an HTTP answer. Names are lower case; of several values of one name, all, joined by `, `. */
export interface ResponseHead {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
}

/** Bytes in which the head of an answer must end. */
export const maxHeadBytes = 16_384

const statusLine = /^HTTP\/1\.1 ([1-5]\d\d)(?: .*)?$/

/** @param text - Up to the empty line that ends the head. @throws {@link ProtocolViolation} It is no HTTP. */
export function parseResponseHead(text: string): ResponseHead {
  const [first = '', ...lines] = text.split('\r\n')
  const status = statusLine.exec(first)?.[1]
  if (status === undefined) throw new ProtocolViolation('the answer to the handshake is no HTTP/1.1')
  const headers: Record<string, string> = Object.create(null) as Record<string, string>
  for (const line of lines) {
    const header = parseHeaderLine(line)
    if (header === undefined) throw new ProtocolViolation('the answer to the handshake has a header that is none')
    const { name, value } = header
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return { statusCode: Number(status), headers }
}

/**
 * Whether the connection may be used as a WebSocket from here on (RFC 6455, 4.1).
 *
 * @throws {@link ProtocolViolation} Status 101 with anything amiss: another protocol, another handshake's proof, an
 *   extension or subprotocol that was not asked for.
 */
export function assertUpgraded({ headers }: ResponseHead, accept: string): void {
  if (headers['upgrade']?.toLowerCase() !== 'websocket')
    throw new ProtocolViolation('the handshake does not upgrade to websocket')
  const connection = (headers['connection'] ?? '').toLowerCase().split(',')
  if (!connection.some((token) => token.trim() === 'upgrade'))
    throw new ProtocolViolation('the handshake does not upgrade the connection')
  if (headers['sec-websocket-accept'] !== accept)
    throw new ProtocolViolation("the handshake's Sec-WebSocket-Accept proves another key")
  for (const name of ['sec-websocket-extensions', 'sec-websocket-protocol'])
    if ((headers[name] ?? '') !== '')
      throw new ProtocolViolation(`the handshake agrees on a ${name} that was not asked for`)
}
