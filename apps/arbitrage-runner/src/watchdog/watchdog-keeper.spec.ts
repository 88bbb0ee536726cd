import { ManualClock } from '@cex-arbitrage/common/testing'
import { expect, it } from 'vitest'
import { WatchdogKeeper } from './watchdog-keeper.js'

it('starts another watchdog when one is lost, and none once it was told to stop', async () => {
  const clock = new ManualClock()
  const started: number[] = []
  const ends: (() => void)[] = []
  let lost = 0
  const keeper = new WatchdogKeeper({
    startProgram: (token) => {
      started.push(token)
      let end = (): void => undefined
      const exited = new Promise<number>((resolve) => (end = () => resolve(1)))
      ends.push(end)
      return { exited, stop: end }
    },
    onLost: () => void lost++,
    clock,
  })
  keeper.start(5)
  expect(started).toEqual([5])
  ends[0]!()
  await clock.advance(1_000)
  expect(started).toEqual([5, 5])
  expect(lost).toBe(1)
  await keeper.stop()
  await clock.advance(5_000)
  expect(started).toEqual([5, 5])
  expect(lost).toBe(1)
})
