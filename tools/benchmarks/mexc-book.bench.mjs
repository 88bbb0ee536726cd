// One MEXC book push: frame bytes -> updated book -> best bid and ask read, against ccxt pro's handler of the same frame.
import { fileURLToPath } from 'node:url'
import { BookChanges, Decimal, Instrument, OrderBook, createExchangeId, parseSymbol } from '@cex-arbitrage/common'
import { BookSyncTally, BookSynchronizer } from '@cex-arbitrage/exchanges'
import { MexcMarketDataDecoder, mexcFrameKind } from '@cex-arbitrage/exchanges/mexc'
import ccxt from 'ccxt'
import { createTraffic } from './support/book-traffic.mjs'
import { measureHeapBytes, measureRounds, median } from './support/rounds.mjs'

export const title = 'MEXC: one book push of about 27 levels into a book of 100 levels a side'

const rounds = 7
const perRound = 20_000
const warmUp = 20_000
const priceDecimals = 2
const quantityDecimals = 5
const goalRatio = 8
const goalHeapBytes = 128

const instrument = new Instrument({
  exchange: createExchangeId('mexc'),
  marketType: 'spot',
  ...parseSymbol('BTC/USDT'),
  exchangeSymbol: 'BTCUSDT',
  tickSize: Decimal.of(1n, priceDecimals),
  lotSize: Decimal.of(1n, quantityDecimals),
  fees: { maker: Decimal.zero, taker: Decimal.zero, assetRule: 'quote' },
  status: 'trading',
})

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  const traffic = createTraffic({
    encode: encodePush,
    segments: rounds + 1,
    perSegment: perRound,
    priceDecimals,
    quantityDecimals,
  })
  const ours = createOurs(traffic)
  const theirs = await createCcxt(traffic)
  for (const contender of [ours, theirs]) assertSameBook(contender, traffic)
  const results = measureRounds([ours, theirs], { rounds, perRound, warmUp })
  const [own, other] = [results.get(ours.name), results.get(theirs.name)]
  ours.prepare(1)
  const heapBytes = measureHeapBytes(ours, { first: perRound, calls: perRound })
  const shape = `${traffic.bytesPerFrame.toFixed(0)} B and ${traffic.levelsPerFrame.toFixed(1)} levels a frame`
  return [
    { name: theirs.name, medianNs: median(other), note: shape },
    {
      name: ours.name,
      medianNs: median(own),
      ratio: median(other.map((ns, i) => ns / own[i])),
      goal: goalRatio,
      note: `${heapBytes.toFixed(0)} heap bytes a frame`,
    },
    { name: 'heap budget over heap used', medianNs: 0, ratio: goalHeapBytes / Math.max(heapBytes, 1), goal: 1 },
  ]
}

function createOurs({ frames, snapshots }) {
  const decoder = new MexcMarketDataDecoder()
  decoder.addInstrument(instrument)
  const rules = { streamedDepth: undefined, snapshotDepth: undefined, crossedFramesTolerated: 1, maxBufferedFrames: 9 }
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
      if (decoder.decode(frames[index]) !== mexcFrameKind.book) throw new Error(`frame ${index} was not read`)
      sync.onChanges(decoder.changes, index)
      sum += sync.book.bids.priceTicksAt(0) + sync.book.asks.priceTicksAt(0)
    },
    read() {
      const { bids, asks, trust } = sync.book
      if (trust !== 'trusted' || Number.isNaN(sum)) throw new Error('the book is not trusted')
      const levels = (side) =>
        Array.from({ length: side.depth }, (_, i) => [
          side.priceTicksAt(i) / 10 ** priceDecimals,
          side.quantityLotsAt(i) / 10 ** quantityDecimals,
        ])
      return { bids: levels(bids), asks: levels(asks) }
    },
  }
}

async function createCcxt({ frames, snapshots }) {
  const symbol = 'BTC/USDT'
  const exchange = new ccxt.pro.mexc({ enableRateLimit: false })
  await exchange.loadExchangeSpecificFiles()
  const precision = { amount: 1e-8, price: 1e-8 }
  const market = {
    id: 'BTCUSDT',
    symbol,
    base: 'BTC',
    quote: 'USDT',
    type: 'spot',
    spot: true,
    active: true,
    precision,
  }
  exchange.setMarkets([exchange.safeMarketStructure(market)])
  const client = exchange.client('wss://127.0.0.1:1/')
  const numbers = (levels) => levels.map(([price, quantity]) => [Number(price), Number(quantity)])
  let sum = 0
  return {
    name: `ccxt pro ${ccxt.version} handler`,
    prepare(segment) {
      const { sequence, bids, asks } = snapshots[segment]
      exchange.orderbooks[symbol] = exchange.orderBook({
        symbol,
        nonce: sequence,
        bids: numbers(bids),
        asks: numbers(asks),
      })
    },
    run(index) {
      client.onMessage({ data: frames[index] })
      const book = exchange.orderbooks[symbol]
      sum += book.bids[0][0] + book.asks[0][0]
    },
    read() {
      if (Number.isNaN(sum)) throw new Error('the book is empty')
      const { bids, asks } = exchange.orderbooks[symbol]
      return {
        bids: bids.map(([price, quantity]) => [price, quantity]),
        asks: asks.map(([price, quantity]) => [price, quantity]),
      }
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

/** A push as the exchange writes it: field numbers of `wire/push-data.proto`. */
function encodePush({ from, to, bids, asks }, timeMs) {
  const level = ([price, quantity]) => Buffer.concat([text(1, price), text(2, quantity)])
  const channel = 'spot@public.aggre.depth.v3.api.pb@100ms'
  const body = Buffer.concat([
    ...asks.map((each) => field(1, level(each))),
    ...bids.map((each) => field(2, level(each))),
    text(3, channel),
    text(4, String(from)),
    text(5, String(to)),
  ])
  return Buffer.concat([
    text(1, `${channel}@BTCUSDT`),
    text(3, 'BTCUSDT'),
    varint(6 * 8),
    varint(timeMs),
    field(313, body),
  ])
}

const field = (number, bytes) => Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes])
const text = (number, value) => field(number, Buffer.from(value))

function varint(value) {
  const bytes = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  bytes.push(rest)
  return Buffer.from(bytes)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify({ title, rows: await run() }))
  process.exit(0)
}
