// Lets the engine trade for a while against venues that misbehave at random, and says what it came to.
//
//   npm run soak -- --minutes 10 --seed 7
//   npm run soak -- --minutes 10 --kill-every-s 8      with a SIGKILL and a restart at random moments, every 8 s on average
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { buildApp } from './build-app.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    'kill-every-s': { type: 'string' },
  },
})
buildApp()
const { runSoak } = await import('../apps/arbitrage-runner/dist/testing/soak/soak-run.js')
const report = await runSoak({
  program: fileURLToPath(new URL('../apps/arbitrage-runner/dist/main.js', import.meta.url)),
  durationMs: Number(values.minutes) * 60_000,
  seed: Number(values.seed),
  killEveryMs: values['kill-every-s'] === undefined ? undefined : Number(values['kill-every-s']) * 1_000,
  note: (/** @type {string} */ text) => console.error(text),
})
console.log(JSON.stringify(report, null, 2))
process.exit(report.problems.length === 0 ? 0 : 1)
