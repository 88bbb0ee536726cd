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

/** Commands as the help lists them. */
const groups: readonly (readonly [
  heading: string,
  readonly ((program: Command, context: CommandContext) => void)[],
])[] = [
  ['Trade:', [addRunCommand, addStatusCommand, addTradesCommand, addHaltCommand, addResumeCommand, addWatchdogCommand]],
  [
    'Look back:',
    [addReportCommand, addRecordCommand, addReplayCommand, addBacktestCommand, addScanCommand, addBooksCommand],
  ],
  ['Serve others:', [addVenueSimCommand, addHummingbotBridgeCommand]],
  ['Set up:', [addDoctorCommand, addCheckConfigCommand, addRebuildDatabaseCommand]],
]

/** What an option does, and its default where that says something. */
function optionDescription(option: Option): string {
  const { defaultValue } = option
  const isEmpty = typeof defaultValue === 'object' && Object.keys(defaultValue as object).length === 0
  const says = defaultValue !== false && !isEmpty
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
  for (const [heading, additions] of groups) {
    program.commandsGroup(heading)
    for (const add of additions) add(program, context)
  }
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
