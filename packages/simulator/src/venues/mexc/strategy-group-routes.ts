import type { Account } from '../../accounts/account-book.js'
import type { RestRouter } from '../../server/rest-router.js'
import { mexcErrors, missingParameter } from './api-error.js'
import { type MexcRoute, type RestCall, refuse, success } from './rest-call.js'
import { maxGroupsPerAccount, type StrategyGroup } from './strategy-groups.js'
import type { VenueState } from './venue-state.js'

/** Adds the routes about groups within which self-trade prevention works. */
export function addStrategyGroupRoutes(router: RestRouter<MexcRoute>, { groups }: VenueState): void {
  const path = '/api/v3/strategy/group'
  const route = (security: MexcRoute['security'], handle: MexcRoute['handle']): MexcRoute => ({
    weight: 20,
    security,
    handle,
  })
  const owned = (call: RestCall): StrategyGroup =>
    groups.find(call.account.id, call.integer('tradeGroupId') ?? refuse(missingParameter('tradeGroupId'))) ??
    refuse(mexcErrors.invalidInput)
  const uidsOf = (call: RestCall): string[] => call.required('uid').split(',')
  router
    .add(
      `POST ${path}`,
      route('trade', (call) => {
        const name = call.required('tradeGroupName')
        const group = groups.create(call.account.id, name, call.nowMs)
        return success(call, viewGroup(group ?? refuse(mexcErrors.invalidInput), call.account))
      }),
    )
    .add(
      `GET ${path}`,
      route('read', (call) => {
        const found = groups.list(call.account.id, call.text('tradeGroupName'))
        const data = found.map((group) => viewGroup(group, call.account))
        return success(call, { data, totalCount: found.length, totalPage: 1, pageSize: maxGroupsPerAccount })
      }),
    )
    .add(
      `DELETE ${path}`,
      route('trade', (call) => {
        groups.delete(call.account.id, owned(call).tradeGroupId)
        return success(call, true)
      }),
    )
    .add(
      `POST ${path}/uid`,
      route('trade', (call) => {
        const group = owned(call)
        for (const uid of uidsOf(call)) group.uids.add(uid)
        return success(call, viewGroup(group, call.account))
      }),
    )
    .add(
      `DELETE ${path}/uid`,
      route('trade', (call) => {
        const group = owned(call)
        for (const uid of uidsOf(call)) group.uids.delete(uid)
        return success(call, true)
      }),
    )
}

const viewGroup = (group: StrategyGroup, owner: Account) => ({
  tradeGroupId: group.tradeGroupId,
  tradeGroupName: group.tradeGroupName,
  uid: [...group.uids].join(','),
  masterUid: String(owner.uid),
  createTime: group.createTime,
})
