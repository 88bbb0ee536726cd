import { describe, expect, it } from 'vitest'
import type { Schedule } from '../schedule/schedule.js'
import { runSeed } from './run-seed.js'
import { runSeeds } from './run-seeds.js'
import { runTask } from './seed-task.js'
import { simulateLenientBook } from './simulate-lenient-book.js'
import { simulateNaive } from './simulate-naive.js'
import { summarise } from './summarise.js'

const lostAnswers: Schedule = {
  faults: [
    { exchange: 'mexc', rule: { kind: 'lost_acknowledgement', route: 'POST */order', probability: 0.5 } },
    { exchange: 'mexc', rule: { kind: 'drop', scope: 'public', probability: 0.02 } },
    { exchange: 'gateio', rule: { kind: 'drop', scope: 'public', probability: 0.2 } },
  ],
  killAtWrites: [],
}

describe('naive rules under the same schedule', () => {
  it('send twice what was lost on its way back, where every error counts as a refusal', async () => {
    const { trades, doubleSends } = await simulateNaive('marketWithRetries', 5, lostAnswers)
    expect(trades).toBeGreaterThan(3)
    expect(doubleSends).toBeGreaterThan(0)
  })

  it('strand legs where an order without an answer counts as rejected', async () => {
    expect((await simulateNaive('timeoutMeansRejected', 5, lostAnswers)).stranded).toBeGreaterThan(0)
  })

  it('strand legs where one that failed is not cared for', async () => {
    const refused: Schedule = {
      faults: [{ exchange: 'mexc', rule: { kind: 'error_before', route: 'POST */order', probability: 0.5 } }],
      killAtWrites: [],
    }
    expect((await simulateNaive('gather', 5, refused)).stranded).toBeGreaterThan(0)
  })

  it('quote from wrong books where any newer change is good', async () => {
    const { samples, wrong } = await simulateLenientBook(5, lostAnswers)
    expect(samples).toBeGreaterThan(50)
    expect(wrong).toBeGreaterThan(0)
    expect((await simulateLenientBook(5, { faults: [], killAtWrites: [] })).wrong).toBe(0)
  })

  it('come to nothing worse beside this engine than what they do', async () => {
    const { engine, naive } = await runSeed(5, { schedule: lostAnswers, withNaive: true })
    expect(engine.findings).toEqual([])
    expect(naive.marketWithRetries!.doubleSends).toBeGreaterThan(0)
  })
})

describe('a range of seeds', () => {
  it('gives the same summary whoever runs the seeds', async () => {
    const inline = { run: runTask, close: () => Promise.resolve() }
    const seen: number[] = []
    const options = { from: 4, count: 12, schedule: undefined, withNaive: false, startWorker: () => inline }
    const one = summarise(await runSeeds({ ...options, workers: 1, onProgress: (done) => void seen.push(done) }))
    const two = summarise(await runSeeds({ ...options, workers: 2 }))
    expect(seen).toEqual([10, 12])
    expect(two).toEqual(one)
    expect(one).toMatchObject({ seeds: 12, stranded: 0, doubleSends: 0, orphans: 0, ledgerMismatches: 0, crashes: 0 })
  })
})
