import { SeededRandom } from '@cex-arbitrage/common'
import { createFaultGrid } from './fault-grid.js'
import type { Schedule, ScheduledFault } from './schedule.js'

/** Journal writes of a session among which kills are spread. */
const killRange = 60
const families = 4

/**
 * The schedule of a seed. Four families take turns: the grid of single faults in its order, pairs of faults, a kill at one
 * journal write after the other, and up to five faults with up to two kills.
 */
export function createSchedule(seed: number, grid: readonly ScheduledFault[] = createFaultGrid()): Schedule {
  const random = new SeededRandom(seed).fork('schedule')
  const round = Math.floor(seed / families)
  const pick = (): ScheduledFault => grid[random.integer(0, grid.length - 1)]!
  switch (seed % families) {
    case 0:
      return { faults: [grid[spread(round, grid.length)]!], killAtWrites: [] }
    case 1:
      return { faults: [pick(), pick()], killAtWrites: [] }
    case 2:
      return { faults: round % 2 === 0 ? [] : [pick()], killAtWrites: [round % killRange] }
    default: {
      const faults = Array.from({ length: random.integer(1, 5) }, pick)
      const kills = Array.from({ length: random.integer(0, 2) }, () => random.integer(0, killRange))
      return { faults, killAtWrites: kills }
    }
  }
}

/** Visits every entry of the grid once, each step far from the one before, so that few seeds already see all kinds. */
const stride = 389
const spread = (round: number, length: number): number => (round * stride) % length
