import { Decimal } from '@cex-arbitrage/common'
import { Secret } from './core/secret.js'

/** A value as it may be shown: plain data, amounts as text, secrets as a placeholder. */
export function toPrintable(value: unknown): unknown {
  if (value instanceof Secret || value instanceof Decimal) return value.toString()
  if (Array.isArray(value)) return value.map(toPrintable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, toPrintable(item)]),
  )
}

/** Freezes a value and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const item of Object.values(value)) deepFreeze(item)
  }
  return value
}
