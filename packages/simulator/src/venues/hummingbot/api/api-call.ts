import type { Account } from '../../../accounts/account-book.js'
import type { RestRequest } from '../../../server/rest-exchange.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import { findPair } from '../markets.js'
import type { HummingbotSettings } from '../settings.js'
import { ApiRefusal } from './api-refusal.js'
import type { ConnectorOrders } from './connector-orders.js'
import { RequestBody } from './request-body.js'

/** What the routes work with. */
export interface ApiParts {
  readonly host: VenueHost
  readonly settings: HummingbotSettings
  readonly orders: ConnectorOrders
}

/** One authenticated call. */
export interface ApiCall {
  readonly request: RestRequest
  readonly params: Readonly<Record<string, string>>
  readonly account: Account
}

export interface ApiRoute {
  /** 200 when absent. */
  readonly status?: number
  readonly answer: (call: ApiCall) => unknown
}

export const bodyOf = ({ request }: ApiCall): RequestBody => new RequestBody(request.body)

/** Whether a list filter lets `name` pass; an absent one lets everything. */
export const passes = (filter: readonly string[] | undefined, name: string): boolean => filter?.includes(name) ?? true

/** @throws ApiRefusal 404 when the account is not the one that is served. */
export function checkAccount({ settings }: ApiParts, name: string): void {
  if (name !== settings.accountName) throw new ApiRefusal(404, `Account '${name}' not found`)
}

/** @throws ApiRefusal `status` when there is no such connector. */
export function checkConnector({ settings }: ApiParts, name: string, status = 404): void {
  if (name !== settings.connector) throw new ApiRefusal(status, `Connector '${name}' not found`)
}

/** @throws ApiRefusal 500, as market data answers for a pair that the exchange does not list. */
export function requirePair({ host }: ApiParts, pair: string): NonNullable<ReturnType<typeof findPair>> {
  const symbol = findPair(host.core, pair)
  if (symbol === undefined) throw new ApiRefusal(500, `Error getting market data: no order book for ${pair}`)
  return symbol
}
