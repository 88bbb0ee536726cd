import { ConfigurationException } from '@cex-arbitrage/common'
import { loadConfig, type EngineConfig } from '@cex-arbitrage/config'
import { Option, type Command } from 'commander'
import { createLogger } from '../../logging/create-logger.js'
import { HeartbeatFile } from '../../watchdog/heartbeat-file.js'
import { OwnOrders } from '../../watchdog/own-orders.js'
import { createWatchdogExchanges, fetchWatchedMarkets } from '../../watchdog/watched-markets.js'
import { Watchdog, type WatchEnd } from '../../watchdog/watchdog.js'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions, toConfigSource, type ConfigOptions } from '../config-options.js'

interface WatchdogCommandOptions extends ConfigOptions {
  readonly fencingToken?: number
  readonly json: boolean
}

const endings: Readonly<Record<WatchEnd, string>> = {
  stopped: 'The engine has stopped by itself; nothing rests.',
  cancelled: 'The engine has died; none of its orders is left.',
  superseded: 'A newer engine has taken over and brings its own watchdog.',
  ended: 'Asked to end.',
}

export function addWatchdogCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('watchdog'), { canTrade: true })
    .description(
      "Watches a live engine's heartbeat and cancels its orders when it stops, on exchanges that do not by themselves. arb run starts one.",
    )
    .addOption(new Option('--fencing-token <number>', 'the engine that is watched').argParser(Number).hideHelp())
    .option('--json', 'print one JSON object that says how the watch ended', false)
    .addHelpText('after', '\nExample:\n  arb watchdog --config config.yaml --arm')
    .action(async (options: WatchdogCommandOptions) => {
      const config = loadConfig(toConfigSource(options, context))
      if (config.mode !== 'live')
        throw new ConfigurationException({ message: `The watchdog goes with live mode; the mode is ${config.mode}.` })
      const end = await watch(config, options, context)
      context.output.line(options.json ? JSON.stringify({ end }) : endings[end])
    })
}

async function watch(
  config: EngineConfig,
  { fencingToken, json }: WatchdogCommandOptions,
  context: CommandContext,
): Promise<WatchEnd> {
  const { clock, random, output, stopSignal } = context
  const logger = createLogger(config.logging, output).child({ component: 'watchdog' })
  const sources = { clock, random, logger }
  const exchanges = createWatchdogExchanges(config, sources)
  try {
    for (const plugin of config.plugins) await exchanges.loadPlugin(plugin)
    const markets = await fetchWatchedMarkets(config, exchanges, sources, stopSignal)
    if (!json) output.line(`Watching ${markets.length} markets of exchanges that do not cancel by themselves.`)
    const { timeoutMs, heartbeatFile } = config.execution.watchdog
    const orders = new OwnOrders({ markets, idPrefix: config.execution.clientOrderIdPrefix, log: logger })
    const beats = new HeartbeatFile(heartbeatFile)
    const watchdog = new Watchdog({
      timeoutMs,
      fencingToken,
      readBeat: () => beats.read(),
      cancelOrders: (isSilent) => orders.cancel(isSilent),
      isRunning: (pid) => context.isRunning(pid),
      clock,
      log: logger,
    })
    return await watchdog.run(stopSignal)
  } finally {
    await exchanges.close()
  }
}
