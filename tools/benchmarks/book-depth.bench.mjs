// The cost of a Gate.io book push as books get deeper, against ccxt pro's handler of the channel that it subscribes to.
import { fileURLToPath } from 'node:url'
import { GateioMarketDataDecoder, gateioFrameKind } from '@cex-arbitrage/exchanges/gateio'
import ccxt from 'ccxt'
import { assertSameBook, createCcxtContender, createEngineContender } from './support/book-contenders.mjs'
import { createTraffic } from './support/book-traffic.mjs'
import { createCcxtMarket, encodeObu, instrument, priceDecimals, quantityDecimals } from './support/gateio-frames.mjs'
import { measureRounds, median, ratioOf } from './support/rounds.mjs'

export const title = 'Gate.io: one book push of about 27 levels into deep books'

const rounds = 5
const perRound = 4_000
const warmUp = 20_000
const depths = [
  { depth: 1_000, goal: 15 },
  { depth: 5_000, goal: 35 },
]

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  return depths.flatMap(({ depth, goal }) => {
    const shape = { segments: rounds + 1, perSegment: perRound, depth, priceDecimals, quantityDecimals }
    const traffic = createTraffic({ encode: encodeObu, ...shape })
    const decoder = new GateioMarketDataDecoder('spot')
    const ours = createEngineContender({ decoder, bookKind: gateioFrameKind.book, instrument, traffic })
    const theirs = createCcxt(traffic)
    for (const contender of [ours, theirs]) assertSameBook(contender, traffic, perRound)
    const results = measureRounds([ours, theirs], { rounds, perRound, warmUp })
    return [
      { name: `${depth} levels a side: ${theirs.name}`, medianNs: median(results.get(theirs.name)) },
      {
        name: `${depth} levels a side: ${ours.name}`,
        medianNs: median(results.get(ours.name)),
        ratio: ratioOf(results, theirs.name, ours.name),
        goal,
        goalId: `3-${depth}`,
      },
    ]
  })
}

function createCcxt(traffic) {
  const exchange = new ccxt.pro.gate({ enableRateLimit: false, newUpdates: true })
  exchange.options.watchOrderBook = { ...exchange.options.watchOrderBook, checksum: false }
  exchange.setMarkets([createCcxtMarket(exchange)])
  const name = `ccxt pro ${ccxt.version} handler of obu`
  return createCcxtContender({ name, exchange, toData: (frame) => frame.toString(), traffic })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify({ title, rows: await run() }))
  process.exit(0)
}
