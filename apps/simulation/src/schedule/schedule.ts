import { parseFaultRule, type FaultRule } from '@cex-arbitrage/simulator'

export const simulatedExchanges = ['mexc', 'gateio'] as const
export type SimulatedExchangeName = (typeof simulatedExchanges)[number]

/** One fault of one venue. */
export interface ScheduledFault {
  readonly exchange: SimulatedExchangeName
  readonly rule: FaultRule
  /** Comes into force when so many of our orders have arrived there; from the start when absent. */
  readonly afterOrders?: number
  /** Comes into force when the engine is started for the so-manieth time, counted from 0: 1 is the first recovery. */
  readonly inSession?: number
}

/** Everything that goes wrong in one run. */
export interface Schedule {
  readonly faults: readonly ScheduledFault[]
  /** The process dies at its n-th journal write; the next number counts in the session after that. */
  readonly killAtWrites: readonly number[]
  /** The wall clock of the engine's machine is set, once, so many milliseconds after the start of the run. */
  readonly wallJump?: { readonly atMs: number; readonly byMs: number }
  /** The first process finds its disk full from its n-th journal write on. */
  readonly diskFullAtWrite?: number
}

export const formatSchedule = (schedule: Schedule): string => JSON.stringify(schedule)

/** @throws TypeError naming what is wrong with it. */
export function parseSchedule(text: string): Schedule {
  const { faults = [], killAtWrites = [], wallJump, diskFullAtWrite } = JSON.parse(text) as Partial<Schedule>
  for (const { exchange, rule, afterOrders, inSession } of faults) {
    if (!simulatedExchanges.includes(exchange))
      throw new TypeError(`'${String(exchange)}' is not simulated; use ${simulatedExchanges.join(' or ')}.`)
    parseFaultRule(rule)
    if (afterOrders !== undefined && !(Number.isInteger(afterOrders) && afterOrders > 0))
      throw new TypeError(`'afterOrders' is ${String(afterOrders)}; use a whole number from 1.`)
    if (inSession !== undefined && !(Number.isInteger(inSession) && inSession >= 0))
      throw new TypeError(`'inSession' is ${String(inSession)}; use a whole number from 0.`)
  }
  if (!killAtWrites.every((write) => Number.isInteger(write) && write >= 0))
    throw new TypeError(`'killAtWrites' holds whole numbers from 0.`)
  if (wallJump !== undefined && !(Number.isFinite(wallJump.atMs) && Number.isFinite(wallJump.byMs)))
    throw new TypeError(`'wallJump' holds two numbers, 'atMs' and 'byMs'.`)
  if (diskFullAtWrite !== undefined && !(Number.isInteger(diskFullAtWrite) && diskFullAtWrite >= 0))
    throw new TypeError(`'diskFullAtWrite' is a whole number from 0.`)
  return {
    faults,
    killAtWrites,
    ...(wallJump !== undefined && { wallJump }),
    ...(diskFullAtWrite !== undefined && { diskFullAtWrite }),
  }
}
