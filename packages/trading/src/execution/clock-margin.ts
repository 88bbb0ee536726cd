/**
 * Fills are asked for from so many milliseconds before our clock's word for it: no exchange takes a request signed by a
 * clock further off than a minute, so no fill of ours can be older by its clock.
 */
export const clockMarginMs = 75_000
