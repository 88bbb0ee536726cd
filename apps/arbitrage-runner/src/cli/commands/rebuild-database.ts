import { loadConfig } from '@cex-arbitrage/config'
import { rebuildDatabase } from '@cex-arbitrage/storage'
import type { Command } from 'commander'
import { journalName } from '../../composition/open-history.js'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions, toConfigSource, type ConfigOptions } from '../config-options.js'

interface RebuildDatabaseOptions extends ConfigOptions {
  readonly json: boolean
}

const lastingMode = 'live'

export function addRebuildDatabaseCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('rebuild-database'))
    .description(
      'Empties the tables of live trading and fills them again from the journal, after the database was lost or moved.',
    )
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      '\nThe engine must not run meanwhile. Equity, health and sampled opportunities are in no journal and stay as they are.' +
        '\n\nExample:\n  arb rebuild-database --config config.yaml',
    )
    .action((options: RebuildDatabaseOptions) => rebuild(options, context))
}

async function rebuild(options: RebuildDatabaseOptions, context: CommandContext): Promise<void> {
  const { output } = context
  const source = toConfigSource(options, context)
  const { journal, database } = loadConfig({ ...source, only: ['journal', 'database'] })
  const records = await rebuildDatabase({
    url: database.url.reveal(),
    poolSize: database.poolSize,
    journal: journalName(lastingMode, 0),
    mode: lastingMode,
    journalDirectory: journal.folder,
    onProgress: (taken) => {
      if (output.isTerminal && !options.json) output.raw(`\r${taken} records …`)
    },
  })
  if (output.isTerminal && !options.json) output.raw('\r\u001b[K')
  output.line(
    options.json ? JSON.stringify({ records }) : `The tables hold all ${records} records of ${journal.folder}.`,
  )
}
