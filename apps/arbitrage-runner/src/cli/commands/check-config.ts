import { exitCode } from '@cex-arbitrage/common'
import { checkConfig, createJsonSchema, formatProblems } from '@cex-arbitrage/config'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions, toConfigSource, type ConfigOptions } from '../config-options.js'

interface CheckConfigOptions extends ConfigOptions {
  readonly json: boolean
  readonly schema: boolean
}

export function addCheckConfigCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('check-config'), { canTrade: true })
    .description(
      'Checks a configuration and prints what would be in force, secrets hidden; exit code 2 when it cannot be used.',
    )
    .option('--json', 'print JSON instead of YAML', false)
    .option('--schema', 'print the JSON Schema of the configuration, for editors', false)
    .addHelpText('after', '\nExample:\n  arb check-config --config config.yaml --set risk.maxOpenOrders=5')
    .action((options: CheckConfigOptions) => {
      if (options.schema) {
        context.output.line(JSON.stringify(createJsonSchema(), undefined, 2))
        return
      }
      const check = checkConfig(toConfigSource(options, context))
      if (options.json) {
        context.output.line(JSON.stringify(check.ok ? { ok: true, config: check.printable } : check))
      } else if (check.ok) {
        context.output.line(stringify(check.printable).trimEnd())
        context.output.note('The configuration is clean.')
      } else {
        context.output.note(formatProblems(check.problems))
      }
      if (!check.ok) context.exit(exitCode.usage)
    })
}
