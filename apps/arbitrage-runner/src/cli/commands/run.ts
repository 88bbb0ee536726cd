import { exitCode } from '@cex-arbitrage/common'
import { ConfigManager, loadConfig, type LoadConfigOptions } from '@cex-arbitrage/config'
import type { ShutdownProof } from '@cex-arbitrage/trading'
import type { Command } from 'commander'
import { createLogger } from '../../logging/create-logger.js'
import { EngineHost, type StartedEngine } from '../../lifecycle/engine-host.js'
import { untilStopped } from '../../lifecycle/until-stopped.js'
import { describeReload } from '../../status/describe-reload.js'
import { describeTrade } from '../../status/describe-trade.js'
import { StatusDisplay } from '../../status/status-display.js'
import { WatchdogKeeper } from '../../watchdog/watchdog-keeper.js'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions, toArguments, toConfigSource, type ConfigOptions } from '../config-options.js'

interface RunOptions extends ConfigOptions {
  readonly mode?: string
}

export function addRunCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('run'), { canTrade: true })
    .description('Runs the engine until Ctrl-C: the simulated mode by default, which needs no key and no network.')
    .option('-m, --mode <mode>', 'simulated, paper or live; the same as --set mode=…')
    .addHelpText('after', '\nExamples:\n  arb run\n  arb run --config config.yaml --mode live --arm')
    .action(async (options: RunOptions) => {
      const set = options.mode === undefined ? options.set : [...options.set, `mode=${options.mode}`]
      const source = { ...options, set }
      await runEngine(toConfigSource(source, context), createWatchdogKeeper(source, context), context)
    })
}

function createWatchdogKeeper(source: ConfigOptions, context: CommandContext): WatchdogKeeper {
  const args = ['watchdog', ...toArguments(source)]
  return new WatchdogKeeper({
    startProgram: (fencingToken) => context.startBeside([...args, '--fencing-token', String(fencingToken)]),
    onLost: () => context.output.note('The watchdog has ended; starting another.'),
    clock: context.clock,
  })
}

async function runEngine(source: LoadConfigOptions, watchdog: WatchdogKeeper, context: CommandContext): Promise<void> {
  const { output, clock, random } = context
  const logger = createLogger(loadConfig(source).logging, output)
  const configManager = new ConfigManager({ source, clock, log: logger.child({ component: 'configuration' }) })
  const config = configManager.get()
  const asked = new AbortController()
  const requestStop = (): void => asked.abort()
  const host = new EngineHost({ config, clock, random, logger, watchdog, configManager, requestStop })
  context.onHaltSignal(() => host.control.halt('signal'))
  const display = new StatusDisplay(output, clock, () => host.status())
  host.onOutcome((outcome) => display.onTrade(describeTrade(outcome)))
  output.line(`Starting the ${config.mode} mode …`)
  const stop = AbortSignal.any([context.stopSignal, asked.signal])
  void untilStopped(stop).then(() => host.announceStop())
  const started = await host.start()
  configManager.onReload((reload) => {
    logger.setLevel(reload.config.logging.level)
    display.notice(describeReload(reload))
  })
  configManager.watch()
  output.line(describeStart(host, started, output.isTerminal))
  display.start()
  await untilStopped(stop)
  configManager.close()
  display.stop()
  output.line('Stopping: no new trades, open ones end, orders are cancelled …')
  const proof = await host.stop()
  for (const line of describeProof(proof)) output.line(line)
  const leftOpen = host.status().halts.filter(({ rule }) => rule === 'residual')
  for (const { detail } of leftOpen) output.line(detail)
  if (!isClean(proof) || leftOpen.length > 0) context.exit(exitCode.halted)
}

/** On a terminal, and there alone, the page's address carries the token; a browser keeps what follows `#` to itself. */
function describeStart(host: EngineHost, started: StartedEngine, onTerminal: boolean): string {
  const { address, recovery, madeToken } = started
  const access = onTerminal && madeToken !== undefined ? `/#token=${madeToken}` : ''
  const exchanges = host.status().exchanges.map((row) => row.exchange)
  const settled = recovery.cancelled.length + recovery.hedged.length + recovery.adopted
  return [
    `Connected: ${exchanges.join(', ')}.`,
    ...(settled > 0 ? [`Settled ${settled} orders of an earlier run.`] : []),
    ...(address === undefined ? [] : [`Page: ${address}${access}`, `Status: ${address}/status`]),
    'Ctrl-C ends it.',
  ].join(' ')
}

/** Per exchange: what rests there, and whether ledger and exchange agree to the last unit. */
function describeProof(proof: ShutdownProof): string[] {
  return proof.exchanges.flatMap(({ exchange, openOrders, mismatches, positions }) => [
    `${exchange}: ${openOrders} open orders, ledger ${mismatches.length === 0 ? 'equal to the balances' : 'DIFFERS'}`,
    ...positions.map(
      ({ instrument, base, contracts, entryPrice }) =>
        `  position held: ${base.toString()} ${instrument.base} (${contracts.toString()} contracts) of ${instrument.symbol} from ${entryPrice.toString()}, hedged by spot`,
    ),
    ...mismatches.map((row) => `  ${row.asset}: ledger ${row.ledger}, exchange ${row.exchange}`),
  ])
}

const isClean = (proof: ShutdownProof): boolean =>
  proof.exchanges.every(({ openOrders, mismatches }) => openOrders === 0 && mismatches.length === 0)
