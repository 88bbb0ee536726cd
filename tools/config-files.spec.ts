import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkConfig, createJsonSchema, loadConfig, toPrintable, type JsonSchemaNode } from '@cex-arbitrage/config'
import { describe, expect, it } from 'vitest'
import { renderExample } from './config-example.mjs'

const fileOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))
const textOf = (name: string): string => readFileSync(fileOf(name), 'utf8')

/** Every key of the schema, with the keys of all branches of a union. */
function keysOf(node: JsonSchemaNode): string[] {
  const branches = [...(node.anyOf ?? []), ...(node.oneOf ?? [])]
  if (node.items !== undefined) branches.push(node.items)
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [key, ...keysOf(child)])
  return [...own, ...branches.flatMap(keysOf)]
}

describe('config.schema.json', () => {
  it('is what the schemas say; node tools/write-config-files.mjs writes it', () => {
    expect(JSON.parse(textOf('config.schema.json'))).toEqual(createJsonSchema())
  })

  it('describes every key', () => {
    const undescribed: string[] = []
    const visit = (node: JsonSchemaNode, path: string): void => {
      for (const [key, child] of Object.entries(node.properties ?? {})) {
        if (child.description === undefined) undescribed.push(`${path}.${key}`)
        visit(child, `${path}.${key}`)
      }
      for (const branch of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) visit(branch, path)
      if (node.items !== undefined) visit(node.items, path)
    }
    visit(createJsonSchema(), '')
    expect(undescribed).toEqual([])
  })
})

describe('config.example.yaml', () => {
  it('is what the schemas say; node tools/write-config-files.mjs writes it', () => {
    expect(textOf('config.example.yaml')).toBe(renderExample(createJsonSchema()))
  })

  it('loads without a problem and changes nothing', () => {
    const check = checkConfig({ file: fileOf('config.example.yaml'), env: {} })
    expect(check.problems).toEqual([])
    const example = toPrintable(loadConfig({ file: fileOf('config.example.yaml'), env: {} })) as Record<string, unknown>
    const defaults = toPrintable(loadConfig({ env: {} })) as Record<string, unknown>
    const [first] = example['strategies'] as unknown[]
    expect({ ...example, strategies: [first] }).toEqual(defaults)
  })

  it('shows every key', () => {
    const text = textOf('config.example.yaml')
    const shown = (key: string): boolean => new RegExp(`^[ #-]*${key}:`, 'm').test(text)
    const outsideLists = keysOf({ ...createJsonSchema() }).filter((key) => !['symbol'].includes(key))
    expect(outsideLists.filter((key) => !shown(key))).toEqual([])
  })
})
