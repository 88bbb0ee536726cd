// Measuring in rounds: every contender runs in every round, their order rotated, so that noise of the machine meets all. What
// counts is the CPU time of the process, all its threads, since the time by the clock is that of the neighbours too.
import { PerformanceObserver } from 'node:perf_hooks'

/** @typedef {{ name: string, prepare: (segment: number) => void, run: (index: number) => void }} Contender */

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

/**
 * Nanoseconds a call, per contender and round. Segment 0, as often as it takes, warms up and is not counted.
 *
 * @param {Contender[]} contenders
 * @param {{ rounds: number, perRound: number, warmUp: number }} options
 * @returns {Map<string, number[]>}
 */
export function measureRounds(contenders, { rounds, perRound, warmUp }) {
  const results = new Map(contenders.map(({ name }) => [name, []]))
  for (const { prepare, run } of contenders) {
    for (let i = 0; i < warmUp; i++) {
      if (i % perRound === 0) prepare(0)
      run(i % perRound)
    }
  }
  for (let round = 1; round <= rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const { name, prepare, run } = contenders[(turn + round) % contenders.length]
      prepare(round)
      globalThis.gc?.()
      const first = round * perRound
      const before = process.cpuUsage()
      for (let i = 0; i < perRound; i++) run(first + i)
      const { user, system } = process.cpuUsage(before)
      results.get(name).push(((user + system) / perRound) * 1_000)
    }
  }
  return results
}

/** How many times as much `of` takes as `than`: the median over the rounds. */
export function ratioOf(results, of, than) {
  const base = results.get(than)
  return median(results.get(of).map((ns, i) => ns / base[i]))
}

/**
 * Collections of garbage while a contender goes through `calls` of its calls, segment after segment.
 *
 * @param {Contender} contender
 * @param {{ calls: number, perSegment: number, segments: number }} options
 */
export async function countCollections({ prepare, run }, { calls, perSegment, segments }) {
  const turn = () => new Promise((resolve) => void setImmediate(resolve))
  globalThis.gc?.()
  await turn()
  let count = 0
  const observer = new PerformanceObserver((list) => (count += list.getEntries().length))
  observer.observe({ entryTypes: ['gc'] })
  for (let i = 0; i < calls; i++) {
    const segment = Math.floor(i / perSegment) % segments
    if (i % perSegment === 0) prepare(segment)
    run(segment * perSegment + (i % perSegment))
  }
  await turn()
  count += observer.takeRecords().length
  observer.disconnect()
  return count
}

/**
 * Heap bytes a call: the median over small batches, those in which a collection fell left out.
 *
 * @param {{ run: (index: number) => void }} contender
 * @param {{ first: number, calls: number, batch?: number }} options
 */
export function measureHeapBytes(contender, { first, calls, batch = 64 }) {
  const samples = []
  const overhead = []
  for (let i = 0; i + batch <= calls; i += batch) {
    const before = process.memoryUsage().heapUsed
    for (let j = 0; j < batch; j++) contender.run(first + i + j)
    const after = process.memoryUsage().heapUsed
    if (after >= before) samples.push((after - before) / batch)
  }
  for (let i = 0; i < 200; i++) {
    const before = process.memoryUsage().heapUsed
    overhead.push(process.memoryUsage().heapUsed - before)
  }
  return Math.max(0, median(samples) - median(overhead.filter((bytes) => bytes >= 0)) / batch)
}
