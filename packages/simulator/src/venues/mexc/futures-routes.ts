import type { RestRouter } from '../../server/rest-router.js'
import type { MexcRoute, RestCall } from './rest-call.js'

/** Adds the futures listing routes with empty lists: clients list both markets, this venue has spot alone. */
export function addFuturesRoutes(router: RestRouter<MexcRoute>): void {
  const route = (data: (call: RestCall) => unknown): MexcRoute => ({
    weight: 1,
    security: 'public',
    handle: (call) => ({ success: true, code: 0, data: data(call) }),
  })
  router
    .add(
      'GET /api/v1/contract/ping',
      route(({ nowMs }) => nowMs),
    )
    .add(
      'GET /api/v1/contract/detail',
      route(() => []),
    )
    .add(
      'GET /api/v1/contract/ticker',
      route(() => []),
    )
}
