import type { Clock } from '@cex-arbitrage/common'

/** Settles as `work` does, or rejects with `createError()` when that takes longer than `timeoutMs`. */
export function withTimeout<T>(
  clock: Clock,
  work: Promise<T>,
  timeoutMs: number,
  createError: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(() => reject(createError()), timeoutMs)
    work.then(resolve, reject).finally(() => timer.cancel())
  })
}
