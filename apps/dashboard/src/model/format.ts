const minus = '−'
/** Narrow, and no place to break a line. */
const thin = '\u202F'
const msPerMinute = 60_000

/** `12 345`; thousands apart by a thin space. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, thin)
}

/** An amount with its sign and no more than so many decimals; exact text is cut, not rounded up. */
export function formatSigned(amount: string | number, decimals = 4): string {
  const text = formatAmount(amount, decimals)
  return text.startsWith(minus) || isZero(text) ? text : `+${text}`
}

/** An amount with no more than so many decimals, thousands apart. */
export function formatAmount(amount: string | number, decimals = 4): string {
  const text = typeof amount === 'number' ? amount.toFixed(decimals) : amount
  const negative = text.startsWith('-')
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const kept = fraction.slice(0, decimals)
  const shown = whole.replace(/\B(?=(\d{3})+(?!\d))/g, thin) + (kept === '' ? '' : `.${kept}`)
  return negative && !isZero(shown) ? minus + shown : shown
}

export function formatBps(bps: number): string {
  return `${formatSigned(bps, 1)} bps`
}

/** Of day, in UTC. */
export function formatTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 19)
}

/** `3 d 4 h`, `2 h 5 min`, `4 min 10 s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const minutes = Math.floor(ms / msPerMinute)
  const hours = Math.floor(minutes / 60)
  if (minutes < 1) return `${seconds} s`
  if (hours < 1) return `${minutes} min ${seconds % 60} s`
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** Microseconds in the unit that reads best. */
export function formatMicroseconds(us: number): string {
  if (us < 1_000) return `${Math.round(us)} µs`
  if (us < 1_000_000) return `${trim(us / 1_000)} ms`
  return `${trim(us / 1_000_000)} s`
}

/** `-1`, `0`, `1`. */
export function signOf(amount: string | number): -1 | 0 | 1 {
  const value = Number(amount)
  return value > 0 ? 1 : value < 0 ? -1 : 0
}

/** `unknown_order` as people say it. */
export const formatCause = (cause: string): string => cause.replaceAll('_', ' ')

const isZero = (text: string): boolean => /^[0.\s]*$/.test(text)
const trim = (value: number): string => value.toFixed(value < 10 ? 1 : 0)
