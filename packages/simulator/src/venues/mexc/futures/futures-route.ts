import type { Account, ApiKey } from '../../../accounts/account-book.js'
import type { RestRequest } from '../../../server/rest-exchange.js'
import { type Body } from './futures-desk.js'
import { refuseFutures } from './futures-errors.js'

/** One call that has passed the checks of its route. */
export interface FuturesCall {
  readonly request: RestRequest
  /** Parameters in the path. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
}

export interface SignedFuturesCall extends FuturesCall {
  /** Of the perpetuals. */
  readonly account: Account
  readonly apiKey: ApiKey
}

export type FuturesRoute =
  | { readonly security: 'public'; readonly limit: number; readonly answer: (call: FuturesCall) => unknown }
  | {
      readonly security: 'read' | 'trade'
      readonly limit: number
      readonly answer: (call: SignedFuturesCall) => unknown
    }

/** @param limit - Calls in two seconds. */
export const open = (limit: number, answer: (call: FuturesCall) => unknown): FuturesRoute => ({
  security: 'public',
  limit,
  answer,
})

export const signed = (
  security: 'read' | 'trade',
  limit: number,
  answer: (call: SignedFuturesCall) => unknown,
): FuturesRoute => ({ security, limit, answer })

/** The body as an object. @throws FuturesRefusal 601 */
export function objectOf({ body }: RestRequest): Body {
  const value = parse(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuseFutures('decoding')
  return value as Body
}

/** The body as a list of order ids, which may be integers of any size. @throws FuturesRefusal 601 */
export function idsOf({ body }: RestRequest): readonly string[] {
  const value = parse(body.replace(/"?(\d+)"?/g, '"$1"'))
  if (!Array.isArray(value) || !value.every((id) => typeof id === 'string')) refuseFutures('decoding')
  return value
}

/** The body as a list of objects. @throws FuturesRefusal 601 */
export function listOf({ body }: RestRequest): readonly Body[] {
  const value = parse(body)
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'object' && item !== null))
    refuseFutures('decoding')
  return value as Body[]
}

/** A whole number in the query, cut to `[1, max]`. @throws FuturesRefusal 600 */
export function wholeOf(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const text = query.get(name)
  if (text === null || text === '') return fallback
  return /^\d{1,15}$/.test(text) && Number(text) > 0 ? Math.min(Number(text), max) : refuseFutures('parameter')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return refuseFutures('decoding')
  }
}
