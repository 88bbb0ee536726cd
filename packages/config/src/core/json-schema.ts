import * as z from 'zod'
import { engineConfigSchema } from './base-config.js'

/** The part of JSON Schema that the configuration uses. */
export interface JsonSchemaNode {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>
  readonly propertyNames?: JsonSchemaNode
  readonly additionalProperties?: boolean | JsonSchemaNode
  readonly items?: JsonSchemaNode
  readonly anyOf?: readonly JsonSchemaNode[]
  readonly oneOf?: readonly JsonSchemaNode[]
  /** Marks a secret: it may be written and is never shown. */
  readonly writeOnly?: boolean
}

let cached: JsonSchemaNode | undefined

/** The JSON Schema of a configuration file, for editors; made from the zod schemas and the same at every call. */
export function createJsonSchema(): JsonSchemaNode {
  cached ??= z.toJSONSchema(engineConfigSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.writeOnly !== true) return
      delete jsonSchema.anyOf
      jsonSchema.type = 'string'
    },
  }) as JsonSchemaNode
  return cached
}
