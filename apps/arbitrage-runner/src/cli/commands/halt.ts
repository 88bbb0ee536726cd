import type { Command } from 'commander'
import type { ControlAnswer } from '../../control/control-client.js'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions, type ConfigOptions } from '../config-options.js'
import { findEngine } from '../find-engine.js'

interface ResumeOptions extends ConfigOptions {
  readonly json: boolean
}

interface HaltOptions extends ResumeOptions {
  readonly reason?: string
}

const jsonHelp = 'print one JSON object with the halts in force'

export function addHaltCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('halt'))
    .description('Stops the running engine from opening anything, at once; cancels and hedges go on.')
    .option('-r, --reason <text>', 'shown with the halt and kept in the journal')
    .option('--json', jsonHelp, false)
    .addHelpText('after', "\nExamples:\n  arb halt --reason 'news'\n  arb resume command")
    .action(async (options: HaltOptions) => {
      const client = await findEngine(options, context)
      describeHalts(await client.halt(options.reason), options, context)
    })
}

export function addResumeCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('resume'))
    .argument('<rule>', 'the halt that is taken back, as arb status names it: command, daily_loss, residual …')
    .description('Takes one halt back, after its cause has been found.')
    .option('--json', jsonHelp, false)
    .addHelpText('after', '\nExamples:\n  arb resume command\n  arb resume daily_loss --json')
    .action(async (rule: string, options: ResumeOptions) => {
      const client = await findEngine(options, context)
      describeHalts(await client.resume(rule), options, context)
    })
}

function describeHalts({ halts }: ControlAnswer, { json }: ResumeOptions, { output }: CommandContext): void {
  if (json) return output.line(JSON.stringify({ halts }))
  if (halts.length === 0) return output.line('The engine trades.')
  output.line('The engine opens nothing:')
  for (const { rule, detail } of halts) output.line(`  ${rule}: ${detail}`)
}
