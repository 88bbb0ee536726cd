const shownDecimals = 6

/** An amount without the digits that nobody reads. */
export const shortAmount = (amount: string | number): string => Number(Number(amount).toFixed(shownDecimals)).toString()

/** `2026-11-24 08:15:30`, of UTC. */
export const formatUtc = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 19)

/** Part of a whole, `–` of nothing. */
export const formatShare = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`

/** `partialFill` as `partial fill`, `no_edge` as `no edge`. */
export const toWords = (name: string): string =>
  name.replaceAll('_', ' ').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
