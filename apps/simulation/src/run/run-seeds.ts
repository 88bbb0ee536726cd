import type { SeedOptions, SeedResult } from './run-seed.js'
import type { SeedTask, SeedWorker } from './seed-task.js'

const seedsPerTask = 10

export interface RunSeedsOptions extends SeedOptions {
  readonly from: number
  readonly count: number
  readonly workers: number
  readonly startWorker: () => SeedWorker
  /** Told after every task how many seeds are done. */
  readonly onProgress?: (done: number) => void
}

/**
 * Runs a range of seeds on several workers; the results come in order of the seeds, whoever ran them.
 *
 * @throws Error a run failed in a way that no run may: nothing is known of the rest.
 */
export async function runSeeds(options: RunSeedsOptions): Promise<readonly SeedResult[]> {
  const tasks = createTasks(options)
  const results: SeedResult[] = []
  const work = async (): Promise<void> => {
    const worker = options.startWorker()
    try {
      for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
        results.push(...(await worker.run(task)))
        options.onProgress?.(results.length)
      }
    } finally {
      await worker.close()
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.workers, tasks.length) }, work))
  return results.toSorted((one, other) => one.seed - other.seed)
}

function createTasks({ from, count, schedule, withNaive }: RunSeedsOptions): SeedTask[] {
  const tasks: SeedTask[] = []
  for (let first = from; first < from + count; first += seedsPerTask) {
    const size = Math.min(seedsPerTask, from + count - first)
    const seeds = Array.from({ length: size }, (_, index) => first + index)
    tasks.push({ seeds, options: { schedule, withNaive } })
  }
  return tasks
}
