/** Milliseconds of virtual time since the start of a run: faults until the first, trading until the second. */
export const faultsEndMs = 10_000
export const tradingEndsMs = 14_000
/** One way between engine and venue. */
export const oneWayMs = 1
/** Between two looks at a book. */
export const sampleEveryMs = 125
/** A book may show what was true so long ago: the limit for the age of quotes, and the way. */
export const topToleranceMs = 1_500
