import { RateLimitException, sleep, toCexArbitrageException, type Clock } from '@cex-arbitrage/common'

/** Wait where the failure names none. */
const defaultPauseMs = 500

/**
 * Repeats what fails while nothing was done, such as a question for which the rate budget has no room yet.
 *
 * @param leftMs - Milliseconds that are left for it; the last failure is thrown when there are none.
 */
export async function retryWithin<T>(attempt: () => Promise<T>, leftMs: () => number, clock: Clock): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const failure = toCexArbitrageException(error, { doing: 'trying again' })
      if (failure.recovery !== 'retry' || leftMs() === 0) throw error
      const pauseMs = failure instanceof RateLimitException ? failure.retryAfterMs : undefined
      await sleep(clock, Math.min(leftMs(), pauseMs ?? defaultPauseMs))
    }
  }
}
