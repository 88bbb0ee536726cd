import type { Account } from '../../accounts/account-book.js'
import type { RestRouter } from '../../server/rest-router.js'
import { mexcErrors, missingParameter } from './api-error.js'
import { type MexcRoute, type RestCall, refuse } from './rest-call.js'
import { maxGroupsPerAccount, type StrategyGroup } from './strategy-groups.js'
import { keyOptions, orderSymbol, type VenueState } from './venue-state.js'

const unlimitedValidity = -999
const minConfirmations = 12

/** Adds the routes about accounts, keys, fees, listen keys and self-trade groups. */
export function addAccountRoutes(router: RestRouter<MexcRoute>, state: VenueState): void {
  const read = (weight: number, handle: MexcRoute['handle'], ...pools: NonNullable<MexcRoute['pools']>): MexcRoute => ({
    weight,
    security: 'read',
    pools,
    handle,
  })
  const write = (handle: MexcRoute['handle']): MexcRoute => ({ weight: 1, security: 'trade', handle })
  router
    .add(
      'GET /api/v3/account',
      read(10, (call) => viewAccount(call), 'account'),
    )
    .add(
      'GET /api/v3/tradeFee',
      read(20, (call) => tradeFee(call, state)),
    )
    .add(
      'GET /api/v3/mxDeduct/enable',
      read(1, (call) => success(call, { mxDeductEnable: state.deduction.isEnabled(call.account) })),
    )
    .add(
      'POST /api/v3/mxDeduct/enable',
      write((call) => {
        const text = call.required('mxDeductEnable').toLowerCase()
        if (text !== 'true' && text !== 'false') refuse(missingParameter('mxDeductEnable'))
        state.deduction.setEnabled(call.account, text === 'true')
        return success(call, { mxDeductEnable: text === 'true' })
      }),
    )
    .add(
      'GET /api/v3/selfSymbols',
      read(1, (call) => ({ code: 200, data: selfSymbols(call, state), msg: null })),
    )
    .add(
      'GET /api/v3/uid',
      read(1, (call) => ({ uid: String(call.account.uid) })),
    )
    .add(
      'GET /api/v3/kyc/status',
      read(1, () => ({ status: '2' })),
    )
    .add(
      'GET /api/v3/apiKeyInfo',
      read(1, (call) => apiKeyInfo(call, state)),
    )
    .add(
      'GET /api/v3/capital/config/getall',
      read(10, () => coins(state)),
    )
    .add(
      'GET /api/v3/capital/deposit/hisrec',
      read(1, () => []),
    )
    .add(
      'GET /api/v3/capital/withdraw/history',
      read(1, () => []),
    )
    .add(
      'GET /api/v3/capital/transfer',
      read(1, () => ({ rows: [], total: 0 })),
    )
  addListenKeyRoutes(router, state, read)
  addGroupRoutes(router, state)
}

const success = (call: RestCall, data: unknown) => ({ data, code: 0, msg: 'success', timestamp: call.nowMs })

function viewAccount({ account, apiKey }: RestCall): unknown {
  const balances = [...account.balances]
    .filter(([, { free, locked }]) => !free.isZero || !locked.isZero)
    .map(([asset, { free, locked }]) => ({
      asset,
      free: free.toString(),
      locked: locked.toString(),
      available: free.toString(),
    }))
  return {
    makerCommission: null,
    takerCommission: null,
    buyerCommission: null,
    sellerCommission: null,
    canTrade: apiKey.permission === 'trade',
    canWithdraw: false,
    canDeposit: true,
    updateTime: null,
    accountType: 'SPOT',
    balances,
    permissions: ['SPOT'],
  }
}

/** Rates are JSON numbers here. */
function tradeFee(call: RestCall, state: VenueState): unknown {
  const { trading } = orderSymbol(state, call.required('symbol'))
  const rates = call.account.fees ?? { maker: trading.makerFee, taker: trading.takerFee }
  const data = { makerCommission: rates.maker.toNumber(), takerCommission: rates.taker.toNumber() }
  return success(call, data)
}

function selfSymbols(call: RestCall, state: VenueState): string[] {
  const allowed = keyOptions(state, call.apiKey.key).symbols
  const open = [...state.symbols.values()].filter((symbol) => symbol.isOpenToApi).map(({ id }) => id)
  return allowed === undefined ? open : open.filter((id) => allowed.includes(id))
}

function apiKeyInfo(call: RestCall, state: VenueState): unknown {
  const accessKey = call.required('accessKey')
  const apiKey = call.account.keys.find(({ key }) => key === accessKey) ?? refuse(mexcErrors.apiKeyInvalid)
  const options = keyOptions(state, accessKey)
  const readable = 'SPOT_ACCOUNT_READ,SPOT_DEAL_READ'
  return {
    note: options.note ?? '',
    accessKey,
    createTime: 0,
    permissions: apiKey.permission === 'trade' ? `${readable},SPOT_ACCOUNT_WRITE,SPOT_DEAL_WRITE` : readable,
    remainingValidity: unlimitedValidity,
    ipWhiteList: (apiKey.ipWhitelist ?? []).join(','),
    status: options.expired === true ? 'EXPIRED' : 'VALID',
  }
}

/** Every asset of the venue with one network, closed for withdrawals: nothing leaves a simulator. */
function coins({ symbols }: VenueState): unknown {
  const assets = new Set([...symbols.values()].flatMap(({ trading }) => [trading.base, trading.quote]))
  return [...assets].map((coin) => ({
    coin,
    Name: coin,
    name: coin,
    networkList: [
      {
        coin,
        depositDesc: null,
        depositEnable: true,
        minConfirm: minConfirmations,
        Name: coin,
        network: coin,
        netWork: coin,
        withdrawEnable: false,
        withdrawFee: '0',
        withdrawIntegerMultiple: null,
        withdrawMax: '0',
        withdrawMin: '0',
        sameAddress: false,
        contract: '',
        withdrawTips: null,
        depositTips: null,
      },
    ],
  }))
}

function addListenKeyRoutes(
  router: RestRouter<MexcRoute>,
  { listenKeys }: VenueState,
  read: (weight: number, handle: MexcRoute['handle']) => MexcRoute,
): void {
  const path = '/api/v3/userDataStream'
  const idOf = ({ account }: RestCall): string => account.id
  router
    .add(
      `POST ${path}`,
      read(1, (call) => ({
        listenKey:
          listenKeys.create({ accountId: idOf(call), apiKey: call.apiKey.key }) ?? refuse(mexcErrors.paramError),
      })),
    )
    .add(
      `GET ${path}`,
      read(1, (call) => {
        const keys = listenKeys.list(idOf(call))
        const total = listenKeys.limits.keysPerAccount
        return { listenKey: keys, total, available: total - keys.length }
      }),
    )
    .add(
      `PUT ${path}`,
      read(1, (call) => {
        const listenKey = call.required('listenKey')
        return listenKeys.renew(idOf(call), listenKey) ? { listenKey } : refuse(mexcErrors.invalidInput)
      }),
    )
    .add(
      `DELETE ${path}`,
      read(1, (call) => {
        const listenKey = call.required('listenKey')
        return listenKeys.delete(idOf(call), listenKey) ? { listenKey } : refuse(mexcErrors.invalidInput)
      }),
    )
}

function addGroupRoutes(router: RestRouter<MexcRoute>, { groups }: VenueState): void {
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
