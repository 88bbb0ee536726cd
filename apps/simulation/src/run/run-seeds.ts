import { Worker } from 'node:worker_threads'
import type { SeedOptions, SeedResult } from './run-seed.js'
import type { WorkerTask } from './seed-worker.js'

const seedsPerTask = 10

export interface RunSeedsOptions extends SeedOptions {
  readonly from: number
  readonly count: number
  readonly workers: number
  /** Told after every task how many seeds are done. */
  readonly onProgress?: (done: number) => void
}

/**
 * Runs a range of seeds on worker threads; the results come in order of the seeds, whoever ran them.
 *
 * @throws Error a run failed in a way that no run may: nothing is known of the rest.
 */
export async function runSeeds(options: RunSeedsOptions): Promise<readonly SeedResult[]> {
  const { from, count, schedule, withNaive, onProgress } = options
  const tasks: WorkerTask[] = []
  for (let first = from; first < from + count; first += seedsPerTask) {
    const size = Math.min(seedsPerTask, from + count - first)
    const seeds = Array.from({ length: size }, (_, index) => first + index)
    tasks.push({ seeds, options: { schedule, withNaive } })
  }
  const results: SeedResult[] = []
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./seed-worker.js', import.meta.url))
    try {
      for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
        results.push(...(await ask(worker, task)))
        onProgress?.(results.length)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.workers, tasks.length) }, work))
  return results.toSorted((one, other) => one.seed - other.seed)
}

function ask(worker: Worker, task: WorkerTask): Promise<readonly SeedResult[]> {
  return new Promise((resolve, reject) => {
    const onMessage = (results: readonly SeedResult[]): void => {
      worker.off('error', reject)
      resolve(results)
    }
    worker.once('message', onMessage)
    worker.once('error', reject)
    worker.postMessage(task)
  })
}
