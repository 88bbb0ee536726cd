import { SymbolException, type Instrument, type OrderBook, type Trade } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { readFixture } from '../../testing/read-fixture.js'
import { parseSymbol } from '@cex-arbitrage/common'
import { LocalVenue } from '../../testing/local-venue.js'
import { answerMexcText } from './fixtures/subscription-answer.js'
import { MexcMarketDataFeed } from './market-data-feed.js'
import { MexcRestClient } from './rest-client.js'
import { createPushFrame } from './fixtures/push-frame.js'

const btc = createTestInstrument()
const pair = (base: string): Instrument =>
  createTestInstrument({ ...parseSymbol(`${base}/USDT`), exchangeSymbol: `${base}USDT` })
const topicOf = (symbol: string): string => `spot@public.aggre.depth.v3.api.pb@10ms@${symbol}`
const update = (from: number, to: number, quantity: string, symbol = 'BTCUSDT') =>
  createPushFrame(symbol, {
    bids: [{ price: '100', quantity }],
    asks: [],
    fromVersion: String(from),
    toVersion: String(to),
  })

describe('MexcMarketDataFeed', () => {
  let venue: LocalVenue
  let rest: MexcRestClient
  let feed: MexcMarketDataFeed
  let lastUpdateId: number

  beforeEach(async () => {
    venue = await LocalVenue.start(answerMexcText)
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: Date.now() }))
    lastUpdateId = 100
    venue.routes.set('GET /api/v3/depth', () => ({
      lastUpdateId,
      bids: [['100', '1']],
      asks: [['101.00', '2']],
      timestamp: 1,
    }))
    rest = new MexcRestClient(venue.context())
    feed = new MexcMarketDataFeed(venue.context(), rest)
  })

  afterEach(async () => {
    await feed.close()
    await rest.close()
    await venue.close()
  })

  const trust = async (instrument = btc, symbol = 'BTCUSDT'): Promise<OrderBook> => {
    await feed.subscribe([instrument])
    venue.push(update(lastUpdateId, lastUpdateId, '1', symbol))
    const book = feed.book(instrument.id)!
    await waitFor(() => book.trust === 'trusted', 'a trusted book')
    return book
  }

  it('subscribes, puts updates on a snapshot and tells its listeners', async () => {
    const seen: number[] = []
    feed.addListener({ onBook: ({ sequence, trust: state }) => void (state === 'trusted' && seen.push(sequence)) })
    const book = await trust()
    venue.push(update(101, 103, '7.5'))
    await waitFor(() => book.sequence === 103, 'the update')
    expect(btc.lotsToQuantity(book.bids.quantityLotsAt(0)).toString()).toBe('7.5')
    expect(seen).toEqual([100, 103])
    expect(feed.health).toMatchObject({
      connected: true,
      epoch: 1,
      reconnects: 0,
      slowFrames: 0,
      corruptFrames: 0,
      books: { applied: 1, dropped: 1, gaps: 0, resyncs: 1 },
    })
    expect(venue.seen('GET', '/api/v3/depth')[0]!.url).toBe('/api/v3/depth?symbol=BTCUSDT&limit=500')
  })

  it('distrusts a book at a gap until a later snapshot has come', async () => {
    const book = await trust()
    lastUpdateId = 130
    const states: string[] = []
    feed.addListener({ onBook: (each) => void states.push(`${each.trust} ${each.quarantineCause}`) })
    venue.push(update(120, 125, '3'))
    await waitFor(() => book.sequence === 130, 'the second snapshot')
    expect(states[0]).toBe('quarantined gap')
    expect(book.trust).toBe('trusted')
    expect(feed.health.books).toMatchObject({ gaps: 1, quarantines: 1, resyncs: 2 })
  })

  it('distrusts every book of a connection on a frame that nobody can read', async () => {
    const book = await trust()
    venue.push(Buffer.from('0a05ff', 'hex'))
    await waitFor(() => feed.health.corruptFrames === 1, 'the corrupt frame')
    await waitFor(() => book.trust === 'trusted' && feed.health.books.resyncs === 2, 'the resync')
    expect(feed.health.books.quarantines).toBe(1)
  })

  it('distrusts only the book that a corrupt frame names', async () => {
    await feed.subscribe([btc, pair('ETH')])
    venue.push(update(100, 100, '1'))
    venue.push(update(100, 100, '1', 'ETHUSDT'))
    const other = feed.book(pair('ETH').id)!
    await waitFor(() => feed.health.books.resyncs === 2, 'two trusted books')
    venue.push(update(101, 101, 'NaN'))
    await waitFor(() => feed.health.books.quarantines === 1, 'the quarantine')
    expect(other.trust).toBe('trusted')
  })

  it('heals after a broken connection with a new epoch and a new snapshot', async () => {
    const book = await trust()
    const states: string[] = []
    feed.addListener({
      onBook: (each) => void states.push(each.trust === 'trusted' ? 'trusted' : each.quarantineCause),
    })
    venue.streams.last.socket.terminate()
    await waitFor(() => venue.streams.clients.length === 2 && feed.connected, 'a second connection')
    lastUpdateId = 200
    venue.push(update(200, 200, '1'))
    await waitFor(() => book.trust === 'trusted', 'the resync')
    expect(states[0]).toBe('disconnected')
    expect(book).toMatchObject({ sequence: 200, epoch: 2 })
    expect(feed.health).toMatchObject({ epoch: 2, reconnects: 1 })
  })

  it('asks again for a book that is refused after a break although it was served before', async () => {
    const book = await trust()
    venue.blockedTopics.add(topicOf('BTCUSDT'))
    venue.streams.last.socket.terminate()
    await waitFor(() => venue.streams.clients.length === 2 && feed.connected, 'a second connection')
    venue.blockedTopics.clear()
    await waitFor(() => book.trust === 'trusted', 'the resync')
    expect(venue.streams.clients).toHaveLength(2)
    expect(book.epoch).toBe(2)
  })

  it('keeps its books through a planned change of connection', async () => {
    const book = await trust()
    const { sockets } = feed as unknown as {
      readonly sockets: { readonly connections: readonly { rotate(): Promise<void> }[] }
    }
    await sockets.connections[0]!.rotate()
    expect(venue.streams.clients.length).toBe(2)
    venue.push(update(101, 103, '5'))
    venue.push(update(104, 104, '6'))
    await waitFor(() => book.sequence === 104, 'the updates of the new connection')
    expect(book).toMatchObject({ trust: 'trusted', epoch: 2 })
    expect(feed.health).toMatchObject({ epoch: 2, reconnects: 0, books: { quarantines: 0, gaps: 0, resyncs: 1 } })
    await waitFor(() => venue.streams.open.length === 1, 'the end of the old connection')
    venue.push(update(105, 105, '7'))
    await waitFor(() => book.sequence === 105, 'an update after the change')
    expect(feed.connected).toBe(true)
  })

  it('names the instruments that the exchange refuses and keeps the others', async () => {
    venue.blockedTopics.add(topicOf('NOPEUSDT'))
    const subscribing = feed.subscribe([btc, pair('NOPE')])
    await expect(subscribing).rejects.toThrow(SymbolException)
    await expect(subscribing).rejects.toThrow(/NOPE\/USDT/)
    expect(feed.book(btc.id)).toBeDefined()
    expect(feed.book(pair('NOPE').id)).toBeUndefined()
  })

  it('spreads more pairs than one connection serves, in frames that are short enough', async () => {
    const many = Array.from({ length: 31 }, (_, i) => pair(`龙虾${i}`))
    await feed.subscribe(many)
    expect(venue.streams.open.length).toBe(2)
    for (const { received } of venue.streams.open)
      for (const text of received) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_024)
    venue.push(update(100, 100, '1', '龙虾30USDT'))
    await waitFor(() => feed.book(many[30]!.id)!.trust === 'trusted', 'the book of the 31st pair')
    await feed.unsubscribe(many.slice(30))
    await waitFor(() => venue.streams.open.length === 1, 'the empty connection to close')
    expect(feed.connected).toBe(true)
  })

  it('brings trades when a listener wants them, also one that comes later', async () => {
    await trust()
    const trades: Trade[] = []
    const listener = { onBook: () => undefined, onTrade: (trade: Trade) => void trades.push(trade) }
    feed.addListener(listener)
    await waitFor(() => venue.streams.last.received.some((text) => text.includes('aggre.deals')), 'the subscription')
    const { protobuf } = readFixture<{ readonly protobuf: readonly { readonly name: string; readonly hex: string }[] }>(
      import.meta.url,
      './fixtures/vectors.json',
    )
    venue.push(Buffer.from(protobuf.find(({ name }) => name === 'aggre-deals')!.hex, 'hex'))
    await waitFor(() => trades.length === 2, 'the trades')
    expect(trades[0]).toMatchObject({ side: 'sell', instrumentId: btc.id })
    feed.removeListener(listener)
  })

  it('tries a snapshot again that cannot be read', async () => {
    let asked = 0
    venue.routes.set('GET /api/v3/depth', () => ({
      lastUpdateId,
      bids: [['100', '1']],
      asks: [[++asked === 1 ? '101.001' : '101', '2']],
    }))
    const book = await trust()
    expect(asked).toBe(2)
    expect(book.asks.depth).toBe(1)
  })

  it('forgets what is unsubscribed', async () => {
    const book = await trust()
    await feed.unsubscribe([btc, pair('ETH')])
    expect(feed.book(btc.id)).toBeUndefined()
    expect(book.quarantineCause).toBe('disconnected')
    await feed.subscribe([])
    await trust()
    expect(feed.roundedQuantities).toBe(0)
  })
})
