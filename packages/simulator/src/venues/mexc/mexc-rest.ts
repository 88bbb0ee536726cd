import type { Account, ApiKey } from '../../accounts/account-book.js'
import type { RestRequest, RestResponse } from '../../server/rest-exchange.js'
import { RestRouter } from '../../server/rest-router.js'
import { addAccountRoutes } from './account-routes.js'
import { errorBody, ipNotAllowed, type MexcError, mexcErrors, MexcRefusal } from './api-error.js'
import { addListenKeyRoutes } from './listen-key-routes.js'
import { addOrderRoutes } from './order-routes.js'
import { addPublicRoutes } from './public-routes.js'
import { RateGate } from './rate-gate.js'
import { parseRequestParameters, type RequestParameters } from './request-parameters.js'
import { type MexcRoute, RestCall } from './rest-call.js'
import { checkSignedCall } from './signed-call.js'
import { addStrategyGroupRoutes } from './strategy-group-routes.js'
import { keyOptions, type VenueState } from './venue-state.js'

const keyHeader = 'x-mexc-apikey'
const contentTypes: readonly string[] = ['application/json', 'application/x-www-form-urlencoded']

interface Caller {
  readonly account: Account
  readonly apiKey: ApiKey
}

/** The whole REST side: routes, limits, and the checks of signed calls in the venue's order. */
export class MexcRest {
  private readonly router = new RestRouter<MexcRoute>()
  private readonly gate: RateGate

  constructor(private readonly state: VenueState) {
    this.gate = new RateGate(state.host.clock, state.host.limiter, state.settings.rateLimits)
    addPublicRoutes(this.router, state)
    addOrderRoutes(this.router, state)
    addAccountRoutes(this.router, state)
    addListenKeyRoutes(this.router, state)
    addStrategyGroupRoutes(this.router, state)
  }

  handle(request: RestRequest): RestResponse {
    const match = this.router.find(request.method, request.path)
    if (match === undefined) return { status: 404, body: { code: 404, msg: 'Not Found' } }
    const response = this.answer(match.handler, request)
    return { ...response, route: match.pattern }
  }

  private answer(route: MexcRoute, request: RestRequest): RestResponse {
    const limited = this.gate.admitAddress(request.ip, route.weight)
    if (limited !== undefined) return limited
    if (!hasKnownContentType(request)) return refusal(mexcErrors.invalidContentType)
    const parameters = parseRequestParameters(request.rawQuery, request.body)
    try {
      if (route.security === 'public') return this.serve(route, request, parameters, undefined)
      const caller = this.authenticate(route, request, parameters)
      if ('code' in caller) return refusal(caller)
      const spent = this.gate.admitAccount(caller.account.id, request.ip, ['uid', ...(route.pools ?? [])])
      return spent ?? this.serve(route, request, parameters, caller)
    } catch (cause) {
      if (cause instanceof MexcRefusal) return refusal(cause.error)
      throw cause
    }
  }

  private serve(
    route: MexcRoute,
    request: RestRequest,
    parameters: RequestParameters,
    caller: Caller | undefined,
  ): RestResponse {
    const call = new RestCall(request, parameters, caller, request.receivedAtMs)
    return { status: 200, body: route.handle(call) }
  }

  /** Key, time and signature, address, permission: in this order. */
  private authenticate(
    { security }: MexcRoute,
    request: RestRequest,
    parameters: RequestParameters,
  ): Caller | MexcError {
    const key = request.headers[keyHeader]
    if (key === undefined || key === '') return mexcErrors.apiKeyRequired
    const caller = this.state.host.core.accounts.findByKey(key)
    if (caller === undefined) return mexcErrors.apiKeyInvalid
    if (keyOptions(this.state, key).expired === true) return mexcErrors.apiKeyExpired
    const { apiKey } = caller
    const refused = checkSignedCall(parameters, { secret: apiKey.secret, serverTimeMs: request.receivedAtMs })
    if (refused !== undefined) return refused
    const address = request.ip.replace('::ffff:', '')
    if (apiKey.ipWhitelist?.includes(address) === false) return ipNotAllowed(address)
    return security === 'trade' && apiKey.permission !== 'trade' ? mexcErrors.forbidden : caller
  }
}

/** The key that a request names, unchecked. */
export const apiKeyOf = (request: RestRequest): string | undefined => request.headers[keyHeader]

/** An odd content type is refused; none at all is fine as long as there is no body. */
function hasKnownContentType({ headers, body }: RestRequest): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type === undefined || type === '') return body === ''
  return contentTypes.includes(type)
}

const refusal = (error: MexcError): RestResponse => ({ status: error.status, body: errorBody(error) })
