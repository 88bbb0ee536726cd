import { faultKinds } from '@cex-arbitrage/simulator'
import { describe, expect, it } from 'vitest'
import { createSchedule } from './create-schedule.js'
import { scheduleFamilies } from './families.js'
import { createFaultGrid, gridKinds } from './fault-grid.js'
import { formatSchedule, parseSchedule, type Schedule } from './schedule.js'
import { shrinkSchedule } from './shrink-schedule.js'

describe('the grid of faults', () => {
  it('has every fault that a venue can do, on both venues', () => {
    expect([...gridKinds()].toSorted()).toEqual([...faultKinds].toSorted())
    const grid = createFaultGrid()
    const of = (exchange: string): number => grid.filter((fault) => fault.exchange === exchange).length
    expect(of('mexc')).toBeGreaterThan(400)
    expect(of('gateio')).toBeGreaterThan(400)
  })
})

describe('the schedule of a seed', () => {
  it('is the same each time', () => {
    for (let seed = 0; seed < 50; seed++) expect(createSchedule(seed)).toEqual(createSchedule(seed))
  })

  it('visits the whole grid, pairs, and kills at every write', () => {
    const grid = createFaultGrid()
    const singles = new Set<unknown>()
    const kills = new Set<number | undefined>()
    for (let round = 0; round < grid.length; round++) {
      singles.add(createSchedule(scheduleFamilies * round, grid).faults[0])
      kills.add(createSchedule(scheduleFamilies * round + 2, grid).killAtWrites[0])
    }
    expect(singles.size).toBe(grid.length)
    expect(kills.size).toBe(60)
    expect(createSchedule(1, grid).faults).toHaveLength(2)
  })

  it('goes through text and back', () => {
    for (let seed = 0; seed < 2 * scheduleFamilies; seed++)
      expect(parseSchedule(formatSchedule(createSchedule(seed)))).toEqual(createSchedule(seed))
    expect(parseSchedule('{}')).toEqual({ faults: [], killAtWrites: [] })
  })

  it('is refused where it is malformed', () => {
    const fault = { exchange: 'mexc', rule: { kind: 'drop' } }
    expect(() => parseSchedule(JSON.stringify({ faults: [{ ...fault, exchange: 'here' }] }))).toThrow("'here'")
    expect(() => parseSchedule(JSON.stringify({ faults: [{ ...fault, rule: { kind: 'x' } }] }))).toThrow("'kind'")
    expect(() => parseSchedule(JSON.stringify({ faults: [{ ...fault, afterOrders: 0 }] }))).toThrow("'afterOrders'")
    expect(() => parseSchedule(JSON.stringify({ faults: [{ ...fault, inSession: -1 }] }))).toThrow("'inSession'")
    expect(() => parseSchedule('{"killAtWrites":[-1]}')).toThrow("'killAtWrites'")
    expect(() => parseSchedule('{"wallJump":{"atMs":1}}')).toThrow("'wallJump'")
    expect(() => parseSchedule('{"diskFullAtWrite":-1}')).toThrow("'diskFullAtWrite'")
  })
})

describe('shrinking', () => {
  const schedule: Schedule = {
    faults: [
      { exchange: 'mexc', rule: { kind: 'drop' } },
      { exchange: 'gateio', rule: { kind: 'gap' } },
      { exchange: 'mexc', rule: { kind: 'stall' } },
    ],
    killAtWrites: [3, 9],
    wallJump: { atMs: 500, byMs: 1_500 },
    diskFullAtWrite: 4,
  }

  it('leaves what the failure needs', async () => {
    const needs = ({ faults, killAtWrites }: Schedule): Promise<boolean> =>
      Promise.resolve(faults.some(({ rule }) => rule.kind === 'gap') && killAtWrites.includes(9))
    expect(await shrinkSchedule(schedule, needs)).toEqual({
      faults: [{ exchange: 'gateio', rule: { kind: 'gap' } }],
      killAtWrites: [9],
    })
  })

  it('leaves everything where nothing can go', async () => {
    expect(await shrinkSchedule(schedule, () => Promise.resolve(false))).toBe(schedule)
  })
})
