import type { RestRouter } from '../../server/rest-router.js'
import { mexcErrors, missingParameter } from './api-error.js'
import { type MexcRoute, type RestCall, refuse, success } from './rest-call.js'
import { keyOptions, orderSymbol, type VenueState } from './venue-state.js'

const unlimitedValidity = -999
const minConfirmations = 12

/** Adds the routes about balances, fees, keys and assets. */
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
}

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
