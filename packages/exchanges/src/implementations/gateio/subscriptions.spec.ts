import { ExchangeUnavailableException } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { acknowledgeTimeoutMs } from './constants.js'
import { GateioSubscriptions } from './subscriptions.js'

const request = { channel: 'spot.trades', payload: ['BTC_USDT'], timeSeconds: 1 }
const session = { send: () => undefined }

describe('GateioSubscriptions', () => {
  it('matches an acknowledgement by its id, once', async () => {
    const clock = new ManualClock()
    const subscriptions = new GateioSubscriptions(clock)
    const answered = subscriptions.request(session, 'subscribe', request)
    const frame = { id: 1, channel: 'spot.trades', event: 'subscribe', result: { status: 'success' } }
    expect(subscriptions.accept({ ...frame, event: 'update' })).toBe(false)
    expect(subscriptions.accept({ ...frame, id: 2 })).toBe(false)
    expect(subscriptions.accept({ ...frame, id: undefined })).toBe(false)
    expect(subscriptions.accept(frame)).toBe(true)
    expect(subscriptions.accept(frame)).toBe(false)
    expect(await answered).toEqual(frame)
    expect(clock.pendingTimers).toBe(0)
  })

  it('gives up when none comes', async () => {
    const clock = new ManualClock()
    const subscriptions = new GateioSubscriptions(clock)
    const answered = expect(subscriptions.request(session, 'unsubscribe', request)).rejects.toBeInstanceOf(
      ExchangeUnavailableException,
    )
    await clock.advance(acknowledgeTimeoutMs)
    await answered
  })

  it('waits for nothing that could not be sent, nor after it was closed', async () => {
    const clock = new ManualClock()
    const subscriptions = new GateioSubscriptions(clock)
    const broken = {
      send: () => {
        throw new Error('no socket')
      },
    }
    await expect(subscriptions.request(broken, 'subscribe', request)).rejects.toThrow('no socket')
    void subscriptions.request(session, 'subscribe', request)
    subscriptions.close()
    expect(clock.pendingTimers).toBe(0)
  })
})
