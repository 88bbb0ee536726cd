// One MEXC book push: frame bytes -> updated book -> best bid and ask read, against ccxt pro's handler of the same frame and
// against protobufjs, which only decodes it.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MexcMarketDataDecoder, mexcFrameKind } from '@cex-arbitrage/exchanges/mexc'
import ccxt from 'ccxt'
import protobuf from 'protobufjs'
import { assertSameBook, createCcxtContender, createEngineContender } from './support/book-contenders.mjs'
import { createTraffic } from './support/book-traffic.mjs'
import { encodePush, instrument, priceDecimals, quantityDecimals } from './support/mexc-frames.mjs'
import { measureHeapBytes, measureRounds, median, ratioOf } from './support/rounds.mjs'

export const title = 'MEXC: one book push of about 27 levels into a book of 100 levels a side'

const rounds = 7
const perRound = 20_000
const warmUp = 20_000
const goals = { ccxt: 8, protobuf: 2, heapBytes: 128 }
const schema = new URL('../../packages/exchanges/src/implementations/mexc/wire/push-data.proto', import.meta.url)

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  const shape = { segments: rounds + 1, perSegment: perRound, priceDecimals, quantityDecimals }
  const traffic = createTraffic({ encode: encodePush, ...shape })
  const decoder = new MexcMarketDataDecoder()
  const ours = createEngineContender({ decoder, bookKind: mexcFrameKind.book, instrument, traffic })
  const theirs = await createCcxt(traffic)
  const decode = createProtobuf(traffic)
  for (const contender of [ours, theirs]) assertSameBook(contender, traffic, perRound)
  const results = measureRounds([ours, theirs, decode], { rounds, perRound, warmUp })
  ours.prepare(1)
  const heapBytes = measureHeapBytes(ours, { first: perRound, calls: perRound })
  const note = `${traffic.bytesPerFrame.toFixed(0)} B and ${traffic.levelsPerFrame.toFixed(1)} levels a frame`
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
    ...[theirs, decode].map(({ name }) => ({ name, medianNs: median(results.get(name)) })),
    against(theirs, goals.ccxt, '4'),
    against(decode, goals.protobuf, '5-mexc'),
    {
      name: 'heap budget over heap used',
      ratio: goals.heapBytes / Math.max(heapBytes, 1),
      goal: 1,
      goalId: '7-mexc',
      note: `${heapBytes.toFixed(0)} bytes a frame`,
    },
  ]
}

async function createCcxt(traffic) {
  const exchange = new ccxt.pro.mexc({ enableRateLimit: false })
  await exchange.loadExchangeSpecificFiles()
  const precision = { amount: 1e-8, price: 1e-8 }
  const names = { id: 'BTCUSDT', symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT' }
  exchange.setMarkets([exchange.safeMarketStructure({ ...names, type: 'spot', spot: true, active: true, precision })])
  const name = `ccxt pro ${ccxt.version} handler`
  return createCcxtContender({ name, exchange, toData: (frame) => frame, traffic })
}

function createProtobuf({ frames }) {
  const wrapper = protobuf.parse(readFileSync(schema, 'utf8')).root.lookupType('PushDataV3ApiWrapper')
  let levels = 0
  return {
    name: 'protobufjs, which only decodes',
    prepare: () => undefined,
    run(index) {
      levels += wrapper.decode(frames[index]).publicAggreDepths.asks.length
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify({ title, rows: await run() }))
  process.exit(0)
}
