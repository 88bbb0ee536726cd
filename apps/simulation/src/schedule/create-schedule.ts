import { SeededRandom } from '@cex-arbitrage/common'
import { createFaultGrid } from './fault-grid.js'
import { scheduleFamilies } from './families.js'
import { createRecovery, createStorm } from './rough-weather.js'
import { simulatedExchanges, type Schedule, type ScheduledFault } from './schedule.js'

/** Journal writes of a session among which kills are spread. */
const killRange = 60
/** Wall clocks are set by little, by more than a signature may be off, by minutes, and by an hour. */
const jumpsMs = [1_500, -1_500, 30_000, -30_000, 180_000, -180_000, 3_600_000, -3_600_000]

/**
 * The schedule of a seed. Families take turns: the grid of single faults in its order, pairs of faults, a kill at one
 * journal write after the other, a wall clock that is set, a disk that is full from one journal write after the other on, up
 * to five faults with up to two kills, storms of faults that come again and again, faults that meet a recovery, and a wall
 * clock that is set between two processes while streams lose frames.
 */
export function createSchedule(seed: number, grid: readonly ScheduledFault[] = createFaultGrid()): Schedule {
  const random = new SeededRandom(seed).fork('schedule')
  const round = Math.floor(seed / scheduleFamilies)
  const pick = (): ScheduledFault => grid[random.integer(0, grid.length - 1)]!
  switch (seed % scheduleFamilies) {
    case 0:
      return { faults: [grid[spread(round, grid.length)]!], killAtWrites: [] }
    case 1:
      return { faults: [pick(), pick()], killAtWrites: [] }
    case 2:
      return { faults: round % 2 === 0 ? [] : [pick()], killAtWrites: [round % killRange] }
    case 3: {
      const wallJump = { atMs: random.integer(500, 9_000), byMs: jumpsMs[round % jumpsMs.length]! }
      return { faults: round % 2 === 0 ? [] : [pick()], killAtWrites: [], wallJump }
    }
    case 4:
      return { faults: round % 2 === 0 ? [] : [pick()], killAtWrites: [], diskFullAtWrite: round % killRange }
    case 5: {
      const faults = Array.from({ length: random.integer(1, 5) }, pick)
      const kills = Array.from({ length: random.integer(0, 2) }, () => random.integer(0, killRange))
      return { faults, killAtWrites: kills }
    }
    case 6:
      return createStorm(random)
    case 7:
      return createRecovery(random, round % killRange)
    default: {
      const wallJump = { atMs: random.integer(500, 5_000), byMs: jumpsMs[round % jumpsMs.length]! }
      const exchange = random.pick(simulatedExchanges)
      const lost: ScheduledFault = { exchange, rule: { kind: 'drop', scope: 'private', probability: 0.5 } }
      return { faults: [lost], killAtWrites: round % 2 === 0 ? [] : [round % killRange], wallJump }
    }
  }
}

/** Visits every entry of the grid once, each step far from the one before, so that few seeds already see all kinds. */
const stride = 389
const spread = (round: number, length: number): number => (round * stride) % length
