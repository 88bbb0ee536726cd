import type { ConfigurationProblem } from '@cex-arbitrage/common'
import { coerceText, mergeLayers, nest, type RawConfig } from './config-layers.js'
import { allowedKeysAt, formatPath, schemaNodesAt, type ConfigPath } from './schema-tree.js'
import { didYouMean, isClose } from './suggestions.js'

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Begins every variable that sets something: `CEX_ARBITRAGE_RISK__MAX_OPEN_ORDERS`; `__` separates levels. */
export const environmentPrefix = 'CEX_ARBITRAGE_'

/** Names the configuration file where the command line does not. */
export const configFileVariable = `${environmentPrefix}CONFIG`

/** What the environment says, and the variable that said it. */
export interface EnvironmentLayer {
  readonly values: RawConfig
  /** Variable names by dotted path. */
  readonly variables: ReadonlyMap<string, string>
  readonly problems: readonly ConfigurationProblem[]
}

/** The process's own environment; the one place that reads it. */
export const processEnvironment = (): Environment => process.env

/** Variables with our prefix that are no settings of the engine. */
const reserved = new RegExp(`^${environmentPrefix}(CONFIG$|CAPTURES$|TEST_)`)

/**
 * Reads the settings among environment variables. A name that looks like a misspelt setting is a problem; other names
 * with the prefix, such as those that a container platform adds, are left alone.
 */
export function readEnvironment(env: Environment = processEnvironment()): EnvironmentLayer {
  const problems: ConfigurationProblem[] = []
  const variables = new Map<string, string>()
  let values: RawConfig = {}
  for (const name of Object.keys(env).toSorted()) {
    const text = env[name]
    if (text === undefined || !name.startsWith(environmentPrefix) || reserved.test(name)) continue
    const segments = name.slice(environmentPrefix.length).split('__')
    const path = toPath(segments)
    if ('unknown' in path) {
      if (segments.length > 1 || isClose(path.unknown, path.allowed))
        problems.push({
          path: name,
          message: `this variable names no setting${didYouMean(path.unknown, path.allowed)}`,
        })
      continue
    }
    variables.set(formatPath(path.path), name)
    values = mergeLayers(values, nest(path.path, coerceText(text, path.path))) as RawConfig
  }
  return { values, variables, problems }
}

type Resolved = { readonly path: ConfigPath } | { readonly unknown: string; readonly allowed: readonly string[] }

function toPath(segments: readonly string[]): Resolved {
  const path: string[] = []
  for (const segment of segments) {
    const keys = allowedKeysAt(path)
    const known = keys.find((key) => toVariable(key) === segment)
    const key = known ?? freeKey(segment, path)
    if (key === undefined) return { unknown: segment, allowed: keys.map(toVariable) }
    path.push(key)
  }
  return { path }
}

/** The key of an open record: an asset in capitals, an option in camel case, an exchange in lower case. */
function freeKey(segment: string, path: ConfigPath): string | undefined {
  if (segment === '') return undefined
  const open = schemaNodesAt(path).find((node) => typeof node.additionalProperties === 'object')
  if (open === undefined) return undefined
  if (path.at(-1) === 'options') return toCamel(segment)
  const pattern = open.propertyNames?.pattern
  return pattern !== undefined && new RegExp(pattern).test(segment) ? segment : segment.toLowerCase()
}

const toVariable = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
const toCamel = (segment: string): string =>
  segment.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
