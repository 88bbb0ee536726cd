import { createAssetId, type Clock, type Instrument } from '@cex-arbitrage/common'
import type { BaseExchangeConfig, EngineConfig, EngineMode } from '@cex-arbitrage/config'
import type { AccountListener, PrivateExchange } from '@cex-arbitrage/exchanges'
import { attempt, fail, ok, reachAdvice, warn, type CheckResult } from './check.js'

export interface AccountCheckOptions {
  readonly config: Pick<EngineConfig, 'mode'>
  readonly settings: Pick<BaseExchangeConfig, 'allowWithdrawPermission'>
  readonly clock: Clock
}

const fewDays = 7
const keyAdvice =
  'Make the key anew with the right to read and to trade and without the right to withdraw, and allow the address of this machine.'
const silent: AccountListener = {
  onOrder: () => undefined,
  onFill: () => undefined,
  onBalance: () => undefined,
  onConnected: () => undefined,
  onDisconnected: () => undefined,
}

/** Looks at a key, what it holds, and its private stream. The rest is not asked for with a key that is refused. */
export async function checkAccount(
  name: string,
  account: PrivateExchange,
  instruments: readonly Instrument[],
  { config, settings, clock }: AccountCheckOptions,
): Promise<readonly CheckResult[]> {
  const key = await attempt(`${name} key`, keyAdvice, clock, () =>
    checkKey(`${name} key`, account, settings, config.mode),
  )
  if (key.state === 'fail') return [key]
  const funds = await attempt(`${name} balances`, keyAdvice, clock, () =>
    checkFunds(`${name} balances`, account, instruments),
  )
  const stream = await attempt(`${name} account stream`, reachAdvice, clock, async () => {
    await account.account.open(instruments, silent)
    return ok(`${name} account stream`, 'connected and signed in')
  })
  return [key, funds, stream]
}

async function checkKey(
  title: string,
  account: PrivateExchange,
  { allowWithdrawPermission }: AccountCheckOptions['settings'],
  mode: EngineMode,
): Promise<CheckResult> {
  const { canTrade, canWithdraw, remainingDays } = await account.fetchKeyRights()
  if (canTrade === false) return fail(title, 'accepted, but may not trade', keyAdvice)
  if (canWithdraw === true) {
    const detail = 'may withdraw'
    return allowWithdrawPermission
      ? warn(title, `${detail}; the configuration allows it`, 'Take that right off the key: nothing here needs it.')
      : fail(title, detail, 'Take that right off the key: nothing here needs it, and arb run refuses the key.')
  }
  if (remainingDays !== undefined && remainingDays < fewDays)
    return warn(
      title,
      `ends in ${remainingDays} days`,
      'Make a new key, or bind this one to the address of this machine.',
    )
  if (mode === 'live' && (canWithdraw === undefined || canTrade === undefined))
    return warn(
      title,
      'accepted; the exchange does not tell what it may do',
      "Look at the exchange's page of keys: it must be able to trade, and must not be able to withdraw.",
    )
  return ok(title, canWithdraw === undefined ? 'accepted' : 'may trade, may not withdraw')
}

async function checkFunds(
  title: string,
  account: PrivateExchange,
  instruments: readonly Instrument[],
): Promise<CheckResult> {
  const held = new Set((await account.fetchBalances()).filter(({ free }) => free.sign > 0).map(({ asset }) => asset))
  const needed = [...new Set(instruments.flatMap(({ base, quote }) => [base, quote]))]
  const missing = needed.filter((asset) => !held.has(createAssetId(asset)))
  if (missing.length === 0) return ok(title, `all of ${needed.join(', ')}`)
  return warn(
    title,
    `nothing free of ${missing.join(', ')}`,
    'A trade sells on one exchange what it buys on another: place inventory of both assets where legs are to be sold.',
  )
}
