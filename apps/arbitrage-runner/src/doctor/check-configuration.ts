import { checkConfig, environmentPrefix, type EngineConfig, type LoadConfigOptions } from '@cex-arbitrage/config'
import { fail, ok, warn, type CheckResult } from './check.js'

export interface CheckedConfiguration {
  readonly results: readonly CheckResult[]
  /** `undefined` where it cannot be used, and nothing else can be looked at. */
  readonly config: EngineConfig | undefined
}

const armedVariable = `${environmentPrefix}LIVE__ARMED`

/** Nothing is traded here, so a live configuration is looked at whether it is armed or not. */
export function checkConfiguration(source: LoadConfigOptions): CheckedConfiguration {
  const unarmed = checkConfig({ ...source, arm: false })
  const armed = checkConfig({ ...source, arm: true, env: { ...source.env, [armedVariable]: 'true' } })
  const best = unarmed.ok || unarmed.problems.length < armed.problems.length ? unarmed : armed
  if (!best.ok)
    return {
      config: undefined,
      results: best.problems.map(({ path, message }) =>
        fail('configuration', path === '' ? message : `${path}: ${message}`, 'Correct it; arb check-config shows all.'),
      ),
    }
  const { config } = best
  const isUsable = config.mode !== 'live' || checkConfig({ ...source, arm: true }).ok
  const text = `clean, ${config.mode} mode`
  return {
    config,
    results: [
      isUsable
        ? ok('configuration', text)
        : warn(
            'configuration',
            `${text}, not armed`,
            'Set live.armed to true and say --arm with arb run once real orders are meant.',
          ),
    ],
  }
}
