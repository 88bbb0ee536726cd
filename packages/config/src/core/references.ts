import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ConfigurationProblem } from '@cex-arbitrage/common'
import { coerceText, isRecord, setOwn } from './config-layers.js'
import type { Environment } from './environment.js'
import { formatPath, isSecretPath, type ConfigPath } from './schema-tree.js'
import { Secret } from './secret.js'

const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g
const wholeReference = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}$/
const filePrefix = 'file:'

export interface ReferenceContext {
  readonly env: Environment
  /** Folder from which relative `file:` references count. */
  readonly folder: string
  /** Whether `${NAME}` is replaced; what came out of a variable itself is taken as it is. */
  readonly expandVariables: boolean
  readonly problems: ConfigurationProblem[]
}

/**
 * Replaces references: `${NAME}` and `${NAME:-default}` by environment variables in every text (`$${` writes `${`), and
 * `file:path` by the content of a file where a secret belongs. Secrets become opaque here, before anything else looks
 * at them. What cannot be resolved is left out and becomes a problem.
 */
export function resolveReferences(value: unknown, context: ReferenceContext, path: ConfigPath = []): unknown {
  if (typeof value === 'string') return resolveText(value, context, path)
  if (Array.isArray(value)) return value.map((item, index) => resolveReferences(item, context, [...path, index]))
  if (!isRecord(value)) return value
  const resolved: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    const result = resolveReferences(item, context, [...path, key])
    if (result !== undefined) setOwn(resolved, key, result)
  }
  return resolved
}

function resolveText(text: string, context: ReferenceContext, path: ConfigPath): unknown {
  const expanded = context.expandVariables ? expand(text, context, path) : text
  if (expanded === undefined) return undefined
  if (isSecretPath(path)) return resolveSecret(expanded, context, path)
  return context.expandVariables && wholeReference.test(text) ? coerceText(expanded, path) : expanded
}

function expand(text: string, context: ReferenceContext, path: ConfigPath): string | undefined {
  let complete = true
  const expanded = text.replace(reference, (match, name: string | undefined, fallback: string | undefined) => {
    if (name === undefined) return '${'
    const value = context.env[name]
    if (value !== undefined && (value !== '' || fallback === undefined)) return value
    if (fallback !== undefined) return fallback
    complete = false
    context.problems.push({
      path: formatPath(path),
      message: `environment variable ${name} is not set; set it, or write ${match.slice(0, -1)}:-default}`,
    })
    return ''
  })
  return complete ? expanded : undefined
}

/** An empty text is no secret, so that `${NAME:-}` may stand in a file for every mode. */
function resolveSecret(text: string, context: ReferenceContext, path: ConfigPath): Secret | undefined {
  const content = text.startsWith(filePrefix) ? readSecretFile(text.slice(filePrefix.length), context, path) : text
  return content === undefined || content === '' ? undefined : new Secret(content)
}

function readSecretFile(name: string, context: ReferenceContext, path: ConfigPath): string | undefined {
  const file = resolve(context.folder, name)
  try {
    const content = readFileSync(file, 'utf8').trim()
    if (content !== '') return content
    context.problems.push({ path: formatPath(path), message: `the file '${file}' is empty; it must hold the secret` })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    context.problems.push({ path: formatPath(path), message: `the file '${file}' cannot be read (${code})` })
  }
  return undefined
}
