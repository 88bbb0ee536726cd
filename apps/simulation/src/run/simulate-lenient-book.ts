import { LenientBook } from '../naive/lenient-book.js'
import { RecentTops } from '../oracle/recent-tops.js'
import type { Schedule } from '../schedule/schedule.js'
import { SimulationClock } from '../virtual/simulation-clock.js'
import { VirtualNetwork } from '../virtual/virtual-network.js'
import { simulatedSymbol } from '../world/market-settings.js'
import { SimulatedWorld } from '../world/simulated-world.js'
import { faultsEndMs, oneWayMs, sampleEveryMs, topToleranceMs } from './timeline.js'

/** How often a book was looked at, and how often it showed best prices that the venue has not had for a while. */
export interface BookJudgement {
  readonly samples: number
  readonly wrong: number
}

/** Keeps a Gate.io book after the rule "any newer change is good" under one schedule and compares it with the truth. */
export async function simulateLenientBook(seed: number, schedule: Schedule): Promise<BookJudgement> {
  const clock = new SimulationClock()
  // Nobody trades here: what waits for orders acts from the start.
  const faults = schedule.faults.map(({ exchange, rule }) => ({ exchange, rule }))
  const world = new SimulatedWorld({ seed, clock, schedule: { ...schedule, faults } })
  const tops = new RecentTops(world.venue('gateio'), simulatedSymbol, clock)
  const network = new VirtualNetwork({ clock, venues: world.hosts, oneWayMs, isDead: () => false })
  const book = new LenientBook(world.addresses.get('gateio')!.ws, network, clock)
  book.open()
  let [samples, wrong] = [0, 0]
  for (let atMs = sampleEveryMs; atMs <= faultsEndMs; atMs += sampleEveryMs) {
    await clock.run(atMs)
    const { top } = book
    if (top === undefined) continue
    samples++
    if (!tops.had(top, topToleranceMs)) wrong++
  }
  book.close()
  await world.close()
  return { samples, wrong }
}
