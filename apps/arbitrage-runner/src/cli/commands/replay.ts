import { exitCode, silentLogger } from '@cex-arbitrage/common'
import { InvalidArgumentError, type Command } from 'commander'
import { RecordingFolder } from '../../replay/recording-folder.js'
import { replayRun } from '../../replay/replay-run.js'
import type { CommandContext } from '../command-context.js'
import { describeRun } from '../describe-run.js'
import { formatDuration } from '../duration.js'
import { ProgressBar } from '../progress-bar.js'

interface ReplayOptions {
  readonly in: string
  readonly speed?: number
  readonly json: boolean
}

export function addReplayCommand(program: Command, context: CommandContext): void {
  program
    .command('replay')
    .description(
      'Plays a recording through the same decoders, books, strategy, sizing, gate and executor again; the decisions are the same, and decisionHash proves it.',
    )
    .requiredOption('-i, --in <folder>', 'folder of the recording')
    .option('--speed <factor>', '1 as it was, 10 ten times as fast; as fast as possible by default', parseSpeed)
    .option('--json', 'print one JSON object, with the decisionHash', false)
    .addHelpText(
      'after',
      '\nExamples:\n  arb replay --in data/recording --json\n  arb replay --in data/recording --speed 1',
    )
    .action((options: ReplayOptions) => replay(options, context))
}

async function replay(options: ReplayOptions, context: CommandContext): Promise<void> {
  const { output, clock, stopSignal } = context
  const bar = new ProgressBar(output, clock, options.json)
  const { result } = await replayRun({
    folder: new RecordingFolder(options.in),
    clock,
    logger: silentLogger,
    signal: stopSignal,
    ...(options.speed !== undefined && { speed: options.speed }),
    onProgress: (share, status) => bar.update(share, `replaying, ${status?.approvals ?? 0} trades`),
  }).finally(() => bar.end())
  if (result.difference !== undefined) context.exit(exitCode.failed)
  if (options.json) {
    output.line(JSON.stringify(result))
    return
  }
  output.line(
    `Replayed ${formatDuration(result.durationMs)} in ${(result.wallMs / 1_000).toFixed(2)} s, ${result.speed} times as fast, ${result.events} events.`,
  )
  for (const line of describeRun(result)) output.line(line)
  const { difference } = result
  if (difference === undefined) return
  output.line(`DIFFERENT from the recorded run at decision ${difference.index}:`)
  output.line(`  recorded ${difference.recorded ?? 'nothing'}`)
  output.line(`  replayed ${difference.replayed ?? 'nothing'}`)
}

function parseSpeed(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('Use a positive number.')
}
