import { Worker } from 'node:worker_threads'
import { toCexArbitrageException, type Clock } from '@cex-arbitrage/common'
import { withParameters, type BacktestJob, type ParameterSet } from './backtest-job.js'
import { runBacktest } from './run-backtest.js'
import { toSweepRow, type SweepRow } from './run-report.js'

export interface SweepOptions {
  readonly job: BacktestJob
  readonly sets: readonly ParameterSet[]
  /** Threads; 0 runs everything in this one. */
  readonly workers: number
  readonly clock: Clock
  readonly onProgress: (done: number) => void
  readonly signal?: AbortSignal
}

/** What a thread is asked, and what it answers. */
export interface SweepQuestion {
  readonly index: number
  readonly job: BacktestJob
  readonly parameters: ParameterSet
}
export interface SweepAnswer {
  readonly index: number
  readonly row: SweepRow
}

/** Runs every parameter set, on several cores. Rows come in the order of the sets, whoever ran them. */
export async function runSweep(options: SweepOptions): Promise<readonly SweepRow[]> {
  const { job, sets, workers, clock, onProgress, signal } = options
  const rows: SweepRow[] = []
  let next = 0
  let done = 0
  const take = (): SweepQuestion | undefined => {
    if (next >= sets.length || signal?.aborted === true) return undefined
    const index = next++
    return { index, job, parameters: sets[index]! }
  }
  const put = ({ index, row }: SweepAnswer): void => {
    rows[index] = row
    onProgress(++done)
  }
  if (workers === 0)
    for (let question = take(); question !== undefined; question = take()) put(await answerQuestion(question, clock))
  else await Promise.all(Array.from({ length: Math.min(workers, sets.length) }, () => runWorker(take, put)))
  return rows.filter((row) => row !== undefined)
}

/** Runs one set; what goes wrong with it is its row. */
export async function answerQuestion({ index, job, parameters }: SweepQuestion, clock: Clock): Promise<SweepAnswer> {
  try {
    const { result, trades } = await runBacktest(withParameters(job, parameters), clock)
    return { index, row: toSweepRow(parameters, result, trades) }
  } catch (error) {
    const { message } = toCexArbitrageException(error, { doing: 'running a parameter set' })
    const nothing = { trades: 0, completed: 0, realised: 0, expected: 0, maxDrawdown: 0, decisionHash: '' }
    return { index, row: { parameters, ...nothing, problem: message } }
  }
}

function runWorker(take: () => SweepQuestion | undefined, put: (answer: SweepAnswer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./sweep-worker.js', import.meta.url))
    const ask = (): void => {
      const question = take()
      if (question === undefined) void worker.terminate().then(() => resolve())
      else worker.postMessage(question)
    }
    worker.on('message', (answer: SweepAnswer) => {
      put(answer)
      ask()
    })
    worker.on('error', reject)
    ask()
  })
}
