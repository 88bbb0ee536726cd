// Opportunity scan per top-of-book change, 5 exchanges x 100 symbols. The incremental evaluation (net quotes of a slot written,
// verdict of the spot-spot strategy) against rescans of all symbols, in typed arrays and in objects under string keys, which
// are not charged for writing the change. Besides, the whole way of a book event through board and strategy.
import { asClientOrderId, asCorrelationId, createAssetId, createExchangeId, createSymbol } from '@cex-arbitrage/common'
import { BookChanges, Decimal, Instrument, OrderBook, SeededRandom, systemClock } from '@cex-arbitrage/common'
import { MarketBoard, SpotSpotStrategy } from '@cex-arbitrage/trading'

export const title = 'opportunity scan: one change of a best quote, 5 exchanges x 100 symbols, no edge'

const exchangeCount = 5
const symbolCount = 100
const eventCount = 4096
const rounds = 7
const warmUps = 20_000

/** Quotes of all exchanges lie within their fees of each other, so that no change makes an edge. */
function createWorld() {
  const random = new SeededRandom(5100)
  const quote = createAssetId('USDT')
  const instruments = []
  for (let s = 0; s < symbolCount; s++) {
    const base = createAssetId(`A${s}`)
    for (let e = 0; e < exchangeCount; e++)
      instruments.push(
        new Instrument({
          exchange: createExchangeId(`e${e}`),
          marketType: 'spot',
          symbol: createSymbol(base, quote),
          base,
          quote,
          exchangeSymbol: `A${s}_USDT`,
          tickSize: Decimal.parse('0.0001'),
          lotSize: Decimal.parse('0.01'),
          fees: { maker: Decimal.parse('0.001'), taker: Decimal.of(10 + e, 4), assetRule: 'quote' },
          status: 'trading',
        }),
      )
  }
  const books = instruments.map((instrument, slot) => {
    const middle = 100_000 + ((Math.floor(slot / exchangeCount) * 7919) % 9_000_000)
    return [createBook(instrument, middle), createBook(instrument, middle * 1.0001)]
  })
  const turns = books.map(() => 0)
  const events = Array.from({ length: eventCount }, () => {
    const slot = random.integer(0, books.length - 1)
    turns[slot] = 1 - turns[slot]
    return books[slot][turns[slot]]
  })
  return { instruments, books, events }
}

function createBook(instrument, middle) {
  const book = new OrderBook(instrument, 4)
  const changes = new BookChanges(2)
  changes.priceTicks[0] = Math.floor(middle * 0.9999)
  changes.priceTicks[1] = Math.ceil(middle * 1.0001)
  changes.quantityLots.fill(1000)
  changes.bidEnd = 1
  changes.askEnd = 2
  book.load(changes)
  book.trust = 'trusted'
  return book
}

/** Every slot has two books with different quotes, prepared, so that each event is a change and no book is written. */
function createEngine() {
  const { instruments, books, events } = createWorld()
  const board = new MarketBoard(instruments)
  const ids = {
    nextCorrelationId: () => asCorrelationId('bench'),
    nextClientOrderId: () => asClientOrderId('bench'),
  }
  const zero = Decimal.zero
  const account = { available: () => zero }
  const options = {
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
  }
  const strategy = new SpotSpotStrategy({ board, account, clock: systemClock, ids, options })
  let hits = 0
  board.setListener({
    onMarketChange(slot) {
      if (strategy.evaluate(slot) !== 'no_edge') hits++
    },
  })
  for (const [book] of books) board.onBook(book)
  return { board, strategy, events, hits: () => hits }
}

export async function run() {
  const engine = createEngine()
  const { board, strategy, events } = engine
  const { netBid, netAsk } = board
  const slots = exchangeCount * symbolCount
  let sink = 0

  const eventSlots = Int32Array.from(events, ({ instrument }) => board.slotOf(instrument.id))
  const bids = Float64Array.from(eventSlots, (slot) => netBid[slot])
  const asks = Float64Array.from(eventSlots, (slot) => netAsk[slot])
  const incremental = (count) => {
    for (let i = 0; i < count; i++) {
      const event = i & (eventCount - 1)
      const slot = eventSlots[event]
      netBid[slot] = bids[event]
      netAsk[slot] = asks[event]
      if (strategy.evaluate(slot) !== 'no_edge') sink++
    }
  }
  const wholeEvent = (count) => {
    for (let i = 0; i < count; i++) board.onBook(events[i & (eventCount - 1)])
  }
  const fullTyped = (count) => {
    for (let i = 0; i < count; i++)
      for (let s = 0; s < slots; s += exchangeCount) {
        let bid = Number.NEGATIVE_INFINITY
        let ask = Number.POSITIVE_INFINITY
        for (let slot = s; slot < s + exchangeCount; slot++) {
          if (netBid[slot] > bid) bid = netBid[slot]
          if (netAsk[slot] < ask) ask = netAsk[slot]
        }
        if (bid > ask * 1.00035) sink++
      }
  }
  const names = Array.from({ length: symbolCount }, (_, s) => `A${s}/USDT`)
  const venues = Array.from({ length: exchangeCount }, (_, e) => `e${e}`)
  const quotes = new Map(
    board.instruments.map((instrument, slot) => [
      `${instrument.exchange}:${instrument.symbol}`,
      { bid: netBid[slot], ask: netAsk[slot], fee: instrument.fees.taker.toNumber() },
    ]),
  )
  const fullObjects = (count) => {
    for (let i = 0; i < count; i++)
      for (const name of names)
        for (const buy of venues)
          for (const sell of venues) {
            if (buy === sell) continue
            const one = quotes.get(`${buy}:${name}`)
            const other = quotes.get(`${sell}:${name}`)
            if (other.bid * (1 - other.fee) > one.ask * (1 + one.fee) * 1.00035) sink++
          }
  }

  const contenders = [
    [incremental, 400_000],
    [wholeEvent, 400_000],
    [fullTyped, 8_000],
    [fullObjects, 20],
  ]
  for (let i = 0; i < warmUps; i++) {
    incremental(1)
    wholeEvent(1)
  }
  for (const [contender, count] of contenders) contender(count)
  const times = contenders.map(() => [])
  for (let round = 0; round < rounds; round++)
    contenders.forEach(([contender, count], index) => times[index].push(timeOf(contender, count)))
  const [evaluation, event, typed, objects] = times
  if (engine.hits() + sink > 0) throw new Error('The world of this bench must make no edge.')
  const ratioOf = (rescan) => median(rescan.map((ns, round) => ns / evaluation[round]))
  return [
    { name: 'incremental evaluation of one change', medianNs: median(evaluation) },
    { name: 'whole book event: book, board, strategy, verdict', medianNs: median(event) },
    { name: 'full rescan, typed arrays', medianNs: median(typed), ratio: ratioOf(typed), goal: 30, goalId: '18-typed' },
    {
      name: 'full rescan, objects and string keys',
      medianNs: median(objects),
      ratio: ratioOf(objects),
      goal: 3000,
      goalId: '18-objects',
    },
  ]
}

function timeOf(contender, count) {
  const start = process.hrtime.bigint()
  contender(count)
  return Number(process.hrtime.bigint() - start) / count
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
