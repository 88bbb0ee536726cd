import { describe, expect, it } from 'vitest'
import { createSchedule } from '../schedule/create-schedule.js'
import type { Schedule } from '../schedule/schedule.js'
import { simulateEngine } from './simulate-engine.js'

const quiet: Schedule = { faults: [], killAtWrites: [] }
/** The first orders on MEXC get nothing but errors, so that Gate.io's legs stand alone for a while. */
const failingLeg: Schedule = {
  faults: [{ exchange: 'mexc', rule: { kind: 'error_before', route: 'POST */order', count: 2 } }],
  killAtWrites: [],
}
/** Findings about money and orders; books are judged by a spec of their own. */
const severe = ['stranded', 'double_send', 'orphan', 'ledger_mismatch', 'crash']

describe('the whole engine against simulated venues', () => {
  it('trades where prices move apart and ends flat', async () => {
    const run = await simulateEngine({ seed: 1, schedule: quiet })
    expect(run.findings).toEqual([])
    expect(run.halts).toEqual([])
    expect(run.ends['completed']).toBeGreaterThan(5)
  })

  it('gives the same journals for the same seed, and others for another', async () => {
    // Unknown orders are asked for at random times, and compressed answers have to be decoded.
    const schedule: Schedule = {
      ...quiet,
      faults: [
        { exchange: 'mexc', rule: { kind: 'lost_acknowledgement', route: 'POST */order', count: 4 } },
        { exchange: 'gateio', rule: { kind: 'strange_answer', mode: 'gzip', probability: 0.2 } },
      ],
      killAtWrites: [12],
    }
    const [one, same, other] = [
      await simulateEngine({ seed: 7, schedule }),
      await simulateEngine({ seed: 7, schedule }),
      await simulateEngine({ seed: 8, schedule }),
    ]
    expect(one.processes).toBeGreaterThan(1)
    expect(same.hash).toBe(one.hash)
    expect(other.hash).not.toBe(one.hash)
  })

  it('strands nothing, sends nothing twice, leaves no orphan and believes the truth under any schedule, without a halt', async () => {
    const failures: string[] = []
    for (let seed = 0; seed < 24; seed++) {
      const schedule = createSchedule(seed)
      const { findings, halts } = await simulateEngine({ seed, schedule })
      // A clock that is wrong and a disk that is full have to halt.
      if (schedule.wallJump === undefined && schedule.diskFullAtWrite === undefined)
        failures.push(...halts.map((rule) => `${seed}: halted by ${rule}`))
      failures.push(
        ...findings.filter(({ violation }) => severe.includes(violation)).map(({ detail }) => `${seed}: ${detail}`),
      )
    }
    expect(failures).toEqual([])
  }, 180_000)

  it('survives its end at every journal write while one leg fails', async () => {
    const failures: string[] = []
    for (let write = 0; write < 36; write += 2) {
      const { findings, processes } = await simulateEngine({
        seed: 3,
        schedule: { ...failingLeg, killAtWrites: [write] },
      })
      expect(processes).toBe(2)
      failures.push(...findings.map(({ detail }) => `write ${write}: ${detail}`))
    }
    expect(failures).toEqual([])
  }, 180_000)

  it.each(['quotes-on-mexc', 'quotes-on-gateio'] as const)(
    'quotes on one venue, hedges on the other and ends flat (%s)',
    async (strategy) => {
      const run = await simulateEngine({ seed: 1, schedule: quiet, strategy })
      expect(run.findings).toEqual([])
      expect(run.halts).toEqual([])
      expect((run.ends['completed'] ?? 0) + (run.ends['unwound'] ?? 0)).toBeGreaterThan(1)
      expect(run.ends['pulled']).toBeGreaterThan(1)
    },
  )

  it('survives its end at every journal write while quotes rest, fill and are pulled', async () => {
    const failures: string[] = []
    for (let write = 0; write < 60; write += 3) {
      const { findings, processes } = await simulateEngine({
        seed: write,
        schedule: { ...quiet, killAtWrites: [write] },
        strategy: write % 2 === 0 ? 'quotes-on-mexc' : 'quotes-on-gateio',
      })
      expect(processes).toBe(2)
      failures.push(...findings.map(({ detail }) => `write ${write}: ${detail}`))
    }
    expect(failures).toEqual([])
  }, 180_000)

  it('names exactly what is open when its disk is full at any journal write, and closes it once started anew', async () => {
    const failures: string[] = []
    let [restarted, halted] = [0, 0]
    for (let write = 4; write < 34; write += 3) {
      const { findings, halts, processes } = await simulateEngine({
        seed: 2 + (write % 2),
        schedule: { ...failingLeg, diskFullAtWrite: write },
        strategy: 'spot-spot',
      })
      failures.push(...findings.map(({ detail }) => `write ${write}: ${detail}`))
      if (processes > 1) restarted++
      else if (halts.includes('journal')) halted++
    }
    expect(failures).toEqual([])
    expect([restarted > 2, halted > 2]).toEqual([true, true])
  }, 180_000)

  it.each([3_600_000, -3_600_000, 30_000, -30_000])(
    'loses nothing when the wall clock is set by %i ms in the middle of trading',
    async (byMs) => {
      for (const atMs of [1_500, 3_000, 6_000]) {
        const schedule: Schedule = { ...failingLeg, wallJump: { atMs, byMs } }
        const { findings } = await simulateEngine({ seed: 3, schedule, strategy: 'spot-spot' })
        expect(findings.filter(({ violation }) => severe.includes(violation))).toEqual([])
      }
    },
    180_000,
  )

  it.each(['triangular-concurrent', 'triangular-sequential'] as const)(
    'goes round three pairs of each venue and ends flat (%s)',
    async (strategy) => {
      const run = await simulateEngine({ seed: 1, schedule: quiet, strategy })
      expect(run.findings).toEqual([])
      expect(run.halts).toEqual([])
      expect(run.ends['completed']).toBeGreaterThan(5)
    },
  )

  it('survives its end at every journal write in the middle of three legs', async () => {
    const failures: string[] = []
    for (let write = 6; write < 42; write += 3) {
      const { findings, processes } = await simulateEngine({
        seed: write,
        schedule: { ...failingLeg, killAtWrites: [write] },
        strategy: write % 2 === 0 ? 'triangular-concurrent' : 'triangular-sequential',
      })
      expect(processes).toBe(2)
      failures.push(...findings.map(({ detail }) => `write ${write}: ${detail}`))
    }
    expect(failures).toEqual([])
  }, 180_000)

  it('starts and stops again what dies while it stops', async () => {
    const whole = await simulateEngine({ seed: 3, schedule: quiet })
    const run = await simulateEngine({ seed: 3, schedule: { ...quiet, killAtWrites: [whole.journalWrites - 2] } })
    expect(run.processes).toBe(2)
    expect(run.findings).toEqual([])
  })

  it('quotes nothing from a book whose frames come late', async () => {
    const late = { kind: 'delay', delayMs: 2_500, scope: 'public', skip: 20, count: 2 } as const
    const faults = [{ exchange: 'mexc', rule: late, afterOrders: 1 } as const]
    expect((await simulateEngine({ seed: 1, schedule: { faults, killAtWrites: [] } })).findings).toEqual([])
  })

  it('is repaired when one venue answers orders with nothing but errors for a while', async () => {
    const schedule: Schedule = {
      faults: [
        { exchange: 'mexc', rule: { kind: 'error_before', route: 'POST */order', skip: 1, count: 3 } },
        {
          exchange: 'gateio',
          rule: { kind: 'lost_acknowledgement', mode: 'hang', route: 'WS spot.order_place', count: 2 },
        },
      ],
      killAtWrites: [],
    }
    const run = await simulateEngine({ seed: 2, schedule })
    expect(run.findings).toEqual([])
    expect(run.trades).toBeGreaterThan(1)
    expect(run.halts).toEqual([])
  })
})
