import { parseOverrides, type LoadConfigOptions } from '@cex-arbitrage/config'
import { Option, type Command } from 'commander'
import type { CommandContext } from './command-context.js'

/** Where a subcommand's configuration comes from, as the command line said it. */
export interface ConfigOptions {
  readonly config?: string
  readonly set: readonly string[]
  readonly arm: boolean
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/**
 * Adds the options that say where the configuration comes from.
 *
 * @param canTrade - Shows `--arm`; a command that trades nothing takes it as well, so that the same options serve all.
 */
export function addConfigOptions(command: Command, { canTrade = false } = {}): Command {
  const arm = new Option('--arm', 'live mode: real orders are meant (the configuration must say live.armed as well)')
  return command
    .option('-c, --config <file>', 'YAML file; without it the embedded defaults run the simulated mode')
    .option('-s, --set <path=value>', 'one setting, such as risk.maxOpenOrders=5; may be repeated', collect, [])
    .addOption(arm.default(false).hideHelp(!canTrade))
}

/** The sources of the configuration, in rising priority: file, environment, command line. */
export function toConfigSource(options: ConfigOptions, context: CommandContext): LoadConfigOptions {
  return { file: options.config, env: context.env, overrides: parseOverrides(options.set), arm: options.arm }
}

/** The same options for a subcommand in another process. */
export const toArguments = ({ config, set, arm }: ConfigOptions): readonly string[] => [
  ...(config === undefined ? [] : ['--config', config]),
  ...set.flatMap((override) => ['--set', override]),
  ...(arm ? ['--arm'] : []),
]
