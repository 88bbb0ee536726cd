import { ConfigurationException } from '@cex-arbitrage/common'
import { isReloadable, riskConfigSchema, toPrintable, type EngineConfig, type RiskConfig } from '@cex-arbitrage/config'
import type { ExecutionSettings, RiskLimits, TradingEngineOptions } from '@cex-arbitrage/trading'
import type { LimitStatus } from '../live/live-model.js'
import { toEngineOptions, toExecutionSettings, toRiskLimits } from './trading-settings.js'

/** Values of `risk` as a person or a script writes them; `null` returns to the configuration. */
export type LimitChanges = Readonly<Record<string, unknown>>

/** Read once when the engine is composed; a change of them needs a restart. */
const fixed = new Set(['reportingAsset'])

/**
 * Limits, thresholds and execution settings of a running engine. What reads them holds one object each, whose fields are replaced when the
 * configuration is read again or an operator changes a limit; the operator's word stands until the next start.
 */
export class LiveSettings {
  readonly limits: RiskLimits
  readonly engine: TradingEngineOptions
  private readonly executionListeners: ((settings: ExecutionSettings) => void)[] = []
  private readonly kept: (() => void)[] = []
  private readonly changes = new Map<string, unknown>()
  private inForce: EngineConfig

  constructor(private base: EngineConfig) {
    this.inForce = base
    this.limits = { ...toRiskLimits(base) }
    this.engine = { ...toEngineOptions(base) }
  }

  /** The configuration with the operator's changes. */
  get config(): EngineConfig {
    return this.inForce
  }

  /** What `read` makes of the configuration, whose fields are replaced with every change of it. */
  keep<Options extends object>(read: (config: EngineConfig) => Options): Options {
    const options = { ...read(this.inForce) }
    this.kept.push(() => Object.assign(options, read(this.inForce)))
    return options
  }

  /** Whether a change of this setting reaches the running engine. */
  isLive(path: string): boolean {
    return isReloadable(path.split('.'))
  }

  /** How trades are carried out now. */
  get execution(): ExecutionSettings {
    return toExecutionSettings(this.inForce)
  }

  /** Tells whoever keeps a copy of the execution settings. */
  onExecutionChange(listener: (settings: ExecutionSettings) => void): void {
    this.executionListeners.push(listener)
  }

  /** Takes over a configuration that was read again. */
  adopt(config: EngineConfig): void {
    this.base = config
    this.replace(this.withChanges(this.changes))
  }

  /**
   * Changes limits of the section `risk` at once.
   *
   * @throws {@link ConfigurationException} A name is unknown or cannot change while running, or a value is not allowed;
   * nothing is changed then.
   */
  changeLimits(changes: LimitChanges): void {
    const next = new Map(this.changes)
    for (const [name, value] of Object.entries(changes)) {
      if (!(name in this.base.risk))
        throw refusal(name, `is no limit; there are ${adjustable(this.base.risk).join(', ')}`)
      if (fixed.has(name))
        throw refusal(name, 'cannot change while the engine runs; set it in the configuration and restart')
      if (value === null) next.delete(name)
      else next.set(name, value)
    }
    this.replace(this.withChanges(next))
    this.changes.clear()
    for (const [name, value] of next) this.changes.set(name, value)
  }

  /** Every limit as text. */
  describeLimits(): readonly LimitStatus[] {
    const printable = toPrintable(this.inForce.risk) as Record<string, unknown>
    return Object.entries(printable).map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
      changed: this.changes.has(name),
    }))
  }

  private withChanges(changes: ReadonlyMap<string, unknown>): EngineConfig {
    if (changes.size === 0) return this.base
    const raw = { ...(toPrintable(this.base.risk) as Record<string, unknown>), ...Object.fromEntries(changes) }
    const parsed = riskConfigSchema.safeParse(raw)
    if (parsed.success) return { ...this.base, risk: parsed.data }
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: `risk.${path.join('.')}`, message }))
    throw new ConfigurationException({ message: 'The limits were not changed.', problems })
  }

  private replace(config: EngineConfig): void {
    this.inForce = config
    Object.assign(this.limits, toRiskLimits(config))
    Object.assign(this.engine, toEngineOptions(config))
    for (const renew of this.kept) renew()
    for (const tell of this.executionListeners) tell(this.execution)
  }
}

const adjustable = (risk: RiskConfig): string[] => Object.keys(risk).filter((name) => !fixed.has(name))

function refusal(name: string, message: string): ConfigurationException {
  return new ConfigurationException({
    message: 'The limits were not changed.',
    problems: [{ path: `risk.${name}`, message }],
  })
}
