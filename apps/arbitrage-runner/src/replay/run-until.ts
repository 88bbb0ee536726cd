import { settle, type VirtualClock } from '@cex-arbitrage/common'

const stepUs = 100_000

/** Moves the clock on until the promise has settled, and gives what came of it. */
export async function runUntil<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let isSettled = false
  const noted = promise.finally(() => {
    isSettled = true
  })
  noted.catch(() => undefined)
  await settle()
  while (!isSettled) {
    await clock.advanceTo(clock.nextDueUs ?? clock.nowUs() + stepUs, () => isSettled)
    await settle()
  }
  return noted
}
