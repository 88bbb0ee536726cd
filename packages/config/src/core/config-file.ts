import { readFileSync } from 'node:fs'
import type { ConfigurationProblem } from '@cex-arbitrage/common'
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { isRecord, type RawConfig } from './config-layers.js'
import type { ConfigPath } from './schema-tree.js'

/** A YAML file as read: its values, what is wrong with its form, and where each value stands. */
export interface ConfigFile {
  readonly values: RawConfig
  readonly problems: readonly ConfigurationProblem[]
  /** The line of a value, or of the nearest section around it; `undefined` where the file does not have it. */
  lineOf(path: ConfigPath): number | undefined
}

/** Reads a configuration file. What is wrong with it comes back as problems; nothing is thrown. */
export function readConfigFile(file: string): ConfigFile {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    return failed(`the configuration file '${file}' cannot be read (${code})`)
  }
  return parseConfigText(text)
}

/** As `readConfigFile`, for a text. */
export function parseConfigText(text: string): ConfigFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const problems = document.errors.map((error) => ({
    path: '',
    message: `line ${lines.linePos(error.pos[0]).line} is no YAML: ${error.message}`,
  }))
  if (problems.length > 0) return { values: {}, problems, lineOf: () => undefined }
  let values: unknown
  try {
    values = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    return failed(`the file is no YAML that can be used: ${(error as Error).message}`)
  }
  if (values !== null && values !== undefined && !isRecord(values))
    return failed('a configuration is a mapping of sections, such as `mode: simulated`')
  return { values: values ?? {}, problems, lineOf: (path) => lineOf(document, lines, path) }
}

const failed = (message: string): ConfigFile => ({
  values: {},
  problems: [{ path: '', message }],
  lineOf: () => undefined,
})

function lineOf(document: Document, lines: LineCounter, path: ConfigPath): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return undefined
}
