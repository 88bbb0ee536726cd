import { Decimal, createAssetId, systemClock } from '@cex-arbitrage/common'
import { ManualClock, createTestInstrument } from '@cex-arbitrage/common/testing'
import type { KeyRights, PrivateExchange } from '@cex-arbitrage/exchanges'
import { describe, expect, it } from 'vitest'
import { attempt, ok } from './check.js'
import { checkAccount, type AccountCheckOptions } from './check-account.js'

const instrument = createTestInstrument()
const fine: KeyRights = { canTrade: true, canWithdraw: false, remainingDays: undefined }

function account(rights: KeyRights, assets: readonly string[] = []): PrivateExchange {
  const balances = assets.map((asset) => ({ asset: createAssetId(asset), free: Decimal.one, locked: Decimal.zero }))
  return {
    fetchKeyRights: () => Promise.resolve(rights),
    fetchBalances: () => Promise.resolve(balances),
    account: { open: () => Promise.resolve() },
  } as unknown as PrivateExchange
}

const options = (mode: 'live' | 'simulated', allowWithdrawPermission = false): AccountCheckOptions => ({
  config: { mode },
  settings: { allowWithdrawPermission },
  clock: systemClock,
})

describe('checkAccount', () => {
  it.each([
    ['may do what it should', fine, false, 'ok', 'may trade, may not withdraw'],
    ['may withdraw', { ...fine, canWithdraw: true }, false, 'fail', 'may withdraw'],
    [
      'may withdraw by intent',
      { ...fine, canWithdraw: true },
      true,
      'warn',
      'may withdraw; the configuration allows it',
    ],
    ['may not trade', { ...fine, canTrade: false }, false, 'fail', 'accepted, but may not trade'],
    ['ends soon', { ...fine, remainingDays: 3 }, false, 'warn', 'ends in 3 days'],
    ['lasts', { ...fine, remainingDays: 80 }, false, 'ok', 'may trade, may not withdraw'],
  ] as const)('judges a key that %s', async (_, rights, allowed, state, detail) => {
    const [key, ...rest] = await checkAccount('venue', account(rights), [], options('live', allowed))
    expect(key).toMatchObject({ name: 'venue key', state, detail })
    expect(rest.length).toBe(state === 'fail' ? 0 : 2)
  })

  it('asks to look where a live exchange does not tell', async () => {
    const unknown: KeyRights = { canTrade: undefined, canWithdraw: undefined, remainingDays: undefined }
    const [live] = await checkAccount('venue', account(unknown), [], options('live'))
    const [simulated] = await checkAccount('venue', account(unknown), [], options('simulated'))
    expect([live!.state, simulated!.state]).toEqual(['warn', 'ok'])
  })

  it('warns of assets that are missing', async () => {
    const [, some] = await checkAccount('venue', account(fine, [instrument.quote]), [instrument], options('live'))
    expect(some).toMatchObject({ state: 'warn', detail: `nothing free of ${instrument.base}` })
    const both = account(fine, [instrument.base, instrument.quote])
    const [, all] = await checkAccount('venue', both, [instrument], options('live'))
    expect(all!.state).toBe('ok')
  })
})

describe('attempt', () => {
  it('gives up what never comes back', async () => {
    const clock = new ManualClock()
    const waiting = attempt('thing', 'do it', clock, () => new Promise(() => undefined))
    await clock.advance(20_000)
    expect(await waiting).toEqual({
      name: 'thing',
      state: 'fail',
      detail: 'nothing came back within 20 s',
      advice: 'do it',
    })
  })

  it('leaves no timer behind', async () => {
    expect(await attempt('thing', 'do it', new ManualClock(), () => Promise.resolve(ok('thing', 'well')))).toEqual(
      ok('thing', 'well'),
    )
  })
})
