import { sleep } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from './virtual-clock.js'

describe('a virtual clock', () => {
  it('fires timers in the order of their times, those of one time as they were set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 40 }), async (delays) => {
        const clock = new VirtualClock()
        const fired: [number, number][] = []
        delays.forEach(
          (delayMs, index) => void clock.setTimer(() => void fired.push([clock.elapsedMs, index]), delayMs),
        )
        await clock.run(100)
        const expected = delays.map((delayMs, index): [number, number] => [delayMs, index])
        expect(fired).toEqual(expected.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]))
      }),
      { numRuns: 50 },
    )
  })

  it('lets promises run on between two timers and moves to the end that it is given', async () => {
    const clock = new VirtualClock(1_000)
    const seen: number[] = []
    const walk = async (): Promise<void> => {
      for (const delayMs of [5, 7]) {
        await sleep(clock, delayMs)
        seen.push(clock.nowMs())
      }
    }
    void walk()
    await clock.run(50)
    expect(seen).toEqual([1_005, 1_012])
    expect(clock.nowUs()).toBe(50_000)
  })

  it('fires no cancelled timer and none before its time', async () => {
    const clock = new VirtualClock()
    const fired: string[] = []
    clock.setTimer(() => void fired.push('cancelled'), 1).cancel()
    clock.setTimer(() => void fired.push('a fraction'), 0.0001)
    await clock.run(0)
    expect(fired).toEqual([])
    await clock.run(2, () => fired.length > 0)
    expect(fired).toEqual(['a fraction'])
    expect(clock.nowUs()).toBe(1)
  })

  it('stops what goes in circles without time', async () => {
    const clock = new VirtualClock()
    const again = (): void => void clock.setTimer(again, 0)
    again()
    await expect(clock.run(1)).rejects.toThrow('Time stands still at 0 ms.')
  })
})
