// One Gate.io book push: frame bytes -> updated book -> best bid and ask read, against ccxt pro's handlers of its two
// book channels, fed the same changes, against gateio-api with orderbooks, and against what any way has to pay.
import { fileURLToPath } from 'node:url'
import { GateioMarketDataDecoder, gateioFrameKind } from '@cex-arbitrage/exchanges/gateio'
import ccxt from 'ccxt'
import { WebsocketClient } from 'gateio-api'
import orderbooks from 'orderbooks'
import {
  assertSameBook,
  createByteLoop,
  createCcxtContender,
  createEngineContender,
} from './support/book-contenders.mjs'
import { createTraffic } from './support/book-traffic.mjs'
import {
  createCcxtMarket,
  encodeObu,
  encodeUpdate,
  instrument,
  priceDecimals,
  quantityDecimals,
} from './support/gateio-frames.mjs'
import { countCollections, measureHeapBytes, measureRounds, median, ratioOf } from './support/rounds.mjs'

export const title = 'Gate.io: one book push of about 27 levels into a book of 100 levels a side'

const rounds = 7
const perRound = 20_000
const warmUp = 20_000
const collectedCalls = 180_000
const goals = { ccxt: 8, sdk: 12, jsonParse: 3.5, byteLoop: 5, heapBytes: 128 }
const { OrderBookLevel, OrderBooksStore } = orderbooks

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  const shape = { segments: rounds + 1, perSegment: perRound, priceDecimals, quantityDecimals }
  const updates = createTraffic({ encode: encodeUpdate, ...shape })
  const obu = createTraffic({ encode: encodeObu, ...shape })
  const decoder = new GateioMarketDataDecoder('spot')
  const ours = createEngineContender({ decoder, bookKind: gateioFrameKind.book, instrument, traffic: updates })
  const theirs = [createCcxt('order_book_update', updates), createCcxt('obu', obu)]
  const [sdk, parse, loop] = [createSdk(updates), createJsonParse(updates), createByteLoop(updates)]
  for (const contender of [ours, ...theirs]) assertSameBook(contender, updates, perRound)
  const results = measureRounds([ours, ...theirs, sdk, parse, loop], { rounds, perRound, warmUp })
  const collections = await countCollections(ours, { calls: collectedCalls, perSegment: perRound, segments: rounds })
  ours.prepare(1)
  const heapBytes = measureHeapBytes(ours, { first: perRound, calls: perRound })
  const note = `${updates.bytesPerFrame.toFixed(0)} B and ${updates.levelsPerFrame.toFixed(1)} levels a frame`
  const medianNs = median(results.get(ours.name))
  const against = ({ name }, goal, goalId) => ({
    name: `against ${name}`,
    medianNs,
    ratio: ratioOf(results, name, ours.name),
    goal,
    goalId,
  })
  return [
    { name: ours.name, medianNs, note },
    ...[...theirs, sdk, parse, loop].map(({ name }) => ({ name, medianNs: median(results.get(name)) })),
    against(theirs[0], goals.ccxt),
    against(theirs[1], goals.ccxt, '1'),
    against(sdk, goals.sdk, '2'),
    against(parse, goals.jsonParse, '5-gateio'),
    {
      name: `${goals.byteLoop} times ${loop.name}`,
      medianNs,
      ratio: goals.byteLoop * ratioOf(results, loop.name, ours.name),
      goal: 1,
      goalId: '6',
      note: `it takes ${ratioOf(results, ours.name, loop.name).toFixed(2)} times as long`,
    },
    {
      name: 'heap budget over heap used',
      ratio: goals.heapBytes / Math.max(heapBytes, 1),
      goal: 1,
      goalId: '7-gateio',
      note: `${heapBytes.toFixed(0)} bytes a frame`,
    },
    {
      name: `frames without a collection, of ${collectedCalls}`,
      ratio: collections === 0 ? 1 : 0,
      goal: 1,
      goalId: '7-collections',
      note: `${collections} collections`,
    },
  ]
}

function createCcxt(channel, traffic) {
  const exchange = new ccxt.pro.gate({ enableRateLimit: false, newUpdates: true })
  exchange.options.watchOrderBook = { ...exchange.options.watchOrderBook, checksum: false }
  exchange.setMarkets([createCcxtMarket(exchange)])
  const name = `ccxt pro ${ccxt.version} handler of ${channel}`
  return createCcxtContender({ name, exchange, toData: (frame) => frame.toString(), traffic })
}

/** The exchange's kit for Node with the store of books that its makers recommend. */
function createSdk({ frames, snapshots }) {
  const symbol = instrument.exchangeSymbol
  const quiet = { trace: () => undefined, info: () => undefined, error: (...words) => console.error(...words) }
  const client = new WebsocketClient({}, quiet)
  const level = (side) => (each) => OrderBookLevel(symbol, Number(each[0]), side, Number(each[1]))
  const [bid, ask] = [level('Buy'), level('Sell')]
  let store
  let sum = 0
  client.on('update', ({ result }) => {
    const removed = []
    const changed = []
    for (const each of [...result.b.map(bid), ...result.a.map(ask)]) (each[3] === 0 ? removed : changed).push(each)
    const book = store.handleDelta(symbol, removed, changed, [], result.t)
    sum += book.getBestBid() + book.getBestAsk()
  })
  return {
    name: 'gateio-api with orderbooks',
    prepare(segment) {
      const { bids, asks } = snapshots[segment]
      store = new OrderBooksStore({ maxDepth: Number.MAX_SAFE_INTEGER })
      store.handleSnapshot(symbol, [...asks.map(ask), ...bids.map(bid)])
    },
    run(index) {
      client.onWsMessage({ data: frames[index].toString(), type: 'message' }, 'spotV4', null)
      if (Number.isNaN(sum)) throw new Error('the book is empty')
    },
  }
}

/** Of a text that is there already. */
function createJsonParse({ frames }) {
  let texts = []
  let first = 0
  let sum = 0
  return {
    name: 'JSON.parse alone, of a ready text',
    prepare(segment) {
      first = segment * perRound
      texts = frames.slice(first, first + perRound).map(String)
    },
    run(index) {
      sum += JSON.parse(texts[index - first]).time
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify({ title, rows: await run() }))
  process.exit(0)
}
