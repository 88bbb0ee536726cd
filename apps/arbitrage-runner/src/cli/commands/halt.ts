import { loadConfig } from '@cex-arbitrage/config'
import type { Command } from 'commander'
import { ControlClient, type ControlAnswer } from '../../control/control-client.js'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions, toConfigSource, type ConfigOptions } from '../config-options.js'

interface HaltOptions extends ConfigOptions {
  readonly reason?: string
}

export function addHaltCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('halt'))
    .description('Stops the running engine from opening anything, at once; cancels and hedges go on.')
    .option('-r, --reason <text>', 'shown with the halt and kept in the journal')
    .addHelpText('after', "\nExample:\n  arb halt --reason 'news'\n  arb resume command")
    .action(async (options: HaltOptions) => {
      const client = await ControlClient.find(loadConfig(toConfigSource(options, context)))
      describeHalts(await client.halt(options.reason), context)
    })
}

export function addResumeCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('resume'))
    .argument('<rule>', 'the halt that is taken back, as arb status names it: command, daily_loss, residual …')
    .description('Takes one halt back, after its cause has been found.')
    .addHelpText('after', '\nExample:\n  arb resume daily_loss')
    .action(async (rule: string, options: ConfigOptions) => {
      const client = await ControlClient.find(loadConfig(toConfigSource(options, context)))
      describeHalts(await client.resume(rule), context)
    })
}

function describeHalts({ halts }: ControlAnswer, { output }: CommandContext): void {
  if (halts.length === 0) return output.line('The engine trades.')
  output.line('The engine opens nothing:')
  for (const { rule, detail } of halts) output.line(`  ${rule}: ${detail}`)
}
