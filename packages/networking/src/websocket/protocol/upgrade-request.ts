import { createHash, randomBytes } from 'node:crypto'
import { validateHeaderName, validateHeaderValue } from 'node:http'

const protocolVersion = 13
/** RFC 6455, 1.3. */
const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const keyBytes = 16

/** The request that turns a connection into a WebSocket, with what the answer must prove. */
export interface UpgradeRequest {
  readonly text: string
  /** `Sec-WebSocket-Accept` of the one right answer. */
  readonly accept: string
}

/** @throws TypeError A header is none; its value is not told. */
export function createUpgradeRequest(url: URL, headers: Readonly<Record<string, string>>): UpgradeRequest {
  const key = randomBytes(keyBytes).toString('base64')
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  const own: Record<string, string> = {
    Host: url.host,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': key,
    'Sec-WebSocket-Version': String(protocolVersion),
    ...(credentials !== ':' && { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
  }
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  const entries = Object.entries(own).filter(([name]) => !given.has(name.toLowerCase()))
  const lines = [...entries, ...Object.entries(headers)].map(([name, value]) => {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return `${name}: ${value}\r\n`
  })
  return {
    text: `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`,
    accept: createHash('sha1').update(`${key}${acceptSuffix}`).digest('base64'),
  }
}
