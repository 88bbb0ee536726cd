import { msPerSecond } from '@cex-arbitrage/common'

/** Numbers above are milliseconds, below seconds. */
const millisecondsFrom = 1e11

/** A time that is in seconds in answers and in milliseconds on the streams, in milliseconds. */
export const millisecondsOf = (time: number): number =>
  time < millisecondsFrom ? Math.round(time * msPerSecond) : Math.floor(time)
