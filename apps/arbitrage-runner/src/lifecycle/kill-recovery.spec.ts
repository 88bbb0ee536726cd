import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundleProgram } from '../testing/bundle-program.js'
import { describeKillPoint, type KillPoint } from '../testing/kill/kill-point.js'
import { runKillPoint } from '../testing/kill/kill-sweep.js'

const seed = 3

let bundle: Awaited<ReturnType<typeof bundleProgram>>
beforeAll(async () => {
  bundle = await bundleProgram('./kill/mortal-engine.ts')
}, 30_000)
afterAll(() => rm(bundle.folder, { recursive: true }))

// Record 3 makes the intents durable, 5 says that the first order was sent, 8 is the first answer.
const points: readonly KillPoint[] = [
  { from: 'trade', record: 3, moment: 'after' },
  { from: 'trade', record: 5, moment: 'before' },
  { from: 'trade', record: 8, moment: 'soon' },
]

it.concurrent.each(points.map((point) => [describeKillPoint(point), point] as const))(
  'loses nothing when the process is killed %s',
  async (_, point) => {
    expect((await runKillPoint(bundle.program, point, seed)).problems).toEqual([])
  },
  120_000,
)

// Three intents, then orders and answers; in turn, the second leg's intent follows the end of the first.
const cycles: readonly (readonly [legOrder: string, point: KillPoint])[] = [
  ['concurrent', { from: 'trade', record: 11, moment: 'soon' }],
  ['sequential', { from: 'trade', record: 9, moment: 'soon' }],
]

it.concurrent.each(cycles.map(([legOrder, point]) => [legOrder, describeKillPoint(point), point] as const))(
  'loses nothing of three %s legs when the process is killed %s',
  async (legOrder, _, point) => {
    const verdict = await runKillPoint(bundle.program, point, seed, {
      instruments: ['BTC/USDT', 'ETH/USDT', 'ETH/BTC'],
      strategies: [{ type: 'triangular', legOrder }],
    })
    expect(verdict.problems).toEqual([])
    expect(verdict.orders).toBeGreaterThan(0)
  },
  120_000,
)
