import { createAssetId, silentLogger } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { KillSwitch } from '@cex-arbitrage/trading'
import { describe, expect, it } from 'vitest'
import { EngineControl } from './engine-control.js'

function create(): { killSwitch: KillSwitch; control: EngineControl } {
  const killSwitch = new KillSwitch(new ManualClock(), silentLogger)
  return { killSwitch, control: new EngineControl(killSwitch) }
}

describe('EngineControl', () => {
  it('halts at once with the reason given, or says how it is taken back', () => {
    const { killSwitch, control } = create()
    control.halt('command', 'news')
    control.halt('signal')
    expect(killSwitch.causeFor([createAssetId('BTC')])).toMatchObject({ rule: 'command', detail: 'Halted: news' })
    expect(control.halts.map(({ detail }) => detail)[1]).toContain('arb resume signal')
  })

  it('takes one rule back and leaves the others', () => {
    const { killSwitch, control } = create()
    control.halt('api')
    killSwitch.halt({ rule: 'residual', detail: '1 BTC on alpha' })
    expect(control.resume('api')).toBeUndefined()
    expect(control.halts.map(({ rule }) => rule)).toEqual(['residual'])
    expect(control.resume('api')).toMatchObject({ kind: 'not_in_force' })
  })

  it.each(['shutdown', 'file', 'stale_feed', 'clock_offset'] as const)(
    'does not take back %s, and says what does',
    (rule) => {
      const { killSwitch, control } = create()
      killSwitch.halt({ rule, detail: 'so' })
      expect(control.resume(rule)).toMatchObject({ kind: 'not_resumable' })
      expect(control.halts).toHaveLength(1)
    },
  )
})
