export const usPerMs = 1000
export const msPerSecond = 1000
export const secondsPerMinute = 60
export const msPerMinute = 60_000
export const msPerHour = 3_600_000
export const msPerDay = 86_400_000

/** Exit codes of the command line. */
export const exitCode = {
  ok: 0,
  failed: 1,
  /** The configuration or the arguments are wrong. */
  usage: 2,
  /** The engine halted on a broken invariant. */
  halted: 3,
} as const
