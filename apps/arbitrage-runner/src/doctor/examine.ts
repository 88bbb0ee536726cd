import { toCexArbitrageException, type Clock, type Logger, type Random } from '@cex-arbitrage/common'
import { getEnabledExchanges, type EngineConfig } from '@cex-arbitrage/config'
import { createFactoryManager } from '../composition/built-in-exchanges.js'
import { createExchangeContext } from '../composition/exchange-contexts.js'
import { SimulatedVenues } from '../composition/simulated-venues.js'
import { attempt, fail, type CheckResult } from './check.js'
import { checkExchange } from './check-exchange.js'
import { checkMachine } from './check-machine.js'

export interface ExaminationOptions {
  readonly config: EngineConfig
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Told of every result as it is there. */
  readonly onResult: (result: CheckResult) => void
}

/** A first failure is what is to be seen, not what follows from it. */
const neverOpen = { windowMs: 1_000, minimumCalls: 1_000, failureRate: 1, openMs: 1_000, maxOpenMs: 1_000, probes: 1 }
const pluginAdvice = 'Install the package beside the engine, or take it off plugins.'

/**
 * Looks at everything that a start with this configuration needs, in its own way: in the simulated mode at the local
 * venues, in the others at the exchanges. Nothing is traded.
 */
export async function examine(options: ExaminationOptions): Promise<void> {
  const { config, clock, onResult } = options
  for (const result of await checkMachine(config, clock)) onResult(result)
  const enabled = getEnabledExchanges(config.exchanges)
  const venues =
    config.mode === 'simulated' ? await SimulatedVenues.start(config, [...enabled.keys()], clock) : undefined
  const network = { ...config.network, retry: { ...config.network.retry, maxAttempts: 1 }, circuitBreaker: neverOpen }
  const exchanges = createFactoryManager((exchange) =>
    createExchangeContext(
      exchange,
      enabled.get(exchange)!,
      { clock, random: options.random, logger: options.logger, network },
      venues?.address(exchange),
    ),
  )
  try {
    for (const plugin of config.plugins) {
      const load = async (): Promise<CheckResult> => {
        await exchanges.loadPlugin(plugin)
        return { name: `plug-in ${plugin}`, state: 'ok', detail: 'loaded' }
      }
      onResult(await attempt(`plug-in ${plugin}`, pluginAdvice, clock, load))
    }
    await Promise.all(
      [...enabled].flatMap(([exchange, settings]) =>
        settings.marketTypes.map(async (marketType) => {
          const name = `${exchange} ${marketType}`
          try {
            const results = await checkExchange({ config, exchange, settings, marketType, exchanges, clock })
            for (const result of results) onResult(result)
          } catch (error) {
            const { code, message } = toCexArbitrageException(error, { doing: `looking at ${name}`, exchange })
            onResult(fail(name, `${code}: ${message}`, 'Disable the exchange, or correct its section.'))
          }
        }),
      ),
    )
  } finally {
    await exchanges.close()
    await venues?.close()
  }
}
