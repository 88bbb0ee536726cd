// CPU time a message: what a contender's process spends on all its threads, once its code is warm.
/** Compiled code is made for one connection and is made anew for the next. */
const warmUp = 20_000

/** Counts messages and tells the CPU between the end of the warm-up and the last. */
export class CpuMeter {
  count = 0
  before = process.cpuUsage()
  finish

  /** @param {number} messages - More than the warm-up. */
  constructor(messages) {
    this.messages = messages
    /** Nanoseconds a message. @type {Promise<number>} */
    this.measured = new Promise((resolve) => (this.finish = resolve))
  }

  onMessage() {
    this.count++
    if (this.count === warmUp) this.before = process.cpuUsage()
    else if (this.count === this.messages) this.end()
  }

  end() {
    const { user, system } = process.cpuUsage(this.before)
    this.finish(((user + system) / (this.messages - warmUp)) * 1_000)
  }
}

/**
 * Every contender in every round, one after the other, their order rotated. The first round is not counted.
 *
 * @param {{ name: string, messages: number, run: (meter: CpuMeter) => Promise<() => unknown> }[]} contenders - `run` starts
 *   one and resolves with what ends it.
 * @param {number} rounds
 * @returns {Promise<Map<string, number[]>>} nanoseconds a message, by name
 */
export async function measureCpuRounds(contenders, rounds) {
  const results = new Map(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round++)
    for (let turn = 0; turn < contenders.length; turn++) {
      const { name, messages, run } = contenders[(turn + round) % contenders.length]
      globalThis.gc?.()
      const meter = new CpuMeter(messages)
      const end = await run(meter)
      const ns = await meter.measured
      await end()
      if (round > 0) results.get(name).push(ns)
    }
  return results
}
