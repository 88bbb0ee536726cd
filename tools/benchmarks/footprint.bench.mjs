// Memory of an order book, and time and memory until all modules are there, beside ccxt pro with the same two exchanges. Each
// sample is a process of its own.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median } from './support/rounds.mjs'

export const title = 'Footprint: a book of 100 levels a side, and a process with everything loaded'

const samples = 5
const goals = { book: 2.5, start: 1.3, memory: 1.3 }
const root = fileURLToPath(new URL('../..', import.meta.url))

const books = `
const books = 1000
const depth = 100
const prices = Array.from({ length: depth }, (_, i) => i + 1)
const measure = (create) => {
  globalThis.gc()
  const used = () => { const { heapUsed, external } = process.memoryUsage(); return heapUsed + external }
  const before = used()
  globalThis.kept = Array.from({ length: books }, create)
  globalThis.gc()
  console.log(JSON.stringify((used() - before) / books))
}`
const engineBook = `${books}
const { BookChanges, OrderBook } = await import('@cex-arbitrage/common')
const { instrument } = await import('./tools/benchmarks/support/gateio-frames.mjs')
const changes = new BookChanges(2 * depth)
for (const i of prices.keys()) {
  changes.priceTicks[i] = 1000 - i
  changes.priceTicks[depth + i] = 1001 + i
}
changes.quantityLots.fill(1)
changes.bidEnd = depth
changes.askEnd = 2 * depth
measure(() => { const book = new OrderBook(instrument, 2 * depth); book.load(changes); return book })`
const ccxtBook = `${books}
const { default: ccxt } = await import('ccxt')
const exchange = new ccxt.pro.gate()
measure(() => exchange.orderBook({ symbol: 'BTC/USDT', nonce: 1, bids: prices.map((i) => [1000 - i, 1]), asks: prices.map((i) => [1000 + i, 1]) }))`

const ready = `console.log(JSON.stringify({ ms: performance.now(), bytes: process.memoryUsage().rss }))`
const engineStart = `await import('reflect-metadata'); await import('./apps/arbitrage-runner/dist/composition/container.js');${ready}`
const ccxtStart = `const { default: ccxt } = await import('ccxt'); new ccxt.pro.gate(); new ccxt.pro.mexc();${ready}`

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  const [ourBook, theirBook, ourStart, theirStart] = sampleInTurn([engineBook, ccxtBook, engineStart, ccxtStart])
  const ratio = (theirs, ours, of = (value) => value) => median(theirs.map((each, i) => of(each) / of(ours[i])))
  const [msOf, bytesOf] = [({ ms }) => ms, ({ bytes }) => bytes]
  const start = (of) => `${median(of.map(msOf)).toFixed(0)} ms, ${(median(of.map(bytesOf)) / 2 ** 20).toFixed(0)} MiB`
  return [
    {
      name: 'a book: ccxt against the engine',
      ratio: ratio(theirBook, ourBook),
      goal: goals.book,
      goalId: '22',
      note: `${(median(theirBook) / 1_000).toFixed(1)} kB, the engine ${(median(ourBook) / 1_000).toFixed(1)} kB`,
    },
    {
      name: 'start to modules ready: ccxt against the engine',
      ratio: ratio(theirStart, ourStart, msOf),
      goal: goals.start,
      goalId: '23-start',
      note: `ccxt ${start(theirStart)}; the engine ${start(ourStart)}`,
    },
    {
      name: 'resident memory then: ccxt against the engine',
      ratio: ratio(theirStart, ourStart, bytesOf),
      goal: goals.memory,
      goalId: '23-memory',
    },
  ]
}

/** All of them in every turn, so that noise of the machine meets all. */
function sampleInTurn(programs) {
  const results = programs.map(() => [])
  for (let i = 0; i < samples; i++)
    for (const [at, program] of programs.entries()) results[at].push(runProgram(program))
  return results
}

function runProgram(program) {
  const words = ['--expose-gc', '--input-type=module', '--eval', program]
  const child = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' })
  if (child.status !== 0) throw new Error(child.stderr)
  return JSON.parse(child.stdout)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify({ title, rows: await run() }))
  process.exit(0)
}
