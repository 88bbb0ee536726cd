import { RateLimitException, sleep, toCexArbitrageException, type Clock } from '@cex-arbitrage/common'

/** Wait where the failure names none. */
const defaultPauseMs = 500

/**
 * Repeats a question that fails although the exchange may answer it later: it was busy, or there is no rate budget yet.
 *
 * @param leftMs - Milliseconds that are left for it; the last failure is thrown when there are none.
 */
export async function retryWithin<T>(attempt: () => Promise<T>, leftMs: () => number, clock: Clock): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const failure = toCexArbitrageException(error, { doing: 'trying again' })
      const mayBeAnswered = failure.recovery === 'retry' || failure.recovery === 'reconcile'
      if (!mayBeAnswered || leftMs() === 0) throw error
      const pauseMs = failure instanceof RateLimitException ? failure.retryAfterMs : undefined
      await sleep(clock, Math.min(leftMs(), pauseMs ?? defaultPauseMs))
    }
  }
}
