// Making an exchange from the registry: how long the first and every later one takes, at the 99th percentile.
import { fileURLToPath } from 'node:url'
import { silentLogger, systemClock, systemRandom } from '@cex-arbitrage/common'
import { ComponentRegistry, FactoryManager } from '@cex-arbitrage/exchanges'
import { mexcExchangeId, registerExchange } from '@cex-arbitrage/exchanges/mexc'

export const title = 'factory: making the public and private parts of an exchange'

const warmUp = 200
const samples = 2_000
/** Nanoseconds within which the 99th percentile must lie. */
const budgetNs = 1_000_000
let sink = 0
const credentials = { apiKey: { reveal: () => 'key' }, secret: { reveal: () => 'secret' } }

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  const registry = new ComponentRegistry()
  registerExchange(registry)
  const context = { clock: systemClock, random: systemRandom, logger: silentLogger, credentials }
  const created = []
  const cached = []
  const idle = []
  for (let i = 0; i < warmUp + samples; i++) {
    const manager = new FactoryManager(registry, () => context)
    const startUs = performance.now() * 1_000
    manager.publicExchange(mexcExchangeId, 'spot')
    manager.privateExchange(mexcExchangeId, 'spot')
    const madeUs = performance.now() * 1_000
    manager.publicExchange(mexcExchangeId, 'spot')
    const againUs = performance.now() * 1_000
    await manager.close()
    // The garbage of closing one exchange must not be collected while the next is made.
    globalThis.gc?.({ type: 'minor' })
    const idleUs = performance.now() * 1_000
    sink += spin()
    const spunUs = performance.now() * 1_000
    if (i < warmUp) continue
    idle.push((spunUs - idleUs) * 1_000)
    created.push((madeUs - startUs) * 1_000)
    cached.push((againUs - madeUs) * 1_000)
  }
  return [
    { name: 'noise of the machine: 99th percentile of a bare loop', medianNs: percentile(idle, 0.99) },
    { name: 'made anew, median', medianNs: percentile(created, 0.5) },
    {
      name: 'made anew, 99th percentile against 1 ms',
      medianNs: percentile(created, 0.99),
      ratio: budgetNs / percentile(created, 0.99),
      goal: 1,
    },
    { name: 'handed out again, median', medianNs: percentile(cached, 0.5) },
  ]
}

/** A loop of about the same length that allocates nothing: what it shows beyond its median, the machine did. */
function spin() {
  let sum = 0
  for (let i = 0; i < 150_000; i++) sum += i
  return sum
}

function percentile(values, share) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify({ title, rows: await run() }))
  process.exit(0)
}
