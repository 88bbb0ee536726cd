// Kills an engine at every record of its first trade and of its start, restarts it, and compares belief with truth.
//
//   npm run kill-sweep -- --first 1 --records 22
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { buildApp } from './build-app.mjs'

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    records: { type: 'string', default: '22' },
    'session-records': { type: 'string', default: '8' },
    seed: { type: 'string', default: '3' },
  },
})
buildApp()
const { runKillPoint } = await import('../apps/arbitrage-runner/dist/testing/kill/kill-sweep.js')
const { describeKillPoint, killMoments } = await import('../apps/arbitrage-runner/dist/testing/kill/kill-point.js')
const program = fileURLToPath(new URL('../apps/arbitrage-runner/dist/testing/kill/mortal-engine.js', import.meta.url))
const ranges = /** @type {const} */ ([
  ['session', Number(values['session-records'])],
  ['trade', Number(values.records)],
])
let points = 0
let orders = 0
let failed = 0
for (const [from, records] of ranges)
  for (let record = Number(values.first); record <= records; record++)
    for (const moment of killMoments) {
      const verdict = await runKillPoint(program, { from, record, moment }, Number(values.seed))
      points++
      orders += verdict.orders
      if (verdict.problems.length > 0) failed++
      const { adopted, hedged, recoveryMs } = verdict
      console.error(
        `${describeKillPoint(verdict.point)}: ${verdict.orders} orders, ${adopted} adopted, ${hedged} repaired, ` +
          `recovered in ${Math.round(recoveryMs)} ms: ${verdict.problems.join('; ') || 'nothing lost'}`,
      )
    }
console.log(JSON.stringify({ points, orders, failed }))
process.exit(failed === 0 ? 0 : 1)
