import type { RestRouter } from '../../server/rest-router.js'
import { mexcErrors } from './api-error.js'
import { type MexcRoute, type RestCall, refuse } from './rest-call.js'
import type { VenueState } from './venue-state.js'

/** Adds the routes that make, show, renew and end listen keys. */
export function addListenKeyRoutes(router: RestRouter<MexcRoute>, { listenKeys }: VenueState): void {
  const read = (handle: MexcRoute['handle']): MexcRoute => ({ weight: 1, security: 'read', handle })
  const path = '/api/v3/userDataStream'
  const idOf = ({ account }: RestCall): string => account.id
  router
    .add(
      `POST ${path}`,
      read((call) => ({
        listenKey:
          listenKeys.create({ accountId: idOf(call), apiKey: call.apiKey.key }) ?? refuse(mexcErrors.paramError),
      })),
    )
    .add(
      `GET ${path}`,
      read((call) => {
        const keys = listenKeys.list(idOf(call))
        const total = listenKeys.limits.keysPerAccount
        return { listenKey: keys, total, available: total - keys.length }
      }),
    )
    .add(
      `PUT ${path}`,
      read((call) => {
        const listenKey = call.required('listenKey')
        return listenKeys.renew(idOf(call), listenKey) ? { listenKey } : refuse(mexcErrors.invalidInput)
      }),
    )
    .add(
      `DELETE ${path}`,
      read((call) => {
        const listenKey = call.required('listenKey')
        return listenKeys.delete(idOf(call), listenKey) ? { listenKey } : refuse(mexcErrors.invalidInput)
      }),
    )
}
