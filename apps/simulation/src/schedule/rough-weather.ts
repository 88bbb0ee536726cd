import type { SeededRandom } from '@cex-arbitrage/common'
import type { FaultRule } from '@cex-arbitrage/simulator'
import { frameFaults, lastingFaults, orderFaults, requestFaults, routes } from './fault-grid.js'
import { simulatedExchanges, type Schedule, type ScheduledFault } from './schedule.js'

/** Shares of the occasions on which a fault acts. */
const probabilities: readonly [number, ...number[]] = [0.1, 0.3, 0.6, 1]
const everywhere = '* *'
const mostFaults = 6
/** Journal writes of a session that its recovery takes about. */
const recoveryWrites = 12
const sessionWrites = 80

/** Faults that come again and again, for a while, some at the same time and on both venues, between up to three deaths. */
export function createStorm(random: SeededRandom): Schedule {
  const faults = Array.from({ length: random.integer(2, mostFaults) }, () => {
    const times = { afterMs: random.integer(0, 6_000), durationMs: random.integer(500, 8_000) }
    return drawRecurring(random, { ...times, probability: random.pick(probabilities) })
  })
  const killAtWrites = Array.from({ length: random.integer(0, 3) }, () => random.integer(0, sessionWrites))
  return { faults, killAtWrites }
}

/** The process dies, and what it finds when it comes back is broken too, until it dies again in the middle of that. */
export function createRecovery(random: SeededRandom, killAtWrite: number): Schedule {
  const before = drawRecurring(random, { probability: 0.5, durationMs: 6_000 })
  const met = Array.from({ length: random.integer(1, 3) }, (): ScheduledFault => {
    const times = { durationMs: random.integer(500, 6_000), probability: random.pick(probabilities) }
    return { ...drawRecurring(random, times), inSession: 1 }
  })
  const again = Array.from({ length: random.integer(0, 2) }, () => random.integer(0, recoveryWrites))
  return { faults: [before, ...met], killAtWrites: [killAtWrite, ...again] }
}

function drawRecurring(random: SeededRandom, conditions: Partial<FaultRule>): ScheduledFault {
  const exchange = random.pick(simulatedExchanges)
  const kind = random.next()
  if (kind < 0.4) {
    const route = random.pick([everywhere, ...Object.values(routes[exchange])])
    return { exchange, rule: { ...random.pick(requestFaults), route, ...conditions } }
  }
  if (kind < 0.6)
    return { exchange, rule: { ...random.pick(frameFaults), scope: random.pick(['private', 'public']), ...conditions } }
  if (kind < 0.8) return { exchange, rule: { ...random.pick(orderFaults), ...conditions } }
  return { exchange, rule: { ...conditions, ...random.pick(lastingFaults), probability: 1 } }
}
