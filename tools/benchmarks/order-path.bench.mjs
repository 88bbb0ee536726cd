// Where the time between a change of the books and two orders in their sockets goes, step by step: a trade of the engine's
// own classes on stand-ins, as it is rehearsed (everything but the sockets and the journal's file). Once in a young process,
// once in a tight loop, once with a pause between any two, which is how trades come.
import { Decimal, Instrument, createExchangeId, parseSymbol, systemClock, systemRandom } from '@cex-arbitrage/common'
import { ComponentRegistry, RehearsalOrders } from '@cex-arbitrage/exchanges'
import { registerExchange as registerGateio } from '@cex-arbitrage/exchanges/gateio'
import { registerExchange as registerMexc } from '@cex-arbitrage/exchanges/mexc'
import { DiscardingJournal } from '@cex-arbitrage/storage'
import { TradingRehearsal } from '@cex-arbitrage/trading'
import { median } from './support/rounds.mjs'
import { StepStamps, steps } from './support/step-stamps.mjs'
import { pause } from './support/two-local-venues.mjs'

export const title = 'Order path by step: change of the books -> two orders written, on stand-ins (median; p90)'

const phases = [
  { name: 'first 20 of a process', rounds: 20, pauseMs: 0, warmUp: 0 },
  { name: 'tight loop', rounds: 500, pauseMs: 0, warmUp: 2_000 },
  { name: '50 ms between', rounds: 100, pauseMs: 50, warmUp: 0 },
]

/** @returns {Promise<import('../run-benchmarks.mjs').BenchRow[]>} */
export async function run() {
  const stamps = new StepStamps()
  await stamps.install()
  const rehearsal = await createRehearsal()
  try {
    const rows = []
    for (const { name, rounds, pauseMs, warmUp } of phases) {
      for (let i = 0; i < warmUp; i++) await rehearsal.rehearse()
      rows.push(...describe(name, await measure(rehearsal, stamps, rounds, pauseMs)))
    }
    return rows
  } finally {
    await rehearsal.close()
    stamps.uninstall()
  }
}

async function measure(rehearsal, stamps, rounds, pauseMs) {
  const results = []
  for (let i = 0; i < rounds; i++) {
    if (pauseMs > 0) await pause(pauseMs)
    stamps.begin()
    const startedAt = performance.now()
    await rehearsal.rehearse()
    const result = stamps.end(startedAt)
    if (result !== undefined) results.push(result)
  }
  if (results.length < rounds / 2) throw new Error(`only ${results.length} of ${rounds} rehearsals went the whole way`)
  return results
}

function describe(phase, results) {
  const totals = results.map((result) => steps.reduce((sum, step) => sum + result[step], 0))
  return [
    row(`${phase}: all steps`, totals),
    ...steps.map((step) =>
      row(
        `  ${step}`,
        results.map((result) => result[step]),
      ),
    ),
  ]
}

const row = (name, us) => ({
  name,
  medianNs: median(us) * 1_000,
  note: `p90 ${[...us].sort((a, b) => a - b)[Math.floor(us.length * 0.9)].toFixed(0)} us`,
})

async function createRehearsal() {
  const registry = new ComponentRegistry()
  registerGateio(registry)
  registerMexc(registry)
  const sources = { clock: systemClock, random: systemRandom }
  const legs = [
    ['mexc', 'BTCUSDT', '0.01', '0.000001'],
    ['gateio', 'BTC_USDT', '0.1', '0.00001'],
  ].map(([name, exchangeSymbol, tickSize, lotSize]) => {
    const exchange = createExchangeId(name)
    const instrument = new Instrument({
      ...parseSymbol('BTC/USDT'),
      exchange,
      marketType: 'spot',
      exchangeSymbol,
      tickSize: Decimal.parse(tickSize),
      lotSize: Decimal.parse(lotSize),
      minNotional: Decimal.of(5),
      fees: { maker: Decimal.zero, taker: Decimal.parse('0.001'), assetRule: 'received' },
      status: 'trading',
    })
    return { instrument, orders: RehearsalOrders.create(registry, exchange, 'spot', sources) }
  })
  return TradingRehearsal.create({ legs, journal: new DiscardingJournal(), ...sources })
}
