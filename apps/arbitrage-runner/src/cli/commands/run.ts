import { exitCode } from '@cex-arbitrage/common'
import { loadConfig, type EngineConfig } from '@cex-arbitrage/config'
import type { ShutdownProof } from '@cex-arbitrage/trading'
import type { Command } from 'commander'
import { createLogger } from '../../logging/create-logger.js'
import { EngineHost, type StartedEngine } from '../../lifecycle/engine-host.js'
import { untilStopped } from '../../lifecycle/until-stopped.js'
import { describeTrade } from '../../status/describe-trade.js'
import { StatusDisplay } from '../../status/status-display.js'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions, toConfigSource, type ConfigOptions } from '../config-options.js'

interface RunOptions extends ConfigOptions {
  readonly mode?: string
}

export function addRunCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('run'))
    .description('Runs the engine until Ctrl-C: the simulated mode by default, which needs no key and no network.')
    .option('-m, --mode <mode>', 'simulated, paper or live; the same as --set mode=…')
    .addHelpText('after', '\nExamples:\n  arb run\n  arb run --config config.yaml --mode live --arm')
    .action(async (options: RunOptions) => {
      const set = options.mode === undefined ? options.set : [...options.set, `mode=${options.mode}`]
      await runEngine(loadConfig(toConfigSource({ ...options, set }, context)), context)
    })
}

async function runEngine(config: EngineConfig, context: CommandContext): Promise<void> {
  const { output, clock, random } = context
  const logger = createLogger(config.logging, output)
  const host = new EngineHost({ config, clock, random, logger })
  context.onHaltSignal(() => host.control.halt('signal'))
  const display = new StatusDisplay(output, clock, () => host.status())
  host.onOutcome((outcome) => display.onTrade(describeTrade(outcome)))
  output.line(`Starting the ${config.mode} mode …`)
  const started = await host.start()
  output.line(describeStart(host, started))
  display.start()
  await untilStopped(context.stopSignal)
  display.stop()
  output.line('Stopping: no new trades, open ones end, orders are cancelled …')
  const proof = await host.stop()
  for (const line of describeProof(proof)) output.line(line)
  if (!isClean(proof)) context.exit(exitCode.halted)
}

function describeStart(host: EngineHost, { address, recovery }: StartedEngine): string {
  const exchanges = host.status().exchanges.map((row) => row.exchange)
  const settled = recovery.cancelled.length + recovery.hedged.length + recovery.adopted
  return [
    `Connected: ${exchanges.join(', ')}.`,
    ...(settled > 0 ? [`Settled ${settled} orders of an earlier run.`] : []),
    ...(address === undefined ? [] : [`Status: ${address}/status`]),
    'Ctrl-C ends it.',
  ].join(' ')
}

/** Per exchange: what rests there, and whether ledger and exchange agree to the last unit. */
function describeProof(proof: ShutdownProof): string[] {
  return proof.exchanges.flatMap(({ exchange, openOrders, mismatches }) => [
    `${exchange}: ${openOrders} open orders, ledger ${mismatches.length === 0 ? 'equal to the balances' : 'DIFFERS'}`,
    ...mismatches.map((row) => `  ${row.asset}: ledger ${row.ledger}, exchange ${row.exchange}`),
  ])
}

const isClean = (proof: ShutdownProof): boolean =>
  proof.exchanges.every(({ openOrders, mismatches }) => openOrders === 0 && mismatches.length === 0)
