// What the engine keeps of a change of the market that it does not trade, its first cause counted, beside a line of pino as it
// is set up for speed. The engine logs nothing between a frame and a decision.
import { once } from 'node:events'
import { devNull } from 'node:os'
import { fileURLToPath } from 'node:url'
import { WhyNotCounters, whyNotCauses } from '@cex-arbitrage/trading'
import { pino } from 'pino'
import { measureRounds, median, ratioOf } from './support/rounds.mjs'

export const title = 'Record of a change that is not traded'

const batch = 500
const options = { rounds: 7, perRound: 20, warmUp: 60 }
const goal = 50

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  const counters = new WhyNotCounters()
  const destination = pino.destination({ dest: devNull, sync: false, minLength: 4_096 })
  await once(destination, 'ready')
  const log = pino({}, destination)
  const contender = (name, record) => ({
    name,
    prepare: () => undefined,
    run: (index) => {
      for (let i = 0; i < batch; i++) record(index + i)
    },
  })
  const ours = contender('cause counted', (i) => counters.count(whyNotCauses[i % whyNotCauses.length]))
  const theirs = contender('pino, asynchronous', (i) =>
    log.info({ symbol: 'BTC/USDT', bid: 63_000.1, ask: 63_000.2, edgeBps: i }, whyNotCauses[i % whyNotCauses.length]),
  )
  const results = measureRounds([ours, theirs], options)
  const nsOf = ({ name }) => median(results.get(name)) / batch
  return [
    { name: theirs.name, medianNs: nsOf(theirs) },
    { name: ours.name, medianNs: nsOf(ours), ratio: ratioOf(results, theirs.name, ours.name), goal, goalId: '20' },
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify({ title, rows: await run() }))
  process.exit(0)
}
