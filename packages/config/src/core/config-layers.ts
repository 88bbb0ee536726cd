import { parse } from 'yaml'
import { acceptsText, type ConfigPath } from './schema-tree.js'

/** A section as it was written, before it is checked. */
export type RawConfig = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/**
 * Lays `over` upon `base`: objects merge key by key, everything else replaces. An object whose keys are all indices
 * changes single elements of an array. Empty keys of a YAML file (`risk:` and nothing) say nothing.
 */
export function mergeLayers(base: unknown, over: unknown): unknown {
  if (over === null || over === undefined) return base
  if (Array.isArray(base) && isRecord(over) && Object.keys(over).every((key) => /^\d+$/.test(key)))
    return patchArray(base, over)
  if (!isRecord(over)) return over
  const merged: Record<string, unknown> = isRecord(base) ? { ...base } : {}
  for (const [key, value] of Object.entries(over)) {
    const result = mergeLayers(Object.hasOwn(merged, key) ? merged[key] : undefined, value)
    if (result !== undefined) setOwn(merged, key, result)
  }
  return merged
}

function patchArray(base: readonly unknown[], over: Readonly<Record<string, unknown>>): unknown[] {
  const patched = [...base]
  for (const [index, value] of Object.entries(over)) patched[Number(index)] = mergeLayers(patched[Number(index)], value)
  return patched
}

/** Sets a key as plain data, whatever it is called. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

/** An object that holds `value` at `path`. */
export function nest(path: ConfigPath, value: unknown): RawConfig {
  let nested = value
  for (const key of path.toReversed()) {
    const holder: Record<string, unknown> = {}
    setOwn(holder, String(key), nested)
    nested = holder
  }
  return nested as RawConfig
}

/** What stands at a path of something plain; `undefined` where nothing does. */
export function getAt(value: unknown, path: ConfigPath): unknown {
  let at = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Readonly<Record<string | number, unknown>>)[key]
  }
  return at
}

/** A copy without what stands at `path`. Inside an array the whole array goes, since elements have no identity. */
export function dropAt(value: unknown, path: ConfigPath): unknown {
  const [key, ...rest] = path
  if (key === undefined || !isRecord(value)) return undefined
  const copy: Record<string, unknown> = { ...value }
  const below = rest.length === 0 ? undefined : dropAt(copy[key], rest)
  if (below === undefined) delete copy[key]
  else setOwn(copy, String(key), below)
  return copy
}

/** Text from a variable or the command line as the type that the schema wants at `path`; written as in YAML. */
export function coerceText(text: string, path: ConfigPath): unknown {
  if (acceptsText(path)) return text
  try {
    return parse(text) as unknown
  } catch {
    return text
  }
}
