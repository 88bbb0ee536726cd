import { loadConfig } from '@cex-arbitrage/config'
import { ControlClient } from '../control/control-client.js'
import type { CommandContext } from './command-context.js'
import { toConfigSource, type ConfigOptions } from './config-options.js'

/**
 * The engine that runs with a configuration. Only where it listens is read: to halt an engine nobody should need its keys, or
 * a configuration that is right in every part.
 *
 * @throws {@link EngineUnreachableException} There is none.
 */
export const findEngine = (options: ConfigOptions, context: CommandContext): Promise<ControlClient> =>
  ControlClient.find(loadConfig({ ...toConfigSource(options, context), only: ['server'] }))
