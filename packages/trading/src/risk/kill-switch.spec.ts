import { createAssetId, createExchangeId, silentLogger, type LogFields } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { HaltFile } from './halt-file.js'
import { KillSwitch } from './kill-switch.js'

const bitcoin = createAssetId('BTC')
const ether = createAssetId('ETH')

describe('the kill switch', () => {
  it('stands at once and names the first cause, until that rule is resumed', () => {
    const clock = new ManualClock()
    const halt = new KillSwitch(clock, silentLogger)
    expect(halt.causeFor([bitcoin])).toBeUndefined()
    halt.halt({ rule: 'command', detail: 'asked for' })
    halt.halt({ rule: 'signal', detail: 'SIGUSR2' })
    expect(halt.causeFor([bitcoin])).toMatchObject({ rule: 'command', sinceMs: clock.nowMs() })
    halt.resume('command')
    expect(halt.causes.map(({ rule }) => rule)).toEqual(['signal'])
    halt.resume('signal')
    expect(halt.causeFor([bitcoin])).toBeUndefined()
  })

  it('forbids an asset alone where a cause is narrowed to it', () => {
    const halt = new KillSwitch(new ManualClock(), silentLogger)
    halt.halt({ rule: 'ledger_mismatch', detail: '1 BTC too few', asset: bitcoin })
    expect(halt.causeFor([ether])).toBeUndefined()
    expect(halt.causeFor([ether, bitcoin])?.detail).toBe('1 BTC too few')
  })

  it('keeps what concerns one exchange apart and up to date', () => {
    const halt = new KillSwitch(new ManualClock(), silentLogger)
    const heard: string[] = []
    halt.onHalt(({ detail }) => void heard.push(detail))
    const about = { rule: 'ledger_mismatch', asset: bitcoin } as const
    const [alpha, beta] = [createExchangeId('alpha'), createExchangeId('beta')]
    for (const [exchange, detail] of [
      [alpha, '1'],
      [beta, '1'],
      [alpha, '2'],
      [alpha, '2'],
    ] as const)
      halt.halt({ ...about, exchange, detail: `${detail} BTC too few on ${exchange}` })
    expect(heard).toEqual(['1 BTC too few on alpha', '1 BTC too few on beta', '2 BTC too few on alpha'])
    expect(halt.causes.map(({ detail }) => detail)).toEqual(['2 BTC too few on alpha', '1 BTC too few on beta'])
  })

  it('tells its listeners once of each cause and of each resumption, even when one of them throws', () => {
    const errors: LogFields[] = []
    const log = { ...silentLogger, error: (fields: LogFields) => void errors.push(fields) }
    const halt = new KillSwitch(new ManualClock(), log)
    const heard: string[] = []
    halt.onHalt(() => {
      throw new Error('deaf')
    })
    halt.onHalt((cause) => void heard.push(cause.rule))
    halt.onResume((rule) => void heard.push(`resumed ${rule}`))
    halt.halt({ rule: 'api', detail: 'one' })
    halt.halt({ rule: 'api', detail: 'two' })
    halt.resume('api')
    halt.resume('api')
    expect(heard).toEqual(['api', 'resumed api'])
    expect(errors).toHaveLength(2)
  })
})

describe('the halt file', () => {
  const watch = (exists: () => boolean) => {
    const clock = new ManualClock()
    const halt = new KillSwitch(clock, silentLogger)
    const file = new HaltFile(halt, clock, { path: '/run/arb/halt', exists })
    return { clock, halt, file }
  }

  it('halts within 100 ms of its appearance and resumes when it has gone', async () => {
    let present = false
    const { clock, halt, file } = watch(() => present)
    file.start()
    file.start()
    expect(halt.causes).toEqual([])
    present = true
    await clock.advance(100)
    expect(halt.causes).toMatchObject([{ rule: 'file' }])
    present = false
    await clock.advance(100)
    expect(halt.causes).toEqual([])
    file.close()
    expect(clock.pendingTimers).toBe(0)
  })

  it('leaves a file halt of somebody else alone', async () => {
    const { clock, halt, file } = watch(() => false)
    file.start()
    halt.halt({ rule: 'file', detail: 'elsewhere' })
    await clock.advance(200)
    expect(halt.causes).toHaveLength(1)
    file.close()
  })

  it('halts when it cannot be looked for', () => {
    const { halt, file } = watch(() => {
      throw new Error('EACCES')
    })
    file.start()
    expect(halt.causes).toMatchObject([{ rule: 'file' }])
    file.close()
  })
})
