import { Decimal } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { adoptReloadable, isReloadable } from './reload-policy.js'
import { Secret } from './secret.js'

describe('adoptReloadable', () => {
  it('takes over limits and keeps what needs a restart', () => {
    const current = { mode: 'paper', risk: { maxOpenOrders: 1, reportingAsset: 'USDT' }, server: { port: 1 } }
    const next = { mode: 'live', risk: { maxOpenOrders: 2, reportingAsset: 'BTC' }, server: { port: 1 } }
    expect(adoptReloadable(current, next)).toEqual({
      value: { mode: 'paper', risk: { maxOpenOrders: 2, reportingAsset: 'USDT' }, server: { port: 1 } },
      applied: [{ path: 'risk.maxOpenOrders', from: 1, to: 2 }],
      refused: [
        { path: 'mode', from: 'paper', to: 'live' },
        { path: 'risk.reportingAsset', from: 'USDT', to: 'BTC' },
      ],
    })
  })

  it('goes into a list whose elements are the same, and refuses another list', () => {
    const list = (edge: number, name?: string): unknown => ({
      strategies: [{ type: 'spot-spot', name, minNetEdgeBps: edge }],
    })
    expect(adoptReloadable(list(1), list(2)).applied).toEqual([{ path: 'strategies.0.minNetEdgeBps', from: 1, to: 2 }])
    expect(adoptReloadable(list(1), list(2, 'other')).refused.map(({ path }) => path)).toEqual(['strategies'])
    expect(adoptReloadable(list(1), { strategies: [] }).refused.map(({ path }) => path)).toEqual(['strategies'])
  })

  it('compares amounts and secrets by what they hold, and shows neither', () => {
    const at = (amount: string, key: string): unknown => ({
      risk: { maxDailyLoss: Decimal.parse(amount) },
      key: new Secret(key),
    })
    expect(adoptReloadable(at('1.0', 'a'), at('1', 'a'))).toMatchObject({ applied: [], refused: [] })
    expect(adoptReloadable(at('1', 'a'), at('2', 'b'))).toMatchObject({
      applied: [{ path: 'risk.maxDailyLoss', from: '1', to: '2' }],
      refused: [{ path: 'key', from: '[secret]', to: '[secret]' }],
    })
  })

  it('handles keys that come and go', () => {
    const { value, refused, applied } = adoptReloadable({ logging: { file: 'a' } }, { logging: { level: 'info' } })
    expect(value).toEqual({ logging: { file: 'a', level: 'info' } })
    expect(refused).toEqual([{ path: 'logging.file', from: 'a', to: undefined }])
    expect(applied).toEqual([{ path: 'logging.level', from: undefined, to: 'info' }])
  })

  it('knows what is safe', () => {
    expect(isReloadable(['execution', 'unwind', 'maxLossBps'])).toBe(true)
    expect(isReloadable(['execution', 'clientOrderIdPrefix'])).toBe(false)
    expect(isReloadable(['exchanges', 'mexc', 'apiKey'])).toBe(false)
  })
})
