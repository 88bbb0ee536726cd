import type { Clock } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { Heartbeat, type HeartbeatTarget } from './heartbeat.js'

class RecordingTarget implements HeartbeatTarget {
  readonly log: string[] = []

  ping(): void {
    this.log.push('ping')
  }

  sendPing(payload: string | Buffer): void {
    this.log.push(String(payload))
  }

  onPongMissing(timeoutMs: number): void {
    this.log.push(`no pong in ${timeoutMs}`)
  }
}

describe('Heartbeat', () => {
  it('makes up for timers that come late, so that beats do not drift', () => {
    let nowMs = 0
    const delays: number[] = []
    let fire: () => void = () => undefined
    const lateClock: Clock = {
      nowMs: () => nowMs,
      nowUs: () => nowMs * 1_000,
      setTimer: (callback, delayMs) => {
        delays.push(delayMs)
        fire = callback
        return { cancel: () => undefined }
      },
    }
    const target = new RecordingTarget()
    const applicationPing = { intervalMs: 100, createPayload: (atMs: number) => `at ${atMs}` }
    new Heartbeat(lateClock, { applicationPing }, target).start()
    for (nowMs of [137, 205, 450]) fire()
    expect(delays).toEqual([100, 63, 95, 0])
    expect(target.log).toEqual(['at 137', 'at 205', 'at 450'])
  })

  it('misses a pong once, whatever is pinged meanwhile, and not one that came', async () => {
    const clock = new ManualClock()
    const target = new RecordingTarget()
    const heartbeat = new Heartbeat(clock, { protocolPing: { intervalMs: 100, timeoutMs: 250 } }, target)
    heartbeat.start()
    await clock.advance(340)
    heartbeat.onPong()
    await clock.advance(60)
    expect(target.log).toEqual(['ping', 'ping', 'ping', 'ping'])
    await clock.advance(250)
    expect(target.log).toEqual(['ping', 'ping', 'ping', 'ping', 'ping', 'ping', 'no pong in 250'])
    heartbeat.stop()
    expect(clock.pendingTimers).toBe(0)
  })
})
