const defaultLimit = 50
const maxLimit = 1_000

/** Rows that one answer may have. */
export const boundedLimit = (limit = defaultLimit): number => Math.max(1, Math.min(Math.trunc(limit), maxLimit))

const defaultPoints = 500
const maxPoints = 5_000

/** Points that one series may have. */
export const boundedPoints = (points = defaultPoints): number => Math.max(1, Math.min(Math.trunc(points), maxPoints))
