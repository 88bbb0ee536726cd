import { ConfigurationException } from '@cex-arbitrage/common'
import type { ConfigDifference, ConfigManager, ConfigReload } from '@cex-arbitrage/config'
import type { KillSwitch, TimedHaltCause } from '@cex-arbitrage/trading'
import type { LimitChanges, LiveSettings } from '../composition/live-settings.js'
import type { LimitStatus } from '../live/live-model.js'

export interface EngineOperationsOptions {
  readonly killSwitch: KillSwitch
  /** `undefined` until the engine is composed. */
  readonly settings: () => LiveSettings | undefined
  /** Where the configuration is read again; without one it cannot be. */
  readonly configManager?: ConfigManager | undefined
  /** Asks the process to end, as Ctrl-C does. */
  readonly requestStop?: (() => void) | undefined
}

/** What a reload came to. */
export interface ReloadAnswer {
  readonly applied: readonly ConfigDifference[]
  /** Changed in the sources, but only a restart takes them over. */
  readonly needRestart: readonly ConfigDifference[]
  /** Why nothing was taken over. */
  readonly problems: ConfigReload['problems']
}

/** What an operator may ask of a running engine besides the kill switch. */
export class EngineOperations {
  private readonly detachReload: (() => void) | undefined

  constructor(private readonly options: EngineOperationsOptions) {
    this.detachReload = options.configManager?.onReload(({ config, applied }) => {
      if (applied.length > 0) options.settings()?.adopt(config)
    })
  }

  /** Opens nothing until `start`; open trades end as usual. */
  pause(): readonly TimedHaltCause[] {
    this.options.killSwitch.halt({ rule: 'pause', detail: 'Paused by the operator, who starts it again.' })
    return this.options.killSwitch.causes
  }

  /** Ends a pause; halts of other rules stay in force. */
  start(): readonly TimedHaltCause[] {
    this.options.killSwitch.resume('pause')
    return this.options.killSwitch.causes
  }

  /** Asks the process to end in order; `false` where nobody listens. */
  stop(): boolean {
    this.options.requestStop?.()
    return this.options.requestStop !== undefined
  }

  limits(): readonly LimitStatus[] {
    return this.options.settings()?.describeLimits() ?? []
  }

  /** @throws {@link ConfigurationException} A limit is unknown, fixed or not allowed; nothing is changed then. */
  changeLimits(changes: LimitChanges): readonly LimitStatus[] {
    const settings = this.options.settings()
    if (settings === undefined)
      throw new ConfigurationException({ message: 'The engine is still starting. Try again when it trades.' })
    settings.changeLimits(changes)
    return settings.describeLimits()
  }

  /** Reads the configuration again and takes over what is safe; `undefined` where it has no sources. */
  reload(): ReloadAnswer | undefined {
    const { configManager, settings } = this.options
    const reload = configManager?.reload()
    if (reload === undefined) return undefined
    const isLive = ({ path }: ConfigDifference): boolean => settings()?.isLive(path) ?? false
    return {
      applied: reload.applied.filter(isLive),
      needRestart: [...reload.refused, ...reload.applied.filter((difference) => !isLive(difference))],
      problems: reload.problems,
    }
  }

  close(): void {
    this.detachReload?.()
  }
}
