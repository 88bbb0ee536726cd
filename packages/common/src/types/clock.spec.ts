import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../testing/manual-clock.js'
import { waitFor } from '../testing/wait-for.js'
import { systemClock } from '../utils/system-clock.js'
import { sleep } from './clock.js'

describe('ManualClock', () => {
  it('fires timers in order of their time, and of their making within one time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 }), async (delays) => {
        const clock = new ManualClock()
        const fired: number[] = []
        for (const [index, delay] of delays.entries()) clock.setTimer(() => void fired.push(index), delay)
        await clock.advance(100)
        const expected = delays
          .map((delay, index) => ({ delay, index }))
          .toSorted((a, b) => a.delay - b.delay || a.index - b.index)
        expect(fired).toEqual(expected.map(({ index }) => index))
        expect(clock.pendingTimers).toBe(0)
      }),
      { numRuns: 20 },
    )
  })

  it('shows each timer its own time, and those set meanwhile theirs', async () => {
    const clock = new ManualClock(1000)
    const seen: [number, number][] = []
    clock.setTimer(() => {
      seen.push([clock.nowMs(), clock.nowUs()])
      clock.setTimer(() => void seen.push([clock.nowMs(), clock.nowUs()]), 3)
    }, 5)
    await clock.advance(8)
    expect(seen).toEqual([
      [1005, 5000],
      [1008, 8000],
    ])
  })

  it('does not fire early, nor what was cancelled', async () => {
    const clock = new ManualClock()
    const fired: string[] = []
    clock.setTimer(() => void fired.push('late'), 10)
    clock.setTimer(() => void fired.push('cancelled'), 5).cancel()
    await clock.advance(9.9)
    expect(fired).toEqual([])
    await clock.advance(0.1)
    expect(fired).toEqual(['late'])
  })

  it('takes a negative delay for none', async () => {
    const clock = new ManualClock()
    let fired = false
    clock.setTimer(() => void (fired = true), -5)
    await clock.advance(0)
    expect(fired).toBe(true)
    expect(clock.nowUs()).toBe(0)
  })
})

describe('sleep', () => {
  it('ends after its time', async () => {
    const clock = new ManualClock()
    let awake = false
    const sleeping = sleep(clock, 10).then(() => void (awake = true))
    await clock.advance(9)
    expect(awake).toBe(false)
    await clock.advance(1)
    await sleeping
    expect(awake).toBe(true)
  })

  it('is ended by its signal and leaves no timer', async () => {
    const clock = new ManualClock()
    const stop = new AbortController()
    const sleeping = sleep(clock, 10, stop.signal)
    stop.abort(new Error('enough'))
    await expect(sleeping).rejects.toThrow('enough')
    expect(clock.pendingTimers).toBe(0)
    await expect(sleep(clock, 10, stop.signal)).rejects.toThrow('enough')
  })

  it('is not disturbed by a signal that never comes', async () => {
    const clock = new ManualClock()
    const sleeping = sleep(clock, 1, new AbortController().signal)
    await clock.advance(1)
    await sleeping
  })
})

describe('systemClock', () => {
  it('goes on, and runs and cancels timers', async () => {
    const startUs = systemClock.nowUs()
    let fired = 0
    systemClock.setTimer(() => void (fired += 1), 0)
    systemClock.setTimer(() => void (fired += 10), 0).cancel()
    await waitFor(() => fired > 0, 'a timer')
    expect(fired).toBe(1)
    expect(systemClock.nowUs()).toBeGreaterThanOrEqual(startUs)
    expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(1000)
  })
})

describe('waitFor', () => {
  it('names what it waited for in vain', async () => {
    await expect(waitFor(() => false, 'nothing', 1)).rejects.toThrow('Waited 1 ms in vain for nothing.')
  })
})
