import { createRequire } from 'node:module'
import { Command, Help, type Option } from 'commander'
import type { CommandContext } from './command-context.js'
import { addBacktestCommand } from './commands/backtest.js'
import { addBooksCommand } from './commands/books.js'
import { addCheckConfigCommand } from './commands/check-config.js'
import { addDoctorCommand } from './commands/doctor.js'
import { addHaltCommand, addResumeCommand } from './commands/halt.js'
import { addRebuildDatabaseCommand } from './commands/rebuild-database.js'
import { addRecordCommand } from './commands/record.js'
import { addReplayCommand } from './commands/replay.js'
import { addHummingbotBridgeCommand } from './commands/hummingbot-bridge.js'
import { addReportCommand } from './commands/report.js'
import { addRunCommand } from './commands/run.js'
import { addScanCommand } from './commands/scan.js'
import { addStatusCommand, addTradesCommand } from './commands/status.js'
import { addWatchdogCommand } from './commands/watchdog.js'
import { addVenueSimCommand } from './commands/venue-sim.js'
import { reportFailure } from './report-failure.js'

const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string }

const exitCodeHelp = `
Exit codes:
  0  done as asked
  1  failed; the message says what to do
  2  the arguments or the configuration are wrong
  3  stopped by a safety rule: a broken invariant, a journal that cannot be used, an order that may rest

Examples:
  arb run                            the simulated mode: two local venues, no key, no network
  arb doctor                         what a start would find here, and what to do about it
  arb check-config --config my.yaml  every problem of a configuration in one report
  arb venue-sim --exchange mexc      a local MEXC for any client`

/** What an option does, and its default where that says something. */
function optionDescription(option: Option): string {
  const { defaultValue } = option
  const says = defaultValue !== false && !(Array.isArray(defaultValue) && defaultValue.length === 0)
  return says ? new Help().optionDescription(option) : option.description
}

/** The command line with all its subcommands. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('arb')
    .description('Finds price differences between exchanges that survive fees and depth, and trades both sides safely.')
    .version(version, '-V, --version', 'print the version')
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', exitCodeHelp)
    .configureHelp({ optionDescription })
    .configureOutput({
      writeOut: (text) => context.output.line(text.trimEnd()),
      writeErr: (text) => context.output.note(text.trimEnd()),
    })
    .exitOverride()
  addRunCommand(program, context)
  addStatusCommand(program, context)
  addTradesCommand(program, context)
  addHaltCommand(program, context)
  addResumeCommand(program, context)
  addRecordCommand(program, context)
  addReplayCommand(program, context)
  addBacktestCommand(program, context)
  addReportCommand(program, context)
  addScanCommand(program, context)
  addBooksCommand(program, context)
  addVenueSimCommand(program, context)
  addHummingbotBridgeCommand(program, context)
  addWatchdogCommand(program, context)
  addRebuildDatabaseCommand(program, context)
  addCheckConfigCommand(program, context)
  addDoctorCommand(program, context)
  return program
}

/** Runs the command line; sets the exit code, never throws. */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<void> {
  try {
    await createProgram(context).parseAsync([...args], { from: 'user' })
  } catch (error) {
    context.exit(reportFailure(error, context.output))
  }
}
