import { ManualClock } from '@cex-arbitrage/common/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ServerClock } from './server-clock.js'

describe('ServerClock', () => {
  it('is our own clock before the first measurement', () => {
    const clock = new ManualClock()
    const server = new ServerClock(clock)
    expect(server.nowMs()).toBe(clock.nowMs())
    expect(server.offsetMs).toBe(0)
    expect(server.estimate).toBeUndefined()
    expect(server.ageUs).toBe(Number.POSITIVE_INFINITY)
  })

  it('takes their time to be read halfway', async () => {
    const clock = new ManualClock()
    const server = new ServerClock(clock)
    const theirs = clock.nowMs() + 1_000
    await server.measure(async () => {
      await clock.advance(20)
      const answered = theirs + (clock.nowUs() - 20_000) / 1000 + 10
      await clock.advance(20)
      return answered
    }, 1)
    expect(server.estimate).toMatchObject({ roundTripMs: 40, offsetMs: 990 })
    await clock.advance(5_000)
    expect(server.offsetMs).toBeCloseTo(990)
    expect(server.ageUs).toBe(5_000_000)
  })

  it('believes the quickest of several and survives failures', async () => {
    const clock = new ManualClock()
    const server = new ServerClock(clock)
    const waits = [30, 4, 50]
    const best = await server.measure(async () => {
      const wait = waits.shift()!
      if (wait === 50) throw new Error('lost')
      await clock.advance(wait)
      return clock.nowMs() + 500
    })
    expect(best.roundTripMs).toBe(4)
    expect(server.offsetMs).toBeCloseTo(502)
  })

  it('fails when every try fails', async () => {
    const server = new ServerClock(new ManualClock())
    await expect(server.measure(() => Promise.reject(new Error('down')))).rejects.toThrow('down')
  })

  it('forgets what a step of their clock has made wrong, however quick that was', () => {
    const clock = new ManualClock()
    const server = new ServerClock(clock)
    server.onMeasured(0, 1_000, clock.nowMs())
    server.onMeasured(0, 50_000, clock.nowMs() + 3_000)
    expect(Math.round(server.offsetMs / 100)).toBe(30)
  })

  it('believes a slow measurement when the quick ones before have been proven wrong', () => {
    const clock = new ManualClock()
    const server = new ServerClock(clock)
    server.onMeasured(0, 1_000, clock.nowMs())
    server.onMeasured(0, 4_000_000, clock.nowMs() + 500)
    expect(server.offsetMs).toBeCloseTo(-0.5)
    server.distrust()
    expect(server.offsetMs).toBeCloseTo(-0.5)
    server.onMeasured(0, 4_000_000, clock.nowMs() - 1_500)
    expect(Math.round(server.offsetMs / 100)).toBe(-35)
  })

  it('tells after each measurement how quick a message can be at best', () => {
    const clock = new ManualClock()
    const server = new ServerClock(clock)
    const bounds: number[] = []
    server.onMeasurement((quickestWayUs) => bounds.push(quickestWayUs))
    // Their clock stood at 1,000 s halfway through the 4 ms from 6 to 10 ms; the error is 2 ms, and 5 ms are allowed to drift.
    server.onMeasured(6_000, 10_000, 1_000_000)
    server.onMeasured(20_000, 2_020_000, 1_001_000)
    expect(bounds).toEqual([8_000 - 1_000_000_000 - 7_000, 8_000 - 1_000_000_000 - 7_000])
  })

  it('is never further off than half the round trip of what it believes', () => {
    const trip = fc.record({ there: fc.nat(200), back: fc.nat(200) })
    fc.assert(
      fc.property(
        fc.integer({ min: -5_000, max: 5_000 }),
        fc.array(trip, { minLength: 1, maxLength: 10 }),
        (offset, trips) => {
          const clock = new ManualClock()
          const server = new ServerClock(clock)
          for (const { there, back } of trips)
            server.onMeasured(-(there + back) * 1000, 0, clock.nowMs() + offset - back)
          expect(Math.abs(server.offsetMs - offset)).toBeLessThanOrEqual(server.estimate!.roundTripMs / 2 + 0.01)
        },
      ),
    )
  })
})
