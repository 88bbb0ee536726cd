import { ConfigurationException } from '@cex-arbitrage/common'
import { coerceText, getAt, isRecord, mergeLayers, nest, type RawConfig } from './config-layers.js'
import { isSecretPath, type ConfigPath } from './schema-tree.js'
import type { LocatedProblem } from './validation.js'

/**
 * Turns `path=value` words of a command line, such as `risk.maxOpenOrders=5`, into sections and keys. Values are
 * written as in YAML; elements of a list are told by index, `strategies.0.minNetEdgeBps=4`.
 *
 * @throws {@link ConfigurationException} naming each word that is no assignment.
 */
export function parseOverrides(words: readonly string[]): RawConfig {
  const malformed = words.filter((word) => !/^[^=.\s]+(\.[^=.\s]+)*=/.test(word))
  if (malformed.length > 0)
    throw new ConfigurationException({
      message: `Settings on the command line are written path=value, such as risk.maxOpenOrders=5.`,
      problems: malformed.map((word) => ({ path: word.split('=')[0] ?? '', message: 'is no path=value' })),
    })
  return words.reduce<RawConfig>((values, word) => {
    const at = word.indexOf('=')
    const path = word.slice(0, at).split('.')
    return mergeLayers(values, nest(path, coerceText(word.slice(at + 1), path))) as RawConfig
  }, {})
}

/** What may not come from a command line: secrets, which every process could read, and the arming in configuration. */
export function refuseForbiddenOverrides(overrides: RawConfig): readonly LocatedProblem[] {
  const problems: LocatedProblem[] = []
  if (getAt(overrides, ['live', 'armed']) !== undefined)
    problems.push({
      path: ['live', 'armed'],
      message: 'belongs in the file or the environment; the command line says --arm',
    })
  const visit = (value: unknown, path: ConfigPath): void => {
    if (isRecord(value)) for (const [key, item] of Object.entries(value)) visit(item, [...path, key])
    else if (typeof value === 'string' && isSecretPath(path) && !/^(file:|\$\{)/.test(value))
      problems.push({
        path,
        message: 'a secret on the command line can be seen by others; use ${VARIABLE} or file:path',
      })
  }
  visit(overrides, [])
  return problems
}
