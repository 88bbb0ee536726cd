// Triangular scan per top-of-book change: 500 markets of one exchange with 257 triangles, two ways round each. The verdict
// of the triangular strategy, which looks at the triangles of the changed market, on average and in the market with most of
// them, against all cycles again and against Bellman-Ford from scratch, the usual way to look for cycles of any length.
import { asClientOrderId, asCorrelationId, createAssetId, createExchangeId, createSymbol } from '@cex-arbitrage/common'
import { Decimal, Instrument, SeededRandom, systemClock } from '@cex-arbitrage/common'
import { MarketBoard, TriangularStrategy } from '@cex-arbitrage/trading'
import { measureRounds, median } from './support/rounds.mjs'

export const title = 'triangular scan: one change of a best quote, 500 markets, 514 directed cycles, no edge'

const eventCount = 4096
const fee = 0.001
const halfSpread = 0.0001

/** Three hundred assets against the dollar, some of them against BTC, ETH and USDC as well. */
function createInstruments() {
  const pairs = [
    ['BTC', 'USDT'],
    ['ETH', 'USDT'],
    ['ETH', 'BTC'],
    ['USDC', 'USDT'],
  ]
  for (const [quote, count] of /** @type {const} */ ([
    ['USDT', 300],
    ['BTC', 110],
    ['ETH', 60],
    ['USDC', 26],
  ]))
    for (let i = 0; i < count; i++) pairs.push([`A${i}`, quote])
  return pairs.map(
    ([base, quote]) =>
      new Instrument({
        exchange: createExchangeId('e0'),
        marketType: 'spot',
        symbol: createSymbol(createAssetId(base), createAssetId(quote)),
        base: createAssetId(base),
        quote: createAssetId(quote),
        exchangeSymbol: `${base}_${quote}`,
        tickSize: Decimal.parse('0.0001'),
        lotSize: Decimal.parse('0.01'),
        fees: { maker: Decimal.parse('0.001'), taker: Decimal.parse('0.001'), assetRule: 'quote' },
        status: 'trading',
      }),
  )
}

/** Prices agree but for the spread, so that no change makes an edge. */
function createEngine() {
  const board = new MarketBoard(createInstruments())
  const zero = Decimal.zero
  const strategy = new TriangularStrategy({
    board,
    account: { available: () => zero },
    clock: systemClock,
    ids: {
      nextCorrelationId: () => asCorrelationId('bench'),
      nextClientOrderId: () => asClientOrderId('bench'),
    },
    options: {
      minNetEdgeBps: 3,
      edgeMarginBps: 0.5,
      edgeMarginBpsPerSecond: 4,
      minNotional: zero,
      maxNotional: zero,
      maxPriceDeviation: zero,
      unwindMargin: zero,
      maxSurplusNotional: zero,
      slackShare: zero,
      maxQuoteAgeUs: 1e6,
      maxAgeSkewUs: 1e6,
      legOrder: 'concurrent',
      coolDownMs: 0,
      failureCoolDownMs: 0,
    },
    startAssets: ['USDT', 'BTC'].map(createAssetId),
  })
  const random = new SeededRandom(500)
  const values = new Map()
  const valueOf = (asset) => {
    if (!values.has(asset)) values.set(asset, 0.5 + random.next() * 100)
    return values.get(asset)
  }
  board.instruments.forEach(({ base, quote }, slot) => {
    const price = valueOf(base) / valueOf(quote)
    board.netBid[slot] = price * (1 - halfSpread) * (1 - fee)
    board.netAsk[slot] = (price * (1 + halfSpread)) / (1 - fee)
  })
  return { board, strategy }
}

