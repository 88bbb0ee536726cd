import { Decimal, SymbolException, type OrderBook, type Trade } from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalGateio } from '../../testing/local-gateio.js'
import { readFixture } from '../../testing/read-fixture.js'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { GateioMarketDataFeed } from './market-data-feed.js'
import { GateioRestClient } from './rest-client.js'

const instrument = createTestInstrument({ exchangeSymbol: 'BTC_USDT', tickSize: Decimal.parse('0.1') })
const snapshotOf = (id: number) => ({ json: { id, current: 1, update: 7, bids: [['100', '1']], asks: [['101', '1']] } })
const update = (U: number, u: number, bids: readonly (readonly [string, string])[] = []) => ({
  time: 1,
  channel: 'spot.order_book_update',
  event: 'update',
  result: { t: 1, s: 'BTC_USDT', U, u, b: bids, a: [] },
})

let venue: LocalGateio
let rest: GateioRestClient
let feed: GateioMarketDataFeed
let clock: ManualClock | undefined
beforeEach(async () => {
  clock = undefined
  venue = await LocalGateio.start()
  venue.routes.set('GET /spot/order_book', () => snapshotOf(10))
})
afterEach(async () => {
  const closing = Promise.all([feed.close(), rest.close()])
  await clock?.advance(5_000)
  await closing
  await venue.close()
})

function build(options: Readonly<Record<string, unknown>> = {}): void {
  const context = venue.context(options, clock)
  rest = new GateioRestClient(context)
  feed = new GateioMarketDataFeed(context, rest)
}
const book = (): OrderBook => feed.book(instrument.id)!
const trusted = (sequence: number) =>
  waitFor(() => book().trust === 'trusted' && book().sequence === sequence, `the book at ${sequence}`)

