import { ExchangeRequestException, ExchangeUnavailableException, silentLogger } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { MexcListenKey } from './listen-key.js'

const minutes = 60_000
const setUp = () => {
  const clock = new ManualClock()
  const calls: string[] = []
  const ended: number[] = []
  const warnings: string[] = []
  const venue = { made: 0, inUse: 1, renewal: (): Promise<void> => Promise.resolve() }
  const logger = { ...silentLogger, warn: (_: unknown, message: string) => void warnings.push(message) }
  const key = new MexcListenKey(
    {
      createListenKey: () => {
        calls.push('create')
        return Promise.resolve(`key-${++venue.made}`)
      },
      getListenKeys: () => Promise.resolve(Array.from({ length: venue.inUse }, () => 'x')),
      renewListenKey: (each) => {
        calls.push(`renew ${each}`)
        return venue.renewal()
      },
      deleteListenKey: (each) => {
        calls.push(`delete ${each}`)
        return each === 'key-9' ? Promise.reject(new Error('down')) : Promise.resolve()
      },
    },
    clock,
    logger,
    () => void ended.push(clock.nowMs()),
  )
  return { clock, calls, ended, warnings, venue, key }
}
const refusal = () => Promise.reject(new ExchangeRequestException({ message: 'no such key' }))
const outage = () => Promise.reject(new ExchangeUnavailableException({ message: 'down' }))

describe('MexcListenKey', () => {
  it('is made once for callers at the same time, and renewed every half hour', async () => {
    const { clock, calls, key } = setUp()
    expect(await Promise.all([key.obtain(), key.obtain()])).toEqual(['key-1', 'key-1'])
    await clock.advance(61 * minutes)
    expect(calls).toEqual(['create', 'renew key-1', 'renew key-1'])
    await key.close()
    expect(calls.at(-1)).toBe('delete key-1')
    expect(clock.pendingTimers).toBe(0)
  })

  it('is renewed before it is used again, and replaced when it has ended', async () => {
    const { key, calls, venue } = setUp()
    await key.obtain()
    expect(await key.obtain()).toBe('key-1')
    venue.renewal = refusal
    expect(await key.obtain()).toBe('key-2')
    expect(calls).toEqual(['create', 'renew key-1', 'renew key-1', 'create'])
    await key.close()
  })

  it('is kept when the exchange could not answer, and tried again soon', async () => {
    const { clock, calls, ended, venue, key } = setUp()
    await key.obtain()
    venue.renewal = outage
    await clock.advance(30 * minutes)
    venue.renewal = () => Promise.resolve()
    await clock.advance(10_000)
    expect(calls).toEqual(['create', 'renew key-1', 'renew key-1'])
    expect(ended).toEqual([])
    venue.renewal = outage
    await expect(key.obtain()).rejects.toThrow('down')
    await key.close()
  })

  it('says that it has ended when a renewal is refused', async () => {
    const { clock, ended, venue, key } = setUp()
    await key.obtain()
    venue.renewal = refusal
    await clock.advance(30 * minutes)
    expect(ended.length).toBe(1)
    await clock.advance(120 * minutes)
    expect(ended.length).toBe(1)
    await key.close()
  })

  it('warns when the account runs out of keys, and when one cannot be deleted', async () => {
    const { warnings, venue, key } = setUp()
    venue.inUse = 59
    venue.made = 8
    await key.obtain()
    await key.close()
    expect(warnings).toEqual(['the account is running out of listen keys', 'the listen key could not be deleted'])
  })

  it('has nothing to delete when none was made', async () => {
    const { calls, key } = setUp()
    await key.close()
    expect(calls).toEqual([])
  })
})
