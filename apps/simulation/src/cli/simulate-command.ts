import { Command, InvalidArgumentError } from 'commander'
import { availableParallelism } from 'node:os'
import { runSeed, type SeedResult } from '../run/run-seed.js'
import { runSeeds } from '../run/run-seeds.js'
import type { SeedWorker } from '../run/seed-task.js'
import { simulateEngine } from '../run/simulate-engine.js'
import { summarise } from '../run/summarise.js'
import { parseSchedule, type Schedule } from '../schedule/schedule.js'
import { shrinkSchedule } from '../schedule/shrink-schedule.js'
import { formatFailure, formatSummary, toJsonLine } from './format-summary.js'

/** Failures that are shrunk and shown. */
const shownFailures = 5

export interface SimulateParts {
  readonly out: (line: string) => void
  readonly progress: (text: string) => void
  readonly startWorker: () => SeedWorker
  /** Told when any seed failed. */
  readonly onFailed: () => void
}

interface SimulateOptions {
  readonly seeds: number
  readonly from: number
  readonly seed?: number
  readonly schedule?: Schedule
  readonly workers: number
  readonly json?: boolean
  readonly naive: boolean
}

/** The command line of the simulation. */
export function createSimulateCommand(parts: SimulateParts): Command {
  return new Command('sim')
    .description('Runs the whole engine against simulated venues on a virtual clock, under faults and kills.')
    .option('--seeds <count>', 'how many seeds', whole, 200)
    .option('--from <seed>', 'the first of them', whole, 0)
    .option('--seed <seed>', 'this one alone', whole)
    .option('--schedule <json>', 'faults and kills in place of those of the seed', readSchedule)
    .option('--workers <count>', 'threads', whole, availableParallelism())
    .option('--no-naive', 'leaves the naive rules out')
    .option('--json', 'prints one line of JSON at the end')
    .action(async (options: SimulateOptions) => {
      const results = await runAll(options, parts)
      const failed = results.filter(({ engine }) => engine.findings.length > 0)
      for (const result of failed.slice(0, shownFailures)) parts.out(formatFailure(result, await shrink(result)))
      const summary = summarise(results)
      parts.out(options.json === true ? toJsonLine(summary) : formatSummary(summary))
      if (failed.length > 0) parts.onFailed()
    })
}

async function runAll(
  options: SimulateOptions,
  { progress, startWorker }: SimulateParts,
): Promise<readonly SeedResult[]> {
  const { seed, seeds, from, schedule, naive: withNaive, workers } = options
  if (seed !== undefined) return [await runSeed(seed, { schedule, withNaive })]
  const onProgress = (done: number): void => progress(`${done} of ${seeds} seeds`)
  return runSeeds({ from, count: seeds, workers: Math.max(1, workers), startWorker, schedule, withNaive, onProgress })
}

function shrink({ seed, schedule }: SeedResult): Promise<Schedule> {
  return shrinkSchedule(schedule, async (smaller) => {
    const { findings } = await simulateEngine({ seed, schedule: smaller })
    return findings.length > 0
  })
}

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('Use a whole number from 0.')
  return value
}

function readSchedule(text: string): Schedule {
  try {
    return parseSchedule(text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
  }
}
