import type { Account } from '../../../accounts/account-book.js'
import type { FaultRule } from '../../../faults/fault-rule.js'
import type { RestRequest, RestResponse } from '../../../server/rest-exchange.js'
import { RestRouter } from '../../../server/rest-router.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import type { HummingbotSettings } from '../settings.js'
import { addAccountRoutes } from './account-routes.js'
import type { ApiRoute } from './api-call.js'
import { ApiRefusal } from './api-refusal.js'
import { authenticateBasic } from './basic-credentials.js'
import { ConnectorOrders } from './connector-orders.js'
import { addMarketRoutes } from './market-routes.js'
import { addOrderRoutes } from './order-routes.js'

const version = '1.0.1'

/** Paths that `/openapi.json` lists, with parameters in braces. */
const pathsOf = (patterns: readonly string[]): Record<string, object> => {
  const paths: Record<string, Record<string, object>> = {}
  for (const pattern of patterns) {
    const [method = '', path = ''] = pattern.split(' ')
    const braced = path.replace(/:(\w+)/g, '{$1}')
    paths[braced] = { ...paths[braced], [method.toLowerCase()]: {} }
  }
  return paths
}

/** Serves the REST side of hummingbot-api. */
export class ApiServer {
  private readonly patterns: string[] = []
  private readonly router: RestRouter<ApiRoute>

  constructor(
    private readonly host: VenueHost,
    settings: HummingbotSettings,
  ) {
    this.router = new ListingRouter(this.patterns)
    const parts = { host, settings, orders: new ConnectorOrders(host, settings) }
    addOrderRoutes(this.router, parts)
    addMarketRoutes(this.router, parts)
    addAccountRoutes(this.router, parts)
  }

  handle(request: RestRequest): RestResponse {
    if (request.method === 'GET' && request.path === '/')
      return { status: 200, body: { name: 'Hummingbot API', version, status: 'running' }, route: 'GET /' }
    if (request.method === 'GET' && request.path === '/openapi.json') return this.describe()
    const match = this.router.find(request.method, request.path)
    const route = match === undefined ? {} : { route: match.pattern }
    try {
      if (match === undefined)
        throw this.router.hasPath(request.path)
          ? new ApiRefusal(405, 'Method Not Allowed')
          : new ApiRefusal(404, 'Not Found')
      const account = this.authenticate(request)
      const { answer, status } = match.handler
      return { status: status ?? 200, body: answer({ request, params: match.params, account }), ...route }
    } catch (cause) {
      if (!(cause instanceof ApiRefusal)) throw cause
      return { ...cause.response, ...route }
    }
  }

  private authenticate({ headers }: RestRequest): Account {
    const { authorization } = headers
    if (authorization === undefined) throw new ApiRefusal(401, 'Not authenticated')
    const found = authenticateBasic(this.host.core, authorization)
    if (found === undefined) throw new ApiRefusal(401, 'Incorrect username or password')
    return found.account
  }

  private describe(): RestResponse {
    const body = { openapi: '3.1.0', info: { title: 'Hummingbot API', version }, paths: pathsOf(this.patterns) }
    return { status: 200, body, route: 'GET /openapi.json' }
  }
}

/** The words of hummingbot-api for a fault. */
export function renderApiFault(rule: FaultRule, request: RestRequest, settings: HummingbotSettings): RestResponse {
  const headers = rule.retryAfterS === undefined ? {} : { 'Retry-After': String(rule.retryAfterS) }
  if (rule.kind === 'rate_limited') return { status: 429, body: { detail: 'Too Many Requests' }, headers }
  const status = rule.status ?? 503
  if (rule.mode === 'html')
    return { status, body: `<html><title>${status}</title></html>`, contentType: 'text/html', headers }
  const isOrder = request.method === 'POST' && request.path === '/trading/orders'
  if (status === 503 && isOrder && rule.kind === 'error_before') {
    const detail = `Trading rules not yet loaded for ${settings.connector}. Please try again in a moment.`
    return { status, body: { detail }, headers }
  }
  const detail = status === 500 && isOrder ? 'Unexpected error placing trade: internal error' : 'Service unavailable'
  return { status, body: { detail }, headers }
}

/** A router that remembers its patterns. */
class ListingRouter extends RestRouter<ApiRoute> {
  constructor(private readonly patterns: string[]) {
    super()
  }

  override add(pattern: string, handler: ApiRoute): this {
    this.patterns.push(pattern)
    return super.add(pattern, handler)
  }
}
