import { naiveRuleNames, type NaiveRuleName } from '../naive/naive-rules.js'
import type { NaiveJudgement } from '../oracle/judge-naive.js'
import { createSchedule } from '../schedule/create-schedule.js'
import type { Schedule } from '../schedule/schedule.js'
import { simulateEngine, type EngineRun } from './simulate-engine.js'
import { simulateLenientBook, type BookJudgement } from './simulate-lenient-book.js'
import { simulateNaive } from './simulate-naive.js'

/** The engine and the naive rules under the schedule of one seed. */
export interface SeedResult {
  readonly seed: number
  readonly schedule: Schedule
  readonly engine: EngineRun
  /** Empty when only the engine was asked for. */
  readonly naive: Readonly<Partial<Record<NaiveRuleName, NaiveJudgement>>>
  readonly lenientBook: BookJudgement | undefined
}

export interface SeedOptions {
  /** In place of the schedule that follows from the seed. */
  readonly schedule?: Schedule | undefined
  /** Runs the naive rules too. */
  readonly withNaive: boolean
}

/** Everything about one seed; the same each time. */
export async function runSeed(seed: number, options: SeedOptions): Promise<SeedResult> {
  const schedule = options.schedule ?? createSchedule(seed)
  const engine = await simulateEngine({ seed, schedule })
  const naive: Partial<Record<NaiveRuleName, NaiveJudgement>> = {}
  if (options.withNaive) for (const name of naiveRuleNames) naive[name] = await simulateNaive(name, seed, schedule)
  const lenientBook = options.withNaive ? await simulateLenientBook(seed, schedule) : undefined
  return { seed, schedule, engine, naive, lenientBook }
}
