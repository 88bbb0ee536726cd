import { exitCode, silentLogger } from '@cex-arbitrage/common'
import type { Command } from 'commander'
import type { CheckResult, CheckState } from '../../doctor/check.js'
import { checkConfiguration } from '../../doctor/check-configuration.js'
import { examine } from '../../doctor/examine.js'
import { palette, type Palette } from '../../status/format-status.js'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions, toConfigSource, type ConfigOptions } from '../config-options.js'

interface DoctorOptions extends ConfigOptions {
  readonly mode?: string
  readonly json: boolean
}

export function addDoctorCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('doctor'), { canTrade: true })
    .description(
      'Looks at everything that a start needs: configuration, database, journal, disk, port, exchanges, clocks and keys; says what to do.',
    )
    .option('-m, --mode <mode>', 'simulated, paper or live; the same as --set mode=…')
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `
Nothing is traded, so a live configuration need not be armed. Exit codes: 0 when nothing failed, 1 when something did,
2 when the configuration is wrong. A warning is no failure.

Examples:
  arb doctor
  arb doctor --config config.yaml --mode live
  arb doctor --config config.yaml --json`,
    )
    .action((options: DoctorOptions) => doctor(options, context))
}

async function doctor(options: DoctorOptions, context: CommandContext): Promise<void> {
  const { output, clock, random } = context
  const set = options.mode === undefined ? options.set : [...options.set, `mode=${options.mode}`]
  const colour = palette(output.isTerminal)
  const checks: CheckResult[] = []
  const onResult = (result: CheckResult): void => {
    checks.push(result)
    if (!options.json) for (const line of describe(result, colour)) output.line(line)
  }
  const { results, config } = checkConfiguration(toConfigSource({ ...options, set }, context))
  for (const result of results) onResult(result)
  if (config !== undefined) await examine({ config, clock, random, logger: silentLogger, onResult })
  const count = (state: CheckState): number => checks.filter((check) => check.state === state).length
  const [failed, warned] = [count('fail'), count('warn')]
  if (options.json)
    output.line(JSON.stringify({ ok: failed === 0, mode: config?.mode ?? null, failed, warned, checks }))
  else output.line(`${checks.length} checks, ${failed} failed, ${warned} with a warning.`)
  if (config === undefined) context.exit(exitCode.usage)
  else if (failed > 0) context.exit(exitCode.failed)
}

function describe({ name, state, detail, advice }: CheckResult, colour: Palette): string[] {
  const paint = { ok: colour.green, warn: colour.yellow, fail: colour.red }[state]
  return [`${paint(state.padEnd(4))}  ${name}: ${detail}`, ...(advice === undefined ? [] : [`      → ${advice}`])]
}