describe('the Gate.io market-data feed', () => {
  it('joins the queried snapshot with the stream and confirms the age of the question', async () => {
    build({ streamIntervalMs: 100 })
    await feed.subscribe([instrument])
    await feed.subscribe([instrument])
    expect(venue.requests).toMatchObject([{ channel: 'spot.order_book_update', payload: ['BTC_USDT', '100ms'] }])
    await trusted(10)
    venue.push(update(11, 12, [['100.5', '2']]))
    await trusted(12)
    expect(book().bids.priceTicksAt(0)).toBe(1005)
    expect(feed.health).toMatchObject({
      connected: true,
      epoch: 1,
      reconnects: 0,
      corruptFrames: 0,
      books: { applied: 1 },
    })
    expect(feed.connected).toBe(true)
    expect(feed.roundedQuantities).toBe(0)
  })

  it('asks again for a snapshot that is older than the stream', async () => {
    let asked = 0
    venue.routes.set('GET /spot/order_book', () => {
      if (++asked === 1) venue.push(update(15, 15))
      return snapshotOf(asked === 1 ? 10 : 14)
    })
    build()
    await feed.subscribe([instrument])
    await waitFor(() => book().trust === 'trusted' && book().sequence === 15, 'the book at 15')
    expect(asked).toBeGreaterThan(1)
  })

  it('follows an obu stream, whose snapshot may come before the acknowledgement', async () => {
    const push = (result: object) => venue.push({ channel: 'spot.obu', event: 'update', result })
    let at = 10
    venue.onRequest = (request, client) => {
      if (request.event === 'subscribe') at += 10
      if (request.event === 'subscribe')
        push({ t: 1, full: true, s: 'ob.BTC_USDT.50', u: at, b: [['100', '1']], a: [['101', '1']] })
      venue.acknowledge(request, client)
    }
    build({ bookFeed: 'obu' })
    await feed.subscribe([instrument])
    await trusted(20)
    push({ t: 1, s: 'ob.BTC_USDT.50', U: 23, u: 24, b: [['100.5', '1']] })
    await waitFor(() => venue.requests.length >= 3, 'the new subscription')
    expect(venue.requests.map((each) => each.event)).toEqual(['subscribe', 'unsubscribe', 'subscribe'])
    await trusted(30)
    expect(feed.health.books).toMatchObject({ gaps: 1, quarantines: 1, resyncs: 2 })
  })

  it('tells listeners of trades, also of one that comes later, and counts what it cannot read', async () => {
    build()
    await feed.subscribe([instrument])
    const trades: Trade[] = []
    const listener = { onBook: () => undefined, onTrade: (trade: Trade) => void trades.push(trade) }
    feed.addListener(listener)
    await waitFor(() => venue.requests.some((each) => each.channel === 'spot.trades'), 'the subscription of trades')
    const frame = readFixture<{ readonly result: object }>(import.meta.url, './fixtures/ws-trade.json')
    venue.push({ ...frame, result: { ...frame.result, currency_pair: 'BTC_USDT' } })
    venue.push(frame)
    venue.push({ ...frame, result: { odd: true } })
    venue.push('[]')
    await waitFor(() => feed.health.corruptFrames === 2, 'the unreadable frames')
    expect(
      trades.map(({ side, price, quantity, tradeId }) => [side, String(price), String(quantity), tradeId]),
    ).toEqual([['sell', '0.4705', '16.47', '309143071']])
    feed.removeListener(listener)
    feed.removeListener(listener)
  })

  it('names what the venue refuses, and tries again what it could not do', async () => {
    build()
    feed.addListener({ onBook: () => undefined, onTrade: () => undefined })
    venue.onRequest = (request, client) => venue.refuse(request, client, 2, 'unknown currency pair: BTC_USDT')
    await expect(feed.subscribe([instrument])).rejects.toBeInstanceOf(SymbolException)
    expect(feed.book(instrument.id)).toBeUndefined()
    let failures = 0
    venue.onRequest = (request, client) => {
      if (++failures <= 2) venue.refuse(request, client, 3, 'Server side error happened')
      else venue.acknowledge(request, client)
    }
    await feed.subscribe([instrument])
    await trusted(10)
  })

  it('distrusts the book of a damaged frame, and every book when not even the symbol can be read', async () => {
    build()
    await feed.subscribe([instrument])
    await trusted(10)
    const causes: string[] = []
    feed.addListener({
      onBook: ({ trust, quarantineCause }) => void (trust === 'quarantined' && causes.push(quarantineCause)),
    })
    venue.push(update(11, 11, [['100.55', '1']]))
    await waitFor(() => causes.length === 1, 'the first distrust')
    await trusted(10)
    venue.push('{"channel":"spot.order_book_update","event":"upd')
    await waitFor(() => causes.length === 2, 'the second distrust')
    expect(causes).toEqual(['corrupt', 'corrupt'])
    await trusted(10)
    expect(feed.health.corruptFrames).toBe(2)
  })

  it('keeps a snapshot out that does not lie on the grid', async () => {
    venue.routes.set('GET /spot/order_book', () => ({ json: { id: 10, bids: [['100.55', '1']], asks: [] } }))
    build()
    await feed.subscribe([instrument])
    await waitFor(() => venue.seen('GET', '/spot/order_book').length >= 2, 'another try')
    expect(book().trust).not.toBe('trusted')
  })

  it('moves to another socket without a break when an upgrade is announced', async () => {
    build()
    await feed.subscribe([instrument])
    await trusted(10)
    const trusts: string[] = []
    feed.addListener({ onBook: ({ trust }) => void trusts.push(trust) })
    venue.push(readFixture(import.meta.url, './fixtures/ws-system-upgrade.json'))
    await waitFor(() => feed.health.epoch === 2, 'the new socket')
    venue.push(update(11, 11))
    await trusted(11)
    expect(new Set(trusts)).toEqual(new Set(['trusted']))
    expect(feed.health.reconnects).toBe(0)
  })

  it('doubts a silent book, confirms it when nothing has moved, and drops the connection when something has', async () => {
    clock = new ManualClock()
    let id = 10
    venue.routes.set('GET /spot/order_book', () => snapshotOf(id))
    build()
    const run = async (condition: () => boolean, stepMs: number): Promise<void> => {
      for (let i = 0; i < 400 && !condition(); i++) await clock!.advance(stepMs)
      expect(condition()).toBe(true)
    }
    let isSubscribed = false
    void feed.subscribe([instrument]).then(() => (isSubscribed = true))
    await run(() => isSubscribed && book().trust === 'trusted', 20)
    // Pongs keep the connection alive while no book is pushed.
    venue.onRequest = (request, client) => {
      if (request.channel === 'spot.ping')
        client.socket.send('{"time":1,"channel":"spot.pong","event":"","result":null}')
      else venue.acknowledge(request, client)
    }
    await run(() => feed.health.books.resyncs === 2, 250)
    expect(book().trust).toBe('trusted')
    expect(feed.health.reconnects).toBe(0)
    id = 25
    await run(() => feed.health.reconnects === 1 && book().trust === 'trusted', 250)
    expect(book().sequence).toBe(25)
  })
})
