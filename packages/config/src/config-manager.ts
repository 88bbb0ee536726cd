import {
  ConfigurationException,
  msPerMinute,
  usPerMs,
  type Clock,
  type ConfigurationProblem,
  type Logger,
} from '@cex-arbitrage/common'
import type { EngineConfig } from './core/base-config.js'
import { findContradictions } from './core/consistency.js'
import { configFileVariable, processEnvironment } from './core/environment.js'
import { FileWatch } from './core/file-watch.js'
import { adoptReloadable, type ConfigDifference } from './core/reload-policy.js'
import { formatPath } from './core/schema-tree.js'
import { checkConfig, formatProblems, type LoadConfigOptions } from './load-config.js'
import { deepFreeze } from './printable.js'

export interface ConfigManagerOptions {
  readonly source: LoadConfigOptions
  readonly clock: Clock
  readonly log: Logger
  /** Milliseconds after which an access reads the sources again; five minutes by default. */
  readonly ttlMs?: number
  /** Milliseconds of quiet after a change of the file before it is read; 100 by default. */
  readonly debounceMs?: number
}

/** What a reload did. */
export interface ConfigReload {
  /** The configuration now in force. */
  readonly config: EngineConfig
  /** Settings taken over. */
  readonly applied: readonly ConfigDifference[]
  /** Settings that changed in the sources and need a restart; the old values stay in force. */
  readonly refused: readonly ConfigDifference[]
  /** Why nothing was taken over; empty when the new sources are clean. */
  readonly problems: readonly ConfigurationProblem[]
}

export type ConfigListener = (reload: ConfigReload) => void

const defaultTtlMs = 5 * msPerMinute
const defaultDebounceMs = 100

/**
 * Keeps the configuration in force: read once, cached, read again when its time is up or its file changes. A reload
 * takes over what is safe while the engine runs and names what is not; sources with a problem change nothing.
 *
 * @example
 * const manager = new ConfigManager({ source: { file: 'config.yaml' }, clock, log })
 * manager.onReload(({ config }) => riskGate.setLimits(config.risk))
 * manager.watch()
 */
export class ConfigManager {
  private config: EngineConfig
  private expiresAtUs: number
  private fileWatch: FileWatch | undefined
  private readonly listeners = new Set<ConfigListener>()
  private readonly ttlUs: number
  private lastReport = ''

  /** @throws {@link ConfigurationException} carrying every problem of the sources. */
  constructor(private readonly options: ConfigManagerOptions) {
    const check = checkConfig(options.source)
    if (!check.ok)
      throw new ConfigurationException({ message: formatProblems(check.problems), problems: check.problems })
    this.config = check.config
    this.ttlUs = (options.ttlMs ?? defaultTtlMs) * usPerMs
    this.expiresAtUs = options.clock.nowUs() + this.ttlUs
  }

  /** The configuration in force, deeply frozen. Reads the sources again when its time is up. */
  get(): EngineConfig {
    if (this.options.clock.nowUs() >= this.expiresAtUs) this.reload()
    return this.config
  }

  /** Reads the sources now. Listeners are told when something was taken over, refused or found wrong. */
  reload(): ConfigReload {
    const { source, clock } = this.options
    this.expiresAtUs = clock.nowUs() + this.ttlUs
    const check = checkConfig(source)
    if (!check.ok) return this.report({ config: this.config, applied: [], refused: [], problems: check.problems })
    const { value, applied, refused } = adoptReloadable(this.config, check.config)
    // Made of old and new settings, and each half was right by itself.
    const mixed = deepFreeze(value as EngineConfig)
    const contradictions = findContradictions(mixed, {
      arm: source.arm ?? false,
      knownExchanges: source.knownExchanges,
    })
    if (contradictions.length > 0) {
      const problems = contradictions.map(({ path, message }) => ({
        path: formatPath(path),
        message: `${message}; restart to use the new settings together`,
      }))
      return this.report({ config: this.config, applied: [], refused: [...applied, ...refused], problems })
    }
    if (applied.length > 0) this.config = mixed
    return this.report({ config: this.config, applied, refused, problems: [] })
  }

  /** Calls back after each reload that took over, refused or found something. Returns the way to stop it. */
  onReload(listener: ConfigListener): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** Begins to watch the file, where there is one. Without a watch, changes are seen when the time is up. */
  watch(): void {
    const { source, clock, log, debounceMs = defaultDebounceMs } = this.options
    const file = source.file ?? (source.env ?? processEnvironment())[configFileVariable]
    if (file === undefined || this.fileWatch !== undefined) return
    try {
      this.fileWatch = new FileWatch({ file, clock, log, debounceMs, onChange: () => void this.reload() })
    } catch (error) {
      log.warn({ file, error: (error as Error).message }, 'configuration file cannot be watched')
    }
  }

  /** Stops watching; `get` goes on to work. */
  close(): void {
    this.fileWatch?.close()
    this.fileWatch = undefined
    this.listeners.clear()
  }

  /** The same trouble is told once, not at every look. */
  private report(reload: ConfigReload): ConfigReload {
    const { applied, refused, problems } = reload
    const text = JSON.stringify({ refused, problems })
    const isNews = applied.length > 0 || (text !== this.lastReport && refused.length + problems.length > 0)
    this.lastReport = text
    if (!isNews) return reload
    const { log } = this.options
    if (problems.length > 0) log.error({ problems }, 'configuration was not reloaded')
    if (applied.length > 0) log.info({ applied }, 'configuration changed')
    if (refused.length > 0) log.warn({ refused }, 'configuration change needs a restart')
    for (const listener of this.listeners) listener(reload)
    return reload
  }
}
