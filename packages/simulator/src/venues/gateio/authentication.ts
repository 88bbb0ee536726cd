import type { Account, ApiKey } from '../../accounts/account-book.js'
import type { RestRequest } from '../../server/rest-exchange.js'
import type { VenueHost } from '../../venue/venue-host.js'
import { maxClockSkewS } from './constants.js'
import { GateioRefusal, textOf } from './gateio-refusal.js'
import { isSameSignature, signChannel, signRest, signStreamRequest } from './signature.js'

/** Who sent a request. */
export interface Caller {
  readonly account: Account
  readonly apiKey: ApiKey
}

/** Checks keys and signatures in the venue's order: headers, time, key, address, signature, permission. */
export class Authentication {
  constructor(private readonly host: VenueHost) {}

  /** @throws {@link GateioRefusal} naming the first check that failed. */
  authenticateRest(request: RestRequest): Caller {
    const { headers } = request
    for (const name of ['Timestamp', 'KEY', 'SIGN'])
      if (!headers[name.toLowerCase()])
        throw new GateioRefusal(400, 'MISSING_REQUIRED_HEADER', `Missing required header: ${name}`)
    const timestamp = headers['timestamp']!
    this.checkTime(timestamp)
    const caller = this.find(headers['key']!, request.ip)
    const parts = {
      method: request.method,
      path: request.path,
      query: decodeQuery(request.rawQuery),
      body: request.body,
      timestamp,
    }
    this.checkSignature(signRest(caller.apiKey.secret, parts), headers['sign']!)
    return caller
  }

  /** @throws {@link GateioRefusal} */
  authenticateChannel(frame: ChannelFrame, ip: string): Caller {
    const { auth, channel, event, time } = frame
    const key = auth?.['KEY']
    const sign = auth?.['SIGN']
    if (typeof key !== 'string' || typeof sign !== 'string')
      throw new GateioRefusal(400, 'AUTHENTICATION_FAILED', 'Authentication fail')
    this.checkTime(String(time))
    const caller = this.find(key, ip)
    this.checkSignature(signChannel(caller.apiKey.secret, channel, event, time), sign)
    return caller
  }

  /** @throws {@link GateioRefusal} */
  authenticateLogin(channel: string, payload: Readonly<Record<string, unknown>>, rawParam: string, ip: string): Caller {
    const { api_key: key, signature, timestamp } = payload
    if (typeof key !== 'string' || key === '') throw new GateioRefusal(401, 'INVALID_KEY', 'Invalid key provided')
    const time = textOf(timestamp)
    this.checkTime(time)
    const caller = this.find(key, ip)
    this.checkSignature(signStreamRequest(caller.apiKey.secret, channel, rawParam, time), textOf(signature))
    return caller
  }

  /** @throws {@link GateioRefusal} when the key may only read. */
  checkMayTrade({ apiKey }: Caller): void {
    if (apiKey.permission === 'read') throw new GateioRefusal(403, 'READ_ONLY', 'API key is read-only')
  }

  private checkTime(timestamp: string): void {
    const gapS = Math.abs(this.host.clock.nowMs() / 1000 - Number(timestamp))
    if (gapS <= maxClockSkewS) return
    const text = `gap between request Timestamp and server time exceeds ${maxClockSkewS}`
    throw new GateioRefusal(403, 'REQUEST_EXPIRED', text)
  }

  private find(key: string, ip: string): Caller {
    const caller = this.host.core.accounts.findByKey(key)
    if (caller === undefined) throw new GateioRefusal(401, 'INVALID_KEY', 'Invalid key provided')
    const { ipWhitelist } = caller.apiKey
    if (ipWhitelist !== undefined && !ipWhitelist.includes(ip.replace('::ffff:', '')))
      throw new GateioRefusal(403, 'IP_FORBIDDEN', `Request IP not in whitelist: ${ip}`)
    return caller
  }

  private checkSignature(expected: string, given: string): void {
    if (!isSameSignature(expected, given)) throw new GateioRefusal(401, 'INVALID_SIGNATURE', 'Signature mismatch')
  }
}

/** The members of a subscription that its signature covers. */
export interface ChannelFrame {
  readonly channel: string
  readonly event: string
  /** Seconds. */
  readonly time: number
  readonly auth: Readonly<Record<string, unknown>> | undefined
}

/** The query as it is signed: percent-decoded, order kept. */
export function decodeQuery(rawQuery: string): string {
  try {
    return decodeURIComponent(rawQuery)
  } catch {
    return rawQuery
  }
}
