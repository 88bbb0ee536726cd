import { hashText } from '../../market/hash-noise.js'
import type { RateVerdict } from '../../server/rate-limiter.js'
import type { RestRequest, RestResponse } from '../../server/rest-exchange.js'
import { RestRouter } from '../../server/rest-router.js'
import type { VenueHost } from '../../venue/venue-host.js'
import type { Authentication, Caller } from './authentication.js'
import { cancelRateRule, futuresPlaceRateRule, placeRateRule, privateRateRule, publicRateRule } from './constants.js'
import type { GateioTrading } from './gateio-trading.js'
import { FuturesRefusal, GateioRefusal, tooManyRequests } from './gateio-refusal.js'
import { queryObject } from './parameters.js'
import { addPrivateRoutes } from './private-routes.js'
import { addEmptyListings, addPublicRoutes } from './public-routes.js'
import { addPrivateFuturesRoutes } from './futures/private-routes.js'
import { addPublicFuturesRoutes, futuresPath } from './futures/public-routes.js'
import type { GateioFutures } from './futures/gateio-futures.js'
import { wireJson } from '../../server/wire-json.js'
import type { PrivateRoute, Route } from './route.js'

export const restPrefix = '/api/v4'

/** The REST side: routes, signatures, limits, expiry header, response headers. */
export class GateioRestApi {
  private readonly router = new RestRouter<Route>()
  private requestCount = 0
  /** Verdict of the limiter on the request being served; routes run to the end without waiting. */
  private verdict: RateVerdict | undefined

  constructor(
    private readonly host: VenueHost,
    private readonly authentication: Authentication,
    trading: GateioTrading,
    private readonly futures: GateioFutures,
  ) {
    addPublicRoutes(this.router, host)
    addPublicFuturesRoutes(this.router, futures.market)
    addEmptyListings(this.router)
    addPrivateRoutes(this.router, {
      host,
      trading,
      spendPlacement: (caller, pair) => this.spend(`uid:${caller.account.uid}:place:${pair}`, placeRateRule),
    })
    addPrivateFuturesRoutes(this.router, {
      ...futures,
      spendPlacement: (caller) => this.spend(`uid:${caller.account.uid}:futures-place`, futuresPlaceRateRule),
    })
  }

  handle(request: RestRequest): RestResponse {
    this.verdict = undefined
    const path = request.path.startsWith(`${restPrefix}/`) ? request.path.slice(restPrefix.length) : undefined
    const match = path === undefined ? undefined : this.router.find(request.method, path)
    try {
      if (path === undefined) throw new GateioRefusal(404, 'NOT_FOUND', 'Request URL does not exist')
      if (match === undefined) throw this.unknownRoute(request, path)
      if (match.pattern.includes(futuresPath)) this.futures.market.wake()
      const call = { request, params: match.params, query: queryObject(request.query) }
      const route = match.handler
      if (route.kind === 'public') {
        this.spend(`ip:${request.ip}:${match.pattern}`, publicRateRule)
        return this.respond(request, 200, route.answer(call), match.pattern)
      }
      const caller = this.admit(request, route, match.pattern)
      return this.respond(request, route.status ?? 200, route.answer({ ...call, caller }), match.pattern)
    } catch (cause) {
      if (!(cause instanceof GateioRefusal)) throw cause
      return this.respond(request, cause.status, cause.body, match?.pattern)
    }
  }

  /** Signature, expiry, permission and budget of a private call. */
  private admit(request: RestRequest, route: PrivateRoute, pattern: string): Caller {
    const caller = this.authentication.authenticateRest(request)
    if (route.budget !== 'read') {
      this.authentication.checkMayTrade(caller)
      checkExpiry(request)
    }
    const { id, uid } = caller.account
    if (pattern.includes(futuresPath) && this.futures.market.entriesOf(id).length === 0)
      throw new FuturesRefusal(400, 'USER_NOT_FOUND', 'please transfer funds first to create futures account')
    const product = pattern.includes(futuresPath) ? 'futures-' : ''
    if (route.budget === 'cancel') this.spend(`uid:${uid}:${product}cancel`, cancelRateRule)
    else if (route.budget !== 'place') this.spend(`uid:${uid}:${pattern}`, privateRateRule)
    return caller
  }

  private spend(bucket: string, rule: typeof publicRateRule): void {
    this.verdict = this.host.limiter.take(bucket, rule)
    if (!this.verdict.allowed) throw tooManyRequests()
  }

  /** An unknown path is treated as a private one: headers and signature come first. */
  private unknownRoute(request: RestRequest, path: string): GateioRefusal {
    if (this.router.hasPath(path)) return new GateioRefusal(405, 'METHOD_NOT_ALLOWED', 'Request method is not allowed')
    this.authentication.authenticateRest(request)
    return new GateioRefusal(404, 'NOT_FOUND', 'Request URL does not exist')
  }

  private respond(request: RestRequest, status: number, body: unknown, route: string | undefined): RestResponse {
    const nowMs = this.host.clock.nowMs()
    const trace = `${hashText(request.rawPath).toString(16)}${(++this.requestCount).toString(16).padStart(24, '0')}`
    const headers: Record<string, string> = {
      'X-Gate-Trace-ID': trace,
      'X-In-Time': String(request.receivedAtMs * 1000),
      'X-Out-Time': String(nowMs * 1000),
    }
    if (this.verdict !== undefined) {
      const resetMs = this.verdict.allowed ? nowMs : this.verdict.resetAtMs
      headers['X-Gate-RateLimit-Requests-Remain'] = String(this.verdict.remaining)
      headers['X-Gate-RateLimit-Limit'] = String(this.verdict.limit)
      headers['X-Gate-RateLimit-Reset-Timestamp'] = String(Math.ceil(resetMs / 1000))
    }
    return {
      status,
      body: route?.includes(futuresPath) === true ? wireJson(body) : body,
      headers,
      ...(route !== undefined && { route }),
    }
  }
}

/** @throws {@link GateioRefusal} when the request came after its `X-Gate-Exptime`. */
function checkExpiry(request: RestRequest): void {
  const expiry = request.headers['x-gate-exptime']
  if (expiry === undefined) return
  if (!/^\d+$/.test(expiry)) throw new GateioRefusal(400, 'INVALID_PARAM_VALUE', `Invalid x-gate-exptime: ${expiry}`)
  if (request.receivedAtMs > Number(expiry))
    throw new GateioRefusal(403, 'REQUEST_EXPIRED', 'Request received after x-gate-exptime')
}
