import type { Account, ApiKey } from '../../../accounts/account-book.js'
import type { RestRequest, RestResponse } from '../../../server/rest-exchange.js'
import { RestRouter } from '../../../server/rest-router.js'
import { wireJson } from '../../../server/wire-json.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import type { MexcKeyOptions } from '../settings.js'
import type { DepthDiffs } from './depth-diffs.js'
import type { FuturesDesk } from './futures-desk.js'
import { type FuturesError, FuturesRefusal, futuresErrors, refuseFutures } from './futures-errors.js'
import { addPrivateFuturesRoutes } from './private-routes.js'
import { addPublicFuturesRoutes } from './public-routes.js'
import type { FuturesRoute } from './futures-route.js'
import { isSameSignature, signedText, signFutures } from './futures-signature.js'

const windowMs = 2_000
const defaultRecvWindowS = 10
const maxRecvWindowS = 60
/** Beyond this a window must be meant in milliseconds. */
const largestSeconds = 60

export const futuresKeyHeader = 'apikey'
const prefixes = ['/api/v1/contract/', '/api/v1/private/'] as const

export const isFuturesPath = (path: string): boolean => prefixes.some((prefix) => path.startsWith(prefix))

export interface FuturesRestParts {
  readonly host: VenueHost
  readonly market: PerpetualMarket
  readonly desk: FuturesDesk
  readonly diffs: DepthDiffs
  readonly isLimited: boolean
  readonly keyOptions: (key: string) => MexcKeyOptions
}

/** The REST side of perpetuals: its own signatures, limits and envelope. */
export class FuturesRest {
  private readonly router = new RestRouter<FuturesRoute>()

  constructor(private readonly parts: FuturesRestParts) {
    addPublicFuturesRoutes(this.router, parts.market, parts.diffs)
    addPrivateFuturesRoutes(this.router, parts.market, parts.desk)
  }

  handle(request: RestRequest): RestResponse {
    const match = this.router.find(request.method, request.path)
    if (match === undefined) return { status: 404, body: { success: false, code: 404, message: 'Not Found' } }
    const { pattern, params, handler } = match
    this.parts.market.wake()
    try {
      const data = this.answer(handler, { request, params, query: request.query }, pattern)
      return this.respond({ success: true, code: 0, data }, pattern)
    } catch (cause) {
      if (!(cause instanceof FuturesRefusal)) throw cause
      return this.respond(futuresErrorBody(cause.error), pattern)
    }
  }

  private answer(
    route: FuturesRoute,
    call: Parameters<Extract<FuturesRoute, { security: 'public' }>['answer']>[0],
    pattern: string,
  ): unknown {
    if (route.security === 'public') {
      this.spend(`futures-ip:${call.request.ip}:${pattern}`, route.limit)
      return route.answer(call)
    }
    const { account, apiKey } = this.authenticate(call.request, route.security)
    this.spend(`futures-uid:${account.uid}:${pattern}`, route.limit)
    return route.answer({ ...call, apiKey, account: this.parts.market.account(account.id) })
  }

  /** Key, time, address, signature, permission: in this order. */
  private authenticate(
    request: RestRequest,
    security: 'read' | 'trade',
  ): { readonly account: Account; readonly apiKey: ApiKey } {
    const { headers } = request
    const caller = this.parts.host.core.accounts.findByKey(headers[futuresKeyHeader] ?? '')
    if (caller === undefined) refuseFutures('unauthorized')
    const { apiKey } = caller
    if (this.parts.keyOptions(apiKey.key).expired === true) refuseFutures('keyExpired')
    const time = headers['request-time'] ?? ''
    if (!(Math.abs(request.receivedAtMs - Number(time)) <= recvWindowMs(headers['recv-window'])))
      refuseFutures('requestTime')
    if (apiKey.ipWhitelist?.includes(request.ip.replace('::ffff:', '')) === false) refuseFutures('addressNotAllowed')
    const expected = signFutures(apiKey.secret, apiKey.key, time, signedText(request))
    if (!isSameSignature(expected, headers['signature'] ?? '')) refuseFutures('verifyFailed')
    if (security === 'trade' && apiKey.permission !== 'trade') refuseFutures('noTradePermission')
    return caller
  }

  private spend(bucket: string, limit: number): void {
    if (this.parts.isLimited && !this.parts.host.limiter.take(bucket, { limit, windowMs }).allowed)
      refuseFutures('tooFrequent')
  }

  private respond(body: unknown, route: string): RestResponse {
    return { status: 200, body: wireJson(body), route }
  }
}

export const futuresErrorBody = ({ code, message }: FuturesError): Record<string, unknown> => ({
  success: false,
  code,
  message,
})

/** How a fault is worded here: throttling travels under status 200 like every refusal. */
export const throttled = (): RestResponse => ({ status: 200, body: futuresErrorBody(futuresErrors.tooFrequent) })

/** Seconds; some clients send milliseconds. */
function recvWindowMs(header: string | undefined): number {
  const given = header === undefined || header === '' ? defaultRecvWindowS : Number(header)
  return Math.min(given > largestSeconds ? given : given * 1000, maxRecvWindowS * 1000)
}
