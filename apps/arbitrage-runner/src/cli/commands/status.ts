import type { Command } from 'commander'
import { formatAttribution } from '../../status/format-attribution.js'
import { formatStatus, formatTrade, palette } from '../../status/format-status.js'
import type { StatusSnapshot } from '../../status/status-snapshot.js'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions, type ConfigOptions } from '../config-options.js'
import { findEngine } from '../find-engine.js'

interface StatusOptions extends ConfigOptions {
  readonly json: boolean
}

export function addStatusCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('status'))
    .description('What the running engine does: connections, opportunities and why not, trades, halts.')
    .option('--json', 'one JSON object, as GET /status answers it', false)
    .addHelpText('after', '\nExample:\n  arb status --json')
    .action(async (options: StatusOptions) => {
      const status = await fetchStatus(options, context)
      const colour = palette(context.output.isTerminal)
      const lines = options.json ? [JSON.stringify(status)] : formatStatus(status, colour)
      for (const line of lines) context.output.line(line)
    })
}

export function addTradesCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('trades'))
    .description('The newest trades of the running engine, with what each was expected to bring, brought, and why.')
    .option('--json', 'one JSON object a line, the newest trade first', false)
    .addHelpText('after', '\nExample:\n  arb trades')
    .action(async (options: StatusOptions) => {
      const { recentTrades } = await fetchStatus(options, context)
      const colour = palette(context.output.isTerminal)
      if (recentTrades.length === 0 && !options.json) context.output.line('No trade yet.')
      for (const trade of recentTrades) {
        if (options.json) context.output.line(JSON.stringify(trade))
        else
          for (const line of [formatTrade(trade, colour), formatAttribution(trade, colour)]) context.output.line(line)
      }
    })
}

const fetchStatus = async (options: StatusOptions, context: CommandContext): Promise<StatusSnapshot> =>
  (await findEngine(options, context)).status()
