import { createHash } from 'node:crypto'
import type { OutgoingHttpRequest } from '@cex-arbitrage/networking'

const digestBytes = 8

/** What is kept of that which goes out: enough to see a difference, nothing that could be a secret. */
export const describeSocket = (url: string): Buffer => Buffer.from(`${withoutQuery(url)} ${digest(url)}`)

export const describeMessage = (data: string | Buffer): Buffer =>
  Buffer.from(`${Buffer.byteLength(data)} bytes ${digest(data)}`)

export const describeRequest = ({ method, origin, path, body }: OutgoingHttpRequest): Buffer =>
  Buffer.from(`${method} ${origin}${withoutQuery(path)} ${digest(`${path}\n${body ?? ''}`)}`)

const withoutQuery = (text: string): string => text.split('?', 1)[0]!

const digest = (data: string | Buffer): string =>
  createHash('sha256')
    .update(data)
    .digest('hex')
    .slice(0, 2 * digestBytes)
