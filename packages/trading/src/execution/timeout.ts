import { ExchangeUnavailableException, type Clock } from '@cex-arbitrage/common'

/**
 * The promise's own result, or after `timeoutMs` of the clock a rejection: some calls never come back.
 *
 * @throws {@link ExchangeUnavailableException} Nothing came in time; what was asked may have been done.
 */
export function withTimeout<T>(promise: Promise<T>, timeoutMs: number, clock: Clock, doing: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(
      () => reject(new ExchangeUnavailableException({ message: `No answer within ${timeoutMs} ms while ${doing}.` })),
      timeoutMs,
    )
    promise.then(
      (value) => {
        timer.cancel()
        resolve(value)
      },
      (error: unknown) => {
        timer.cancel()
        reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}
