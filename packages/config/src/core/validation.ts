import type * as z from 'zod'
import { engineConfigSchema, type EngineConfig } from './base-config.js'
import { dropAt, getAt, type RawConfig } from './config-layers.js'
import type { JsonSchemaNode } from './json-schema.js'
import { allowedKeysAt, isSecretPath, pathsNamed, schemaNodesAt, type ConfigPath } from './schema-tree.js'
import { didYouMean } from './suggestions.js'

/** A problem with its path in parts, so that its line can be looked up. */
export interface LocatedProblem {
  readonly path: ConfigPath
  readonly message: string
}

/** What came of checking values against the schemas. */
export interface Validated {
  /**
   * The configuration; where something is wrong, what is left when the wrong values give way to defaults, so that the
   * other checks can still speak. `undefined` when even that is impossible.
   */
  readonly config: EngineConfig | undefined
  readonly problems: readonly LocatedProblem[]
}

const maxRounds = 8

/** Checks raw values against the schemas; every problem is reported, not the first. */
export function validate(raw: RawConfig): Validated {
  const problems: LocatedProblem[] = []
  let values: unknown = raw
  for (let round = 0; round < maxRounds; round++) {
    const result = engineConfigSchema.safeParse(values)
    if (result.success) return { config: result.data, problems }
    const checked = values
    const found = result.error.issues.flatMap((issue) => describeIssue(issue, checked))
    problems.push(...found)
    values = found.reduce((left: unknown, problem) => dropAt(left, problem.path), values)
  }
  return { config: undefined, problems }
}

type Issue = z.core.$ZodIssue

function describeIssue(issue: Issue, values: unknown): readonly LocatedProblem[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], values))
  if (issue.code === 'invalid_union') return describeUnion(issue, path, values)
  if (issue.code === 'invalid_key')
    return [
      { path, message: `'${String(path.at(-1))}' is no name for it: ${issue.issues[0]?.message ?? issue.message}` },
    ]
  return [{ path, message: describeValue(issue, path, values) }]
}

function unknownKey(path: ConfigPath, values: unknown): LocatedProblem {
  const key = String(path.at(-1))
  const allowed = allowedKeysAt(path.slice(0, -1), values)
  const guess = didYouMean(key, allowed)
  const elsewhere = guess === '' ? pathsNamed(key).slice(0, 3) : []
  const hint = elsewhere.length > 0 ? `, it belongs to ${elsewhere.map((at) => `'${at}'`).join(' or ')}.` : guess || '.'
  return { path, message: `unknown key${hint} Allowed here: ${allowed.join(', ')}` }
}

/** A union fails in each of its branches; the one whose shape fits tells more than all together. */
function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: ConfigPath,
  values: unknown,
): readonly LocatedProblem[] {
  const fitting = issue.errors.find((errors) => !errors.some((error) => error.path.length === 0 && isShapeError(error)))
  if (fitting !== undefined)
    return fitting.flatMap((error) =>
      describeIssue({ ...error, path: [...issue.path, ...error.path] } as Issue, values),
    )
  const discriminator = 'discriminator' in issue ? issue.discriminator : undefined
  if (typeof discriminator === 'string') {
    const at = path.at(-1) === discriminator ? path : [...path, discriminator]
    const types = schemaNodesAt(at).map((node) => node.const)
    return [{ path: at, message: oneOf(types, at, values) }]
  }
  return [{ path, message: `expected ${describeAllowed(path)}${got(path, values)}` }]
}

const isShapeError = (error: Issue): boolean =>
  error.code === 'invalid_type' ||
  error.code === 'invalid_value' ||
  (error.code === 'custom' && error.path.length === 0)

function describeValue(issue: Issue, path: ConfigPath, values: unknown): string {
  if (issue.code === 'invalid_type' && getAt(values, path) === undefined)
    return `is missing; expected ${describeAllowed(path)}`
  if (issue.code === 'invalid_type') return `expected ${describeAllowed(path)}${got(path, values)}`
  if (issue.code === 'too_small' || issue.code === 'too_big')
    return `must be ${describeAllowed(path)}${got(path, values)}`
  if (issue.code === 'invalid_value') return oneOf(issue.values, path, values)
  return `${issue.message}${got(path, values)}`
}

function oneOf(allowed: readonly unknown[], path: ConfigPath, values: unknown): string {
  const words = allowed.map(String)
  const value = getAt(values, path)
  const guess = typeof value === 'string' ? didYouMean(value, words) : ''
  return `must be one of ${words.join(', ')}${got(path, values)}${guess}`
}

/** What may stand at a path, in words. */
export function describeAllowed(path: ConfigPath): string {
  if (isSecretPath(path)) return 'a text: the secret in quotes, ${VARIABLE} or file:path'
  const nodes = schemaNodesAt(path)
  return nodes.length === 0 ? 'something else' : [...new Set(nodes.map(describeNode))].join(', or ')
}

function describeNode(node: JsonSchemaNode): string {
  if (node.title !== undefined) return node.title
  if (node.const !== undefined) return JSON.stringify(node.const)
  if (node.enum !== undefined) return `one of ${node.enum.join(', ')}`
  if (node.type === 'integer') return `a whole number${range(node)}`
  if (node.type === 'number') return `a number${range(node)}`
  return words[node.type ?? ''] ?? 'a text'
}

const words: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  array: 'a list with at least one entry',
  object: 'a section with keys of its own',
}

function range(node: JsonSchemaNode): string {
  if (node.minimum === undefined) return ''
  return node.maximum === undefined ? `, ${node.minimum} or more` : ` from ${node.minimum} to ${node.maximum}`
}

const longestShown = 60

/** `, got …` for a plain value that is no secret. Addresses may carry a password and are not shown. */
function got(path: ConfigPath, values: unknown): string {
  const value = getAt(values, path)
  if (value === undefined || isSecretPath(path)) return ''
  if (Array.isArray(value)) return ', got a list'
  if (typeof value === 'object') return value === null ? ', got nothing' : ', got a section'
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
  return text.length > longestShown || text.includes('@') ? '' : `, got ${text}`
}
