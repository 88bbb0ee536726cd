import { createJsonSchema, type JsonSchemaNode } from './json-schema.js'

/** Keys and array indices from the root to a value. */
export type ConfigPath = readonly (string | number)[]

export const formatPath = (path: ConfigPath): string => path.join('.')

/** The alternatives that a node stands for: itself, or those of its unions. */
function alternatives(node: JsonSchemaNode): readonly JsonSchemaNode[] {
  const choices = node.anyOf ?? node.oneOf
  return choices === undefined ? [node] : choices.flatMap(alternatives)
}

/** Of several object shapes those whose literal `type` is the value's; all of them where it says none. */
function narrow(nodes: readonly JsonSchemaNode[], value: unknown): readonly JsonSchemaNode[] {
  if (typeof value !== 'object' || value === null || !('type' in value)) return nodes
  const fitting = nodes.filter((node) => node.properties?.['type']?.const === value.type)
  return fitting.length > 0 ? fitting : nodes
}

function childOf(node: JsonSchemaNode, key: string | number): JsonSchemaNode | undefined {
  const own = node.properties !== undefined && Object.hasOwn(node.properties, key) ? node.properties[key] : undefined
  if (own !== undefined) return own
  if (node.items !== undefined && /^\d+$/.test(String(key))) return node.items
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined
}

function valueAt(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined
}

/**
 * What the schema allows at a path: one node for each alternative, none for an unknown key.
 *
 * @param value - The whole configuration, by which alternatives told by `type` are chosen.
 */
export function schemaNodesAt(path: ConfigPath, value?: unknown): readonly JsonSchemaNode[] {
  let nodes = alternatives(createJsonSchema())
  let at = value
  for (const key of path) {
    at = valueAt(at, key)
    const below = nodes.flatMap((node) => childOf(node, key) ?? []).flatMap((child) => keepSecret(child))
    nodes = narrow(below, at)
  }
  return nodes
}

const keepSecret = (node: JsonSchemaNode): readonly JsonSchemaNode[] => (node.writeOnly ? [node] : alternatives(node))

/** The keys that an object at this path may have, without those of open records. */
export function allowedKeysAt(path: ConfigPath, value?: unknown): readonly string[] {
  return [...new Set(schemaNodesAt(path, value).flatMap((node) => Object.keys(node.properties ?? {})))]
}

const secretOptionName = /(key|secret|token|password|passphrase)$/i

/** Whether what stands there must never be shown: marked so in the schema, or named so among a plug-in's options. */
export function isSecretPath(path: ConfigPath): boolean {
  if (path[2] === 'options' && path[0] === 'exchanges') return secretOptionName.test(String(path.at(-1)))
  return schemaNodesAt(path).some((node) => node.writeOnly)
}

/** Whether a text is one of the things allowed there, so that it needs no conversion. */
export function acceptsText(path: ConfigPath): boolean {
  const nodes = schemaNodesAt(path)
  return (
    nodes.length === 0 ||
    isSecretPath(path) ||
    nodes.some((node) => node.type === 'string' || typeof node.const === 'string')
  )
}

/** Every path of the schema whose last key is `name`, with `*` where names are free. */
export function pathsNamed(name: string): readonly string[] {
  const found = new Set<string>()
  const visit = (node: JsonSchemaNode, path: string): void => {
    for (const alternative of alternatives(node)) {
      for (const [key, child] of Object.entries(alternative.properties ?? {})) {
        const childPath = path === '' ? key : `${path}.${key}`
        if (key === name) found.add(childPath)
        visit(child, childPath)
      }
      if (typeof alternative.additionalProperties === 'object') visit(alternative.additionalProperties, `${path}.*`)
      if (alternative.items !== undefined) visit(alternative.items, `${path}.*`)
    }
  }
  visit(createJsonSchema(), '')
  return [...found]
}
