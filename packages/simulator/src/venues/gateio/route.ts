import type { RestRequest } from '../../server/rest-exchange.js'
import type { Caller } from './authentication.js'
import type { JsonObject } from './parameters.js'

/** What a route handler gets. */
export interface RouteCall {
  readonly request: RestRequest
  /** Parameters in the path. */
  readonly params: Readonly<Record<string, string>>
  readonly query: JsonObject
}

export interface PrivateCall extends RouteCall {
  readonly caller: Caller
}

/** A public route returns its body. */
export interface PublicRoute {
  readonly kind: 'public'
  readonly answer: (call: RouteCall) => unknown
}

/** How a private call is counted; `place` calls spend for themselves, by pair. */
export type PrivateBudget = 'read' | 'place' | 'cancel' | 'other'

export interface PrivateRoute {
  readonly kind: 'private'
  readonly budget: PrivateBudget
  /** 200 unless told. */
  readonly status?: number
  readonly answer: (call: PrivateCall) => unknown
}

export type Route = PublicRoute | PrivateRoute

export const open = (answer: PublicRoute['answer']): PublicRoute => ({ kind: 'public', answer })

export const signed = (budget: PrivateBudget, answer: PrivateRoute['answer'], status = 200): PrivateRoute => ({
  kind: 'private',
  budget,
  status,
  answer,
})