/** Both directions of every market as edges of a graph of assets. */
function createGraph({ instruments, netBid, netAsk }) {
  const numbers = new Map()
  const numberOf = (asset) => {
    if (!numbers.has(asset)) numbers.set(asset, numbers.size)
    return numbers.get(asset)
  }
  const from = new Int32Array(2 * instruments.length)
  const to = new Int32Array(2 * instruments.length)
  instruments.forEach(({ base, quote }, slot) => {
    from[2 * slot] = to[2 * slot + 1] = numberOf(base)
    to[2 * slot] = from[2 * slot + 1] = numberOf(quote)
  })
  const weights = new Float64Array(2 * instruments.length)
  const distances = new Float64Array(numbers.size)
  return () => {
    for (let slot = 0; slot < instruments.length; slot++) {
      weights[2 * slot] = -Math.log(netBid[slot])
      weights[2 * slot + 1] = Math.log(netAsk[slot])
    }
    distances.fill(0)
    for (let pass = 0; pass < distances.length; pass++) {
      let changed = false
      for (let edge = 0; edge < weights.length; edge++) {
        const reached = distances[from[edge]] + weights[edge]
        if (reached < distances[to[edge]] - 1e-12) {
          distances[to[edge]] = reached
          changed = true
        }
      }
      if (!changed) return false
    }
    return true
  }
}

export async function run() {
  const { board, strategy } = createEngine()
  const { netBid, netAsk, instruments } = board
  const random = new SeededRandom(501)
  const slots = Int32Array.from({ length: eventCount }, () => random.integer(0, instruments.length - 1))
  const worst = instruments.findIndex(({ symbol }) => symbol === 'BTC/USDT')
  const least = 1.00035
  const triangles = Int32Array.from(
    strategy.triangles.flatMap(({ baseSlot, quoteSlot, crossSlot }) => [baseSlot, quoteSlot, crossSlot]),
  )
  const hasCycle = createGraph(board)
  let hits = 0
  const allCycles = () => {
    for (let i = 0; i < triangles.length; i += 3) {
      const [base, quote, cross] = [triangles[i], triangles[i + 1], triangles[i + 2]]
      if (netBid[base] > netAsk[quote] * netAsk[cross] * least) hits++
      if (netBid[cross] * netBid[quote] > netAsk[base] * least) hits++
    }
  }
  const contender = (name, batch, step) => ({
    name,
    prepare: () => undefined,
    run: (index) => {
      for (let i = 0; i < batch; i++) step(index * batch + i)
    },
  })
  const batches = { changed: 4096, worst: 256, all: 128, bellmanFord: 4 }
  const results = measureRounds(
    [
      contender('changed', batches.changed, (i) => {
        if (strategy.evaluate(slots[i & (eventCount - 1)]) !== 'no_edge') hits++
      }),
      contender('worst', batches.worst, () => {
        if (strategy.evaluate(worst) !== 'no_edge') hits++
      }),
      contender('all', batches.all, allCycles),
      contender('bellmanFord', batches.bellmanFord, () => {
        if (hasCycle()) hits++
      }),
    ],
    { rounds: 9, perRound: 60, warmUp: 120 },
  )
  if (hits > 0 || triangles.length !== 3 * 257)
    throw new Error('The world of this bench must have 257 triangles and no edge.')
  const of = (name) => results.get(name).map((ns) => ns / batches[name])
  const [changed, most, all, bellmanFord] = [of('changed'), of('worst'), of('all'), of('bellmanFord')]
  const ratio = (slow, fast) => median(slow.map((ns, round) => ns / fast[round]))
  return [
    { name: 'triangles of the changed market', medianNs: median(changed), note: 'mean over all markets' },
    { name: 'the same in BTC/USDT', medianNs: median(most), note: `${countOf(strategy, worst)} cycles, the worst` },
    { name: 'all cycles again', medianNs: median(all), ratio: ratio(all, changed) },
    { name: 'Bellman-Ford from scratch', medianNs: median(bellmanFord), ratio: ratio(bellmanFord, changed) },
    {
      name: 'Bellman-Ford against the worst market',
      medianNs: median(bellmanFord),
      ratio: ratio(bellmanFord, most),
      goal: 20,
      goalId: '19',
    },
  ]
}

/** Directed cycles through a slot. */
const countOf = ({ triangles }, slot) =>
  2 * triangles.filter(({ baseSlot, quoteSlot, crossSlot }) => [baseSlot, quoteSlot, crossSlot].includes(slot)).length
