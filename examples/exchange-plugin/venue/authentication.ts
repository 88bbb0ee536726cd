import { createHmac } from 'node:crypto'
import type { Account, VenueHost } from '@cex-arbitrage/simulator'

/** How far a request's time may be from the venue's, milliseconds. */
const toleranceMs = 5_000

/** What a signature is made over; a login over the stream has no method, target and body. */
export interface SignedParts {
  readonly key: string
  readonly time: string
  readonly sign: string
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  readonly body: string
}

/** The account of a signed request, or the code of its refusal. */
export function authenticate(host: VenueHost, parts: SignedParts): Account | 'BAD_KEY' | 'BAD_TIME' | 'BAD_SIGNATURE' {
  const found = host.core.accounts.findByKey(parts.key)
  if (found === undefined) return 'BAD_KEY'
  if (Math.abs(Number(parts.time) - host.clock.nowMs()) > toleranceMs) return 'BAD_TIME'
  const text = [parts.time, parts.method, parts.target, parts.body].join('\n')
  const expected = createHmac('sha256', found.apiKey.secret).update(text).digest('hex')
  return expected === parts.sign ? found.account : 'BAD_SIGNATURE'
}
