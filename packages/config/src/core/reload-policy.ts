import { Decimal } from '@cex-arbitrage/common'
import { toPrintable } from '../printable.js'
import { isRecord } from './config-layers.js'
import { formatPath, type ConfigPath } from './schema-tree.js'
import { Secret } from './secret.js'

/** One setting that differs, as it may be shown. */
export interface ConfigDifference {
  readonly path: string
  readonly from: unknown
  readonly to: unknown
}

/**
 * What a running engine takes over: limits, thresholds, times and the log level. Everything else (connections, keys,
 * markets, which strategies run, storage, the mode itself) is built at start and needs a restart.
 */
const reloadable = [
  /^risk\.(?!reportingAsset)/,
  /^execution\.(?!clientOrderIdPrefix|deadManSwitchMs|startDifferences|watchdog|rehearsal)/,
  /^strategies\.\d+\.(?!type|name|enabled|symbols|exchanges|startAssets|maxLeverage|makerExchange|hedgeExchange)/,
  /^logging\.level$/,
]

export const isReloadable = (path: ConfigPath): boolean => reloadable.some((rule) => rule.test(formatPath(path)))

/** What becomes of a configuration when the next one is read while the engine runs. */
export interface Adoption {
  /** The current value with every reloadable difference taken over. */
  readonly value: unknown
  readonly applied: readonly ConfigDifference[]
  /** Differences that need a restart; `value` keeps the old ones. */
  readonly refused: readonly ConfigDifference[]
}

/** Takes over from `next` what is safe, and says what it did not take. */
export function adoptReloadable(current: unknown, next: unknown, path: ConfigPath = []): Adoption {
  if (isEqual(current, next)) return { value: current, applied: [], refused: [] }
  if (canDescend(current, next)) return adoptEach(current, next, path)
  const difference = { path: formatPath(path), from: toPrintable(current), to: toPrintable(next) }
  return isReloadable(path)
    ? { value: next, applied: [difference], refused: [] }
    : { value: current, applied: [], refused: [difference] }
}

type Container = Readonly<Record<string, unknown>> | readonly unknown[]

/** Lists match element by element only while they have the same length and, where elements have one, the same type. */
function canDescend(current: unknown, next: unknown): current is Container {
  if (isRecord(current) && isRecord(next)) return true
  if (!Array.isArray(current) || !Array.isArray(next) || current.length !== next.length) return false
  return current.every((item, index) => isRecord(item) && sameIdentity(item, next[index]))
}

function sameIdentity(a: Readonly<Record<string, unknown>>, b: unknown): boolean {
  return isRecord(b) && a['type'] === b['type'] && a['name'] === b['name'] && a['symbol'] === b['symbol']
}

function adoptEach(current: Container, next: unknown, path: ConfigPath): Adoption {
  const applied: ConfigDifference[] = []
  const refused: ConfigDifference[] = []
  const after = next as Readonly<Record<string, unknown>>
  const entries: [string, unknown][] = []
  for (const key of new Set([...Object.keys(current), ...Object.keys(after)])) {
    const before = (current as Readonly<Record<string, unknown>>)[key]
    const adoption = adoptReloadable(before, after[key], [...path, key])
    applied.push(...adoption.applied)
    refused.push(...adoption.refused)
    if (adoption.value !== undefined) entries.push([key, adoption.value])
  }
  const value = Array.isArray(current) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
  return { value, applied, refused }
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a instanceof Secret) return b instanceof Secret && a.equals(b)
  if (a instanceof Decimal) return b instanceof Decimal && a.equals(b)
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index]))
  if (!isRecord(a) || !isRecord(b)) return Object.is(a, b)
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isEqual(a[key], b[key]))
}
