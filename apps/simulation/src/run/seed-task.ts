import { runSeed, type SeedOptions, type SeedResult } from './run-seed.js'

/** Some seeds, one after the other. */
export interface SeedTask {
  readonly seeds: readonly number[]
  readonly options: SeedOptions
}

/** Carries out tasks, one at a time. */
export interface SeedWorker {
  run(task: SeedTask): Promise<readonly SeedResult[]>
  close(): Promise<void>
}

export async function runTask({ seeds, options }: SeedTask): Promise<readonly SeedResult[]> {
  const results: SeedResult[] = []
  for (const seed of seeds) results.push(await runSeed(seed, options))
  return results
}
