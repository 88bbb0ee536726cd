import type { Clock } from '../types/clock.js'

/** The machine's clock; the one place that reads it. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  nowUs: () => performance.now() * 1000,
  setTimer: (callback, delayMs) => {
    const handle = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(handle) }
  },
}
