import { msPerDay, msPerHour, msPerMinute, msPerSecond } from '@cex-arbitrage/common'
import { InvalidArgumentError } from 'commander'

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: msPerSecond, m: msPerMinute, h: msPerHour, d: msPerDay }

/** A time as people write it, in milliseconds: `250ms`, `30s`, `5m`, `1.5h`, `2d`. @throws InvalidArgumentError */
export function parseDurationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  const ms = match === null ? 0 : Number(match[1]) * unitMs[match[2]!]!
  if (ms <= 0) throw new InvalidArgumentError('Write a time such as 30s, 5m or 1h.')
  return ms
}

/** `4:05` or `1:00:00`. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
