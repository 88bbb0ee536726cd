import { dirname, resolve } from 'node:path'
import { ConfigurationException, type ConfigurationProblem } from '@cex-arbitrage/common'
import type { EngineConfig } from './core/base-config.js'
import { readConfigFile, type ConfigFile } from './core/config-file.js'
import { getAt, mergeLayers, type RawConfig } from './core/config-layers.js'
import { findContradictions } from './core/consistency.js'
import { configFileVariable, processEnvironment, readEnvironment, type Environment } from './core/environment.js'
import { refuseForbiddenOverrides } from './core/overrides.js'
import { resolveReferences } from './core/references.js'
import { formatPath, type ConfigPath } from './core/schema-tree.js'
import { validate } from './core/validation.js'
import { deepFreeze, toPrintable } from './printable.js'

/** Where a configuration comes from; each later source wins over the earlier ones. */
export interface LoadConfigOptions {
  /** A YAML file. Without it `CEX_ARBITRAGE_CONFIG` names one; without that the embedded defaults stand. */
  readonly file?: string | undefined
  /** The process's environment by default. */
  readonly env?: Environment | undefined
  /** What the command line says, as sections and keys. Neither secrets nor `live.armed` may come from there. */
  readonly overrides?: RawConfig | undefined
  /** The command line says `--arm`. */
  readonly arm?: boolean | undefined
  /** Names of the registered exchanges, once plug-ins are loaded; without them names are checked less strictly. */
  readonly knownExchanges?: readonly string[] | undefined
  /**
   * Reads these sections alone and leaves the others at their defaults, whatever the sources say of them: a command that
   * trades nothing needs no keys, no arming, and no configuration that is right in every part.
   */
  readonly only?: readonly (keyof EngineConfig)[] | undefined
}

/** A configuration that can be used, or everything that is wrong with it. */
export type ConfigCheck =
  | {
      readonly ok: true
      /** Deeply frozen. */
      readonly config: EngineConfig
      /** Plain data that may be shown: secrets are placeholders. */
      readonly printable: unknown
      readonly problems: readonly []
    }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] }

/** What a file leaves unsaid and later sources may still change in part. */
const embeddedDefaults: RawConfig = {
  exchanges: { mexc: {}, gateio: {} },
  instruments: ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'],
  strategies: [{ type: 'spot-spot' }],
}

const noFile: ConfigFile = { values: {}, problems: [], lineOf: () => undefined }

/**
 * Reads and checks a configuration without throwing. Every problem comes back at once, with its path, what is allowed,
 * and where the value was said.
 */
export function checkConfig(options: LoadConfigOptions = {}): ConfigCheck {
  const env = options.env ?? processEnvironment()
  const fileName = options.file ?? env[configFileVariable]
  const file = fileName === undefined ? noFile : readConfigFile(fileName)
  const environment = readEnvironment(env)
  const pick = (values: RawConfig): RawConfig => pickSections(values, options.only)
  const overrides = pick(options.overrides ?? {})
  const problems: ConfigurationProblem[] = [...file.problems, ...(options.only ? [] : environment.problems)]

  const folder = fileName === undefined ? '.' : dirname(resolve(fileName))
  const unresolved: ConfigurationProblem[] = []
  const resolved = (values: RawConfig, expandVariables: boolean): unknown =>
    resolveReferences(values, { env, folder, expandVariables, problems: unresolved })
  const base = { ...embeddedDefaults, ...withoutNulls(pick(file.values)) }
  const raw = [resolved(base, true), resolved(pick(environment.values), false), resolved(overrides, true)].reduce(
    mergeLayers,
    {},
  ) as RawConfig

  const sourceOf = (path: ConfigPath): string => {
    if (getAt(overrides, path) !== undefined) return ' (command line)'
    const variable = environment.variables.get(formatPath(path))
    if (variable !== undefined) return ` (${variable})`
    const line = file.lineOf(path)
    return line === undefined ? '' : ` (${fileName}:${line})`
  }
  const { config, problems: wrong } = validate(raw)
  const contradictions =
    config === undefined
      ? []
      : findContradictions(config, { arm: options.arm ?? false, knownExchanges: options.knownExchanges })
  const troubled = [...unresolved.map(({ path }) => path), ...wrong.map(({ path }) => formatPath(beforeList(path)))]
  const genuine = contradictions.filter(({ involved }) => !involved.some((path) => touches(path, troubled)))
  for (const { path, message } of [...refuseForbiddenOverrides(overrides), ...wrong, ...genuine])
    problems.push({ path: formatPath(path), message: `${message}${sourceOf(path)}` })
  problems.push(...unresolved.map(({ path, message }) => ({ path, message: `${message}${sourceOf(path.split('.'))}` })))

  if (config === undefined || problems.length > 0) return { ok: false, problems: deduplicate(problems) }
  return { ok: true, config: deepFreeze(config), printable: toPrintable(config), problems: [] }
}

/**
 * Reads a configuration.
 *
 * @throws {@link ConfigurationException} carrying every problem.
 * @example
 * const config = loadConfig({ file: 'config.yaml', overrides: { mode: 'paper' } })
 */
export function loadConfig(options: LoadConfigOptions = {}): EngineConfig {
  const check = checkConfig(options)
  if (check.ok) return check.config
  throw new ConfigurationException({ message: formatProblems(check.problems), problems: check.problems })
}

/** Problems as text for people, one a line. */
export function formatProblems(problems: readonly ConfigurationProblem[]): string {
  const lines = problems.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`)
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
  return [`The configuration has ${count}:`, ...lines].join('\n')
}

/** Whether a path is, contains, or is part of one that is already in trouble. */
const touches = (path: ConfigPath, troubled: readonly string[]): boolean => {
  const text = formatPath(path)
  return troubled.some((at) => at === text || at.startsWith(`${text}.`) || text.startsWith(`${at}.`))
}

/** A list with a wrong element was judged as a whole. */
const beforeList = (path: ConfigPath): ConfigPath => {
  const index = path.findIndex((key) => typeof key === 'number')
  return index < 0 ? path : path.slice(0, index)
}

const pickSections = (values: RawConfig, only: readonly string[] | undefined): RawConfig =>
  only === undefined ? values : Object.fromEntries(Object.entries(values).filter(([name]) => only.includes(name)))

const withoutNulls = (values: RawConfig): RawConfig =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))

function deduplicate(problems: readonly ConfigurationProblem[]): readonly ConfigurationProblem[] {
  const seen = new Map(problems.map((problem) => [`${problem.path}\0${problem.message}`, problem]))
  return [...seen.values()]
}
