import { parentPort } from 'node:worker_threads'
import { runSeed, type SeedOptions, type SeedResult } from './run-seed.js'

/** What a worker is asked: some seeds, one after the other. */
export interface WorkerTask {
  readonly seeds: readonly number[]
  readonly options: SeedOptions
}

/** Answers tasks until its thread is ended. */
async function answer({ seeds, options }: WorkerTask): Promise<readonly SeedResult[]> {
  const results: SeedResult[] = []
  for (const seed of seeds) results.push(await runSeed(seed, options))
  return results
}

parentPort?.on('message', (task: WorkerTask) => {
  answer(task).then(
    (results) => parentPort?.postMessage(results),
    (error: unknown) => {
      throw error
    },
  )
})
