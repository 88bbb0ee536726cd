import { ConfigurationException } from '@cex-arbitrage/common'
import { loadConfig } from '@cex-arbitrage/config'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { createLogger } from '../../logging/create-logger.js'
import { recordRun, type RecordResult } from '../../replay/record-run.js'
import { RecordingFolder } from '../../replay/recording-folder.js'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions, toConfigSource, type ConfigOptions } from '../config-options.js'
import { describeRun } from '../describe-run.js'
import { formatDuration, parseDurationMs } from '../duration.js'
import { ProgressBar } from '../progress-bar.js'

interface RecordOptions extends ConfigOptions {
  readonly mode?: string
  readonly duration: number
  readonly out: string
  readonly maxMegabytes: number
  readonly seed?: number
  readonly json: boolean
}

const bytesPerMegabyte = 1_048_576
const seedLimit = 2 ** 32

const defaultDurationMs = 300_000

export function addRecordCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('record'), { canTrade: true })
    .description(
      'Runs the engine on live market data with accounts on paper and writes every frame with its receive time, so that arb replay decides the same again.',
    )
    .requiredOption('-o, --out <folder>', 'new folder of the recording')
    .option('-m, --mode <mode>', 'simulated (local venues) or paper (public streams)')
    .addOption(
      new Option('-d, --duration <time>', 'how long, such as 30s, 5m or 1h; Ctrl-C ends it before')
        .argParser(parseDurationMs)
        .default(defaultDurationMs, '5m'),
    )
    .option('--max-megabytes <number>', 'disk that it may fill; it ends there', parseMegabytes, 1_024)
    .option('--seed <number>', 'of what the engine draws; a random one by default', parseSeed)
    .option('--json', 'print one JSON object, with the decisionHash', false)
    .addHelpText(
      'after',
      `
Nothing private is written: no key, no account, no signed request.

Examples:
  arb record --duration 5m --out data/recording --json
  arb record --mode paper --duration 1h --out data/monday`,
    )
    .action((options: RecordOptions) => record(options, context))
}

async function record(options: RecordOptions, context: CommandContext): Promise<void> {
  const { output, clock, random } = context
  const set = options.mode === undefined ? options.set : [...options.set, `mode=${options.mode}`]
  const config = loadConfig(toConfigSource({ ...options, set }, context))
  if (config.mode === 'live')
    throw new ConfigurationException({ message: 'A recording sends no orders. Use --mode paper for live market data.' })
  const bar = new ProgressBar(output, clock, options.json)
  const result = await recordRun({
    config,
    folder: new RecordingFolder(options.out),
    clock,
    seed: options.seed ?? Math.floor(random.next() * seedLimit),
    logger: createLogger(config.logging, output),
    maxBytes: options.maxMegabytes * bytesPerMegabyte,
    durationMs: options.duration,
    stopSignal: context.stopSignal,
    onProgress: (elapsedMs, events) =>
      bar.update(
        elapsedMs / options.duration,
        `recording ${formatDuration(elapsedMs)} of ${formatDuration(options.duration)}, ${events} events`,
      ),
  }).finally(() => bar.end())
  if (options.json) output.line(JSON.stringify(result))
  else for (const line of describe(result, options.out)) output.line(line)
}

function describe(result: RecordResult, folder: string): string[] {
  const megabytes = (result.bytes / bytesPerMegabyte).toFixed(2)
  return [
    `Recorded ${formatDuration(result.durationMs)}, ${result.events} events, ${megabytes} MB in ${folder}.`,
    ...(result.endedBy === 'disk' ? ['It ended because the disk that it may fill was full.'] : []),
    ...describeRun(result),
    `Replay it: arb replay --in ${folder}`,
  ]
}

function parseMegabytes(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('Use a positive number.')
}

function parseSeed(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value < seedLimit) return value
  throw new InvalidArgumentError('Use a whole number from 0 to 4294967295.')
}
