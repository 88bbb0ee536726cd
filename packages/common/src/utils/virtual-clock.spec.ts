import { stat } from 'node:fs'
import { access } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock, settle } from './virtual-clock.js'

describe('VirtualClock', () => {
  it('fires timers in order of their time, each at its own, those of one moment as they were set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), async (delays) => {
        const clock = new VirtualClock(1_000)
        const fired: (readonly [delay: number, index: number])[] = []
        delays.forEach((delay, index) =>
          clock.setTimer(() => {
            expect(clock.nowUs()).toBe(delay * 1000)
            expect(clock.nowMs()).toBe(1_000 + delay)
            fired.push([delay, index])
          }, delay),
        )
        await clock.advanceTo(1_000_000)
        const expected = delays.map((delay, index) => [delay, index] as const).toSorted((a, b) => a[0] - b[0])
        expect(fired).toEqual(expected)
        expect(clock.nowUs()).toBe(1_000_000)
      }),
      { numRuns: 50 },
    )
  })

  it('runs until a promise has settled, and no further than the timer that settled it', async () => {
    const clock = new VirtualClock()
    const kept = new Promise<string>((resolve) => void clock.setTimer(() => resolve('kept'), 250))
    clock.setTimer(() => undefined, 900)
    expect(await clock.runUntil(kept)).toBe('kept')
    expect(clock.nowUs()).toBe(250_000)
    await expect(clock.runUntil(Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(clock.nowUs()).toBe(250_000)
  })

  it('goes on in steps while a promise waits for something that is no timer', async () => {
    const clock = new VirtualClock()
    expect(await clock.runUntil(access('.').then(() => 'there'))).toBe('there')
  })

  it('lets promises run on between two timers', async () => {
    const clock = new VirtualClock()
    const seen: string[] = []
    clock.setTimer(() => {
      void Promise.resolve()
        .then(() => undefined)
        .then(() => seen.push('promise'))
    }, 1)
    clock.setTimer(() => seen.push('timer'), 1)
    await clock.advanceTo(1_000)
    expect(seen).toEqual(['promise', 'timer'])
  })

  it('lets a long chain of promises end also when asked from within an I/O callback', async () => {
    for (let round = 0; round < 70; round++) {
      await new Promise<void>((resolve, reject) => {
        stat('.', () => {
          let hops = 0
          const chain = async (): Promise<void> => {
            for (; hops < 50; hops++) await Promise.resolve()
          }
          void chain()
          settle()
            .then(() => expect(hops).toBe(50))
            .then(resolve, reject)
        })
      })
    }
  })

  it('passes over cancelled timers and says when the next falls due', async () => {
    const clock = new VirtualClock()
    const first = clock.setTimer(() => expect.unreachable(), 1)
    clock.setTimer(() => undefined, 2.5)
    first.cancel()
    expect(clock.nextDueUs).toBe(2_500)
    await clock.advanceTo(2_500)
    expect(clock.nextDueUs).toBeUndefined()
  })

  it('stops where it is told to, and never goes back', async () => {
    const clock = new VirtualClock()
    clock.setTimer(() => undefined, 1)
    clock.setTimer(() => expect.unreachable(), 2)
    await clock.advanceTo(5_000, () => true)
    expect(clock.nowUs()).toBe(1_000)
    await clock.advanceTo(0)
    expect(clock.nowUs()).toBe(1_000)
  })

  it('gives up when timers set timers of the same moment without end', async () => {
    const clock = new VirtualClock()
    const again = (): void => void clock.setTimer(again, 0)
    again()
    await expect(clock.advanceTo(1)).rejects.toThrow('timers fell due at 0 us')
  })
})
