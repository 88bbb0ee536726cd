// Tests a strategy of one's own on a backtest: the same quotes for three patiences, the whole engine behind each.
//
//   node examples/own-strategy/main.mjs
import { Decimal, VirtualClock } from '@cex-arbitrage/common'
import { CapturedExchange, commonStartMs, replayQuotes } from '@cex-arbitrage/trading'
import { createPaperEngine, limits } from '../support/paper-engine.mjs'
import { runAsProgram } from '../support/run-as-program.mjs'
import { PersistentEdgeStrategy } from './persistent-edge.mjs'
import { loadSeries } from './quotes.mjs'

const minutes = 2
/** Before the first quote, in which the engine starts. */
const headStartMs = 10_000
const shutdownMs = 5_000

const sizing = {
  ...limits,
  minNetEdgeBps: 2,
  minNotional: Decimal.of(10),
  maxNotional: Decimal.of(500),
  unwindMargin: Decimal.parse('0.02'),
  maxSurplusNotional: Decimal.of(5),
  slackShare: Decimal.parse('0.5'),
}

/** @param {Awaited<ReturnType<typeof loadSeries>>} series @param {number} holdMs */
async function backtest(series, holdMs) {
  const clock = new VirtualClock(commonStartMs(series) - headStartMs)
  const exchanges = series.map((each) => new CapturedExchange(each, clock))
  /** @type {Record<string, number>} */
  const ends = {}
  let profit = Decimal.zero
  const engine = await createPaperEngine({
    clock,
    seed: 2,
    latencyMs: 120,
    exchanges,
    symbol: 'BTC/USDT',
    balances: { USDT: '50000', BTC: '1' },
    createStrategy: (sources) => new PersistentEdgeStrategy(sources, { ...sizing, holdMs }),
    onOutcome: ({ end, realisedProfit }) => {
      ends[end] = (ends[end] ?? 0) + 1
      profit = profit.plus(realisedProfit)
    },
  })
  await clock.runUntil(engine.start())
  const sources = series.map((each, index) => ({ series: each, feed: exchanges[index].marketData }))
  await replayQuotes({ sources, clock, isBusy: () => true })
  await clock.runUntil(engine.stop(shutdownMs))
  return { ends, profit }
}

/** @param {(line: string) => void} print */
export async function main(print) {
  const series = await loadSeries(minutes)
  print(`${minutes} minutes of quotes, ${series[0].length} of each exchange`)
  for (const holdMs of [0, 300, 1_000]) {
    const { ends, profit } = await backtest(series, holdMs)
    const counts = Object.entries(ends).map(([end, count]) => `${count} ${end}`)
    print(`edge held for ${String(holdMs).padStart(4)} ms: ${counts.join(', ')}; ${profit.toFixed(2)} USDT`)
  }
}

await runAsProgram(import.meta, main)
