/** Our clock and an exchange's are taken to be at most so many milliseconds apart where asking further back costs pages. */
export const clockMarginMs = 75_000

/**
 * The same where asking further back costs nothing, or where everything else has been tried: a clock that is set by hand
 * or by a time server jumps by hours, not by days. Exchanges that are asked without a bound look back a week.
 */
export const wideClockMarginMs = 86_400_000
