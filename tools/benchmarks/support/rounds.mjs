// Measuring in rounds: every contender runs in every round, their order rotated, so that noise of the machine meets all.

/** @typedef {{ name: string, prepare: (segment: number) => void, run: (index: number) => void }} Contender */

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

/**
 * Nanoseconds a call, per contender and round. Segment 0 warms up and is not counted.
 *
 * @param {Contender[]} contenders
 * @param {{ rounds: number, perRound: number, warmUp: number }} options
 * @returns {Map<string, number[]>}
 */
export function measureRounds(contenders, { rounds, perRound, warmUp }) {
  const results = new Map(contenders.map(({ name }) => [name, []]))
  for (const { prepare, run } of contenders) {
    prepare(0)
    for (let i = 0; i < warmUp; i++) run(i)
  }
  for (let round = 1; round <= rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const { name, prepare, run } = contenders[(turn + round) % contenders.length]
      prepare(round)
      globalThis.gc?.()
      const first = round * perRound
      const startUs = performance.now() * 1_000
      for (let i = 0; i < perRound; i++) run(first + i)
      results.get(name).push(((performance.now() * 1_000 - startUs) / perRound) * 1_000)
    }
  }
  return results
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
