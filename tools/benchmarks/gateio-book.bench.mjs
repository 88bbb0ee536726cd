// One Gate.io book push: frame bytes -> updated book -> best bid and ask read, against ccxt pro's handlers of its two
// book channels, fed the same changes.
import { fileURLToPath } from 'node:url'
import { BookChanges, Decimal, OrderBook } from '@cex-arbitrage/common'
import { BookSyncTally, BookSynchronizer } from '@cex-arbitrage/exchanges'
import { GateioMarketDataDecoder, gateioFrameKind } from '@cex-arbitrage/exchanges/gateio'
import ccxt from 'ccxt'
import { createTraffic } from './support/book-traffic.mjs'
import {
  createCcxtMarket,
  encodeObu,
  encodeUpdate,
  instrument,
  priceDecimals,
  quantityDecimals,
} from './support/gateio-frames.mjs'
import { measureHeapBytes, measureRounds, median } from './support/rounds.mjs'

export const title = 'Gate.io: one book push of about 27 levels into a book of 100 levels a side'

const rounds = 7
const perRound = 20_000
const warmUp = 20_000
const goalRatio = 8
const goalHeapBytes = 128
/** The traffic's books are wider than the channel's window, so nothing is cut. */
const wholeBook = undefined

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  const shape = { segments: rounds + 1, perSegment: perRound, priceDecimals, quantityDecimals }
  const updates = createTraffic({ encode: encodeUpdate, ...shape })
  const obu = createTraffic({ encode: encodeObu, ...shape })
  const ours = createOurs(updates)
  const theirs = [createCcxt('order_book_update', updates), createCcxt('obu', obu)]
  for (const contender of [ours, ...theirs]) assertSameBook(contender, updates)
  const results = measureRounds([ours, ...theirs], { rounds, perRound, warmUp })
  const own = results.get(ours.name)
  ours.prepare(1)
  const heapBytes = measureHeapBytes(ours, { first: perRound, calls: perRound })
  const words = `${updates.bytesPerFrame.toFixed(0)} B and ${updates.levelsPerFrame.toFixed(1)} levels a frame`
  return [
    ...theirs.map(({ name }) => ({ name, medianNs: median(results.get(name)), note: words })),
    ...theirs.map(({ name }) => ({
      name: `${ours.name} against ${name}`,
      medianNs: median(own),
      ratio: median(results.get(name).map((ns, i) => ns / own[i])),
      goal: goalRatio,
      note: `${heapBytes.toFixed(0)} heap bytes a frame`,
    })),
    { name: 'heap budget over heap used', medianNs: 0, ratio: goalHeapBytes / Math.max(heapBytes, 1), goal: 1 },
  ]
}

function createOurs({ frames, snapshots }) {
  const decoder = new GateioMarketDataDecoder('spot')
  decoder.addInstrument(instrument)
  const rules = { streamedDepth: wholeBook, snapshotDepth: undefined, crossedFramesTolerated: 0, maxBufferedFrames: 9 }
  const host = { requestSnapshot: () => undefined, onBook: () => undefined }
  let sync
  let sum = 0
  return {
    name: 'decoder and synchroniser',
    prepare(segment) {
      sync = new BookSynchronizer(new OrderBook(instrument), rules, new BookSyncTally(), host)
      sync.onConnected(1)
      sync.onQuiet()
      sync.onSnapshot(toChanges(snapshots[segment]), 1)
    },
    run(index) {
      if (decoder.decode(frames[index]) !== gateioFrameKind.book) throw new Error(`frame ${index} was not read`)
      sync.onChanges(decoder.changes, index)
      sum += sync.book.bids.priceTicksAt(0) + sync.book.asks.priceTicksAt(0)
    },
    read() {
      const { bids, asks, trust } = sync.book
      if (trust !== 'trusted' || Number.isNaN(sum) || decoder.slowFrames > 0) throw new Error('the book is not right')
      const levels = (side) =>
        Array.from({ length: side.depth }, (_, i) => [
          side.priceTicksAt(i) / 10 ** priceDecimals,
          side.quantityLotsAt(i) / 10 ** quantityDecimals,
        ])
      return { bids: levels(bids), asks: levels(asks) }
    },
  }
}

function createCcxt(channel, { frames, snapshots }) {
  const symbol = 'BTC/USDT'
  const exchange = new ccxt.pro.gate({ enableRateLimit: false, newUpdates: true })
  exchange.options.watchOrderBook = { ...exchange.options.watchOrderBook, checksum: false }
  exchange.setMarkets([createCcxtMarket(exchange)])
  const client = exchange.client('wss://127.0.0.1:1/')
  const numbers = (levels) => levels.map(([price, quantity]) => [Number(price), Number(quantity)])
  let sum = 0
  return {
    name: `ccxt pro ${ccxt.version} handler of ${channel}`,
    prepare(segment) {
      const { sequence, bids, asks } = snapshots[segment]
      const snapshot = { symbol, nonce: sequence, bids: numbers(bids), asks: numbers(asks) }
      exchange.orderbooks[symbol] = exchange.orderBook(snapshot, Number.MAX_SAFE_INTEGER)
    },
    run(index) {
      client.onMessage({ data: frames[index].toString() })
      const book = exchange.orderbooks[symbol]
      sum += book.bids[0][0] + book.asks[0][0]
    },
    read() {
      if (Number.isNaN(sum)) throw new Error('the book is empty')
      const { bids, asks } = exchange.orderbooks[symbol]
      return { bids: bids.map(([p, q]) => [p, q]), asks: asks.map(([p, q]) => [p, q]) }
    },
  }
}

/** After a segment, a contender's book must be the generator's, level by level. */
function assertSameBook({ name, prepare, run: apply, read }, { snapshots }) {
  prepare(0)
  for (let i = 0; i < perRound; i++) apply(i)
  const held = read()
  for (const side of ['bids', 'asks'])
    for (const [i, [price, quantity]] of snapshots[1][side].entries())
      if (held[side][i]?.[0] !== Number(price) || held[side][i]?.[1] !== Number(quantity))
        throw new Error(`${name}: ${side} differ at level ${i}`)
}

function toChanges({ sequence, bids, asks }) {
  const changes = new BookChanges(bids.length + asks.length)
  for (const [i, [price, quantity]] of [...bids, ...asks].entries()) {
    changes.priceTicks[i] = instrument.priceToTicks(Decimal.parse(price), 'exact')
    changes.quantityLots[i] = instrument.quantityToLots(Decimal.parse(quantity), 'exact')
  }
  changes.bidEnd = bids.length
  changes.askEnd = bids.length + asks.length
  changes.firstSequence = sequence
  changes.lastSequence = sequence
  return changes
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify({ title, rows: await run() }))
  process.exit(0)
}
