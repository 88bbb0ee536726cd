import { createHmac, timingSafeEqual } from 'node:crypto'

import type { RestRequest } from '../../../server/rest-exchange.js'

/** What a signature covers besides key and time: sorted, encoded parameters of a GET, or the body as it was sent. */
export function signedText(request: Pick<RestRequest, 'method' | 'query' | 'body'>): string {
  if (request.method === 'POST') return request.body
  return [...request.query]
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}

export const signFutures = (secret: string, apiKey: string, time: string, text: string): string =>
  createHmac('sha256', secret).update(`${apiKey}${time}${text}`).digest('hex')

/** Compares in constant time. */
export function isSameSignature(expected: string, given: string): boolean {
  const a = Buffer.from(expected)
  const b = Buffer.from(given)
  return a.length === b.length && timingSafeEqual(a, b)
}
