/** The source of time. Everything that waits or stamps takes one, so that a replay or a test gives the same run. */
export interface Clock {
  /** Wall clock, Unix milliseconds. May jump. */
  nowMs(): number
  /** Monotonic microseconds since an arbitrary start. Never goes back. */
  nowUs(): number
  /** Runs `callback` once after `delayMs`. */
  setTimer(callback: () => void, delayMs: number): Timer
}

/** A pending timer. `cancel` is harmless when it has fired. */
export interface Timer {
  cancel(): void
}

/** Resolves after `delayMs` of this clock; rejects with the signal's reason when aborted. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error)
      return
    }
    const onAbort = (): void => {
      timer.cancel()
      reject(signal!.reason as Error)
    }
    const timer = clock.setTimer(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, delayMs)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
