import { sleep } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { SimulationClock } from './simulation-clock.js'

describe('the clock of a run', () => {
  it('lets promises run on between two timers and moves to the end that it is given', async () => {
    const clock = new SimulationClock(1_000)
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
    expect(clock.elapsedMs).toBe(50)
  })

  it('stops where it is told, also before the first timer', async () => {
    const clock = new SimulationClock()
    let fired = 0
    for (const delayMs of [1, 2, 3]) clock.setTimer(() => fired++, delayMs)
    await clock.run(10, () => true)
    expect([fired, clock.elapsedMs]).toEqual([0, 0])
    await clock.run(10, () => fired === 2)
    expect([fired, clock.elapsedMs]).toEqual([2, 2])
  })

  it('fires no timer before its time, however short', async () => {
    const clock = new SimulationClock()
    const fired: number[] = []
    clock.setTimer(() => void fired.push(clock.nowUs()), 0.0001)
    await clock.run(1)
    expect(fired).toEqual([1])
  })
})
