import { ConfigurationException, msPerDay } from '@cex-arbitrage/common'
import { InvalidArgumentError } from 'commander'

/** A stretch of time as the command line chose it. */
export interface Period {
  readonly name: string
  readonly fromMs: number
  readonly toMs: number
}

/** Moments as people write them: `2026-11-24`, `2026-11-24T08:30`, with a zone or of UTC. @throws InvalidArgumentError */
export function parseMoment(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text)
  const ms = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? 'Z'}`)
  if (Number.isNaN(ms))
    throw new InvalidArgumentError('Write a day such as 2026-11-24, or a time such as 2026-11-24T08:30.')
  return ms
}

/** A day of UTC: `2026-11-24`, `today`, `yesterday`. @returns its first millisecond. @throws InvalidArgumentError */
export function parseDay(text: string, nowMs: number): number {
  const today = Math.floor(nowMs / msPerDay) * msPerDay
  if (text === 'today') return today
  if (text === 'yesterday') return today - msPerDay
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return parseMoment(text)
  throw new InvalidArgumentError('Write a day such as 2026-11-24, today or yesterday.')
}

export interface PeriodOptions {
  readonly day?: number
  readonly from?: number
  readonly to?: number
}

/** @returns `undefined` where no option asks for a time. @throws {@link ConfigurationException} They contradict each other. */
export function choosePeriod({ day, from, to }: PeriodOptions, nowMs: number): Period | undefined {
  if (day !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new ConfigurationException({ message: 'Give --day, or --from and --to, not both.' })
    return { name: dateOf(day), fromMs: day, toMs: day + msPerDay }
  }
  if (from === undefined) {
    if (to === undefined) return undefined
    throw new ConfigurationException({ message: '--to needs --from.' })
  }
  const toMs = to ?? nowMs
  if (toMs <= from) throw new ConfigurationException({ message: '--to must be later than --from.' })
  return { name: `${describeMoment(from)} to ${describeMoment(toMs)}`, fromMs: from, toMs }
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

const describeMoment = (ms: number): string =>
  ms % msPerDay === 0 ? dateOf(ms) : new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
