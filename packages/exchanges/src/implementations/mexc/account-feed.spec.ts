import { parseSymbol, type Balance, type Fill, type OrderUpdate } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFixture } from '../../testing/read-fixture.js'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { LocalVenue } from '../../testing/local-venue.js'
import { answerMexcText } from './fixtures/subscription-answer.js'
import { MexcAccountFeed } from './account-feed.js'
import { MexcRestClient } from './rest-client.js'

const { protobuf } = readFixture<{ readonly protobuf: readonly { readonly name: string; readonly hex: string }[] }>(
  import.meta.url,
  './fixtures/vectors.json',
)
const frame = (name: string): Buffer => Buffer.from(protobuf.find((each) => each.name === name)!.hex, 'hex')
const mx = createTestInstrument({ ...parseSymbol('MX/USDT'), exchangeSymbol: 'MXUSDT' })
const abc = createTestInstrument({ ...parseSymbol('ABC/USDT'), exchangeSymbol: 'ABCUSDT' })
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('MexcAccountFeed', () => {
  let venue: LocalVenue
  let rest: MexcRestClient
  let feed: MexcAccountFeed
  let keys: number
  const events: string[] = []
  const orders: OrderUpdate[] = []
  const fills: Fill[] = []
  const balances: (Balance & { readonly at: number })[] = []
  const listener = {
    onOrder: (update: OrderUpdate) => void orders.push(update),
    onFill: (fill: Fill) => void fills.push(fill),
    onBalance: (balance: Balance, at: number) => void balances.push({ ...balance, at }),
    onConnected: () => void events.push('connected'),
    onDisconnected: () => void events.push('disconnected'),
  }

  beforeEach(async () => {
    for (const list of [events, orders, fills, balances]) list.splice(0)
    venue = await LocalVenue.start(answerMexcText)
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: Date.now() }))
    keys = 0
    venue.routes.set('POST /api/v3/userDataStream', () => ({ listenKey: `key-${++keys}` }))
    venue.routes.set('GET /api/v3/userDataStream', () => ({ listenKey: ['key-1'], total: 200, available: 198 }))
    venue.routes.set('PUT /api/v3/userDataStream', (query) => ({ listenKey: query.get('listenKey') }))
    venue.routes.set('DELETE /api/v3/userDataStream', () => ({}))
    rest = new MexcRestClient(venue.context())
    feed = new MexcAccountFeed(venue.context(), rest)
  })

  afterEach(async () => {
    await feed.close()
    await rest.close()
    await venue.close()
  })

  it('opens with a listen key, subscribes to the three streams, and deletes the key at the end', async () => {
    await feed.open([mx], listener)
    expect(events).toEqual(['connected'])
    expect(feed.connected).toBe(true)
    expect(venue.streams.last.url).toBe('/?listenKey=key-1')
    const { params } = JSON.parse(venue.streams.last.received[0]!) as { readonly params: readonly string[] }
    expect(params).toEqual([
      'spot@private.orders.v3.api.pb',
      'spot@private.deals.v3.api.pb',
      'spot@private.account.v3.api.pb',
    ])
    await feed.open([abc], listener)
    expect(venue.streams.clients.length).toBe(1)
    await feed.close()
    expect(events).toEqual(['connected', 'disconnected'])
    expect(venue.seen('DELETE', '/api/v3/userDataStream')[0]!.url).toContain('listenKey=key-1&')
  })

  it('maps orders, fills and balances of the instruments asked for', async () => {
    await feed.open([mx, abc], listener)
    for (const name of ['private-orders-partial', 'private-orders-market-buy', 'private-deals', 'private-account'])
      venue.push(frame(name))
    await waitFor(() => balances.length === 1, 'the pushes')
    expect(plain(orders)).toEqual([
      {
        instrumentId: mx.id,
        clientOrderId: 'arb_0001-b',
        exchangeOrderId: 'C02__600000000000000000001',
        side: 'sell',
        status: 'partially_filled',
        quantity: '12.5',
        price: '2.4321',
        filledQuantity: '5',
        filledNotional: '12.1605',
        exchangeTimeMs: 1_760_000_001_234,
      },
      {
        instrumentId: abc.id,
        exchangeOrderId: 'C02__583905164440776704043',
        side: 'buy',
        status: 'filled',
        quantity: '2000',
        filledQuantity: '2000',
        filledNotional: '2.014',
        exchangeTimeMs: 1_754_996_075_610,
      },
    ])
    expect(plain(fills)).toEqual([
      {
        fillId: '505979017439002624X1',
        instrumentId: mx.id,
        exchangeOrderId: 'C02__505979017439002624115',
        side: 'sell',
        price: '3.6962',
        quantity: '1',
        fee: '0.0003998377369698171',
        feeAsset: 'MX',
        role: 'taker',
        exchangeTimeMs: 1_736_417_034_280,
      },
    ])
    expect(plain(balances)).toEqual([
      { asset: 'USDT', free: '0.006016465074677006', locked: '4.4022', at: 1_758_134_605_364 },
    ])
  })

  it('passes over pairs that nobody asked for', async () => {
    await feed.open([abc], listener)
    venue.push(frame('private-deals'))
    venue.push(frame('private-account'))
    await waitFor(() => balances.length === 1, 'the pushes')
    expect(fills).toEqual([])
  })

  it('tells a break, comes back with the same key renewed, and tells that too', async () => {
    await feed.open([mx], listener)
    venue.streams.last.socket.terminate()
    await waitFor(() => events.length === 3, 'the reconnect')
    expect(events).toEqual(['connected', 'disconnected', 'connected'])
    expect(venue.streams.last.url).toBe('/?listenKey=key-1')
    expect(venue.seen('PUT', '/api/v3/userDataStream').length).toBe(1)
  })

  it('makes a new key when the old one has ended', async () => {
    await feed.open([mx], listener)
    venue.routes.set('PUT /api/v3/userDataStream', () => ({
      status: 400,
      body: '{"code":730002,"msg":"Parameter error"}',
    }))
    venue.streams.last.socket.terminate()
    await waitFor(() => events.length === 3, 'the reconnect')
    expect(venue.streams.last.url).toBe('/?listenKey=key-2')
  })

  it('connects anew when the service says that the key is not valid', async () => {
    await feed.open([mx], listener)
    venue.push('Invalid listen key')
    await waitFor(() => events.length === 3, 'the reconnect')
    expect(venue.streams.last.url).toBe('/?listenKey=key-2')
  })

  it('treats a push that it cannot read as a break', async () => {
    await feed.open([mx], listener)
    venue.push(Buffer.from('0a05ff', 'hex'))
    await waitFor(() => events.length === 3, 'the reconnect')
    expect(feed.unreadableFrames).toBe(1)
  })

  it('fails to open when the key is refused', async () => {
    venue.routes.set('POST /api/v3/userDataStream', () => ({
      status: 400,
      body: '{"code":700002,"msg":"Signature for this request is not valid."}',
    }))
    await expect(feed.open([mx], listener)).rejects.toThrow(/700002/)
    expect(feed.connected).toBe(false)
  })

  it('comes back when the streams are refused for a while after a break', async () => {
    await feed.open([mx], listener)
    venue.blockedTopics.add('spot@private.orders.v3.api.pb')
    venue.streams.last.socket.terminate()
    await waitFor(() => venue.streams.clients.length === 3, 'two refusals')
    venue.blockedTopics.clear()
    await waitFor(() => events.length === 3, 'the reconnect')
    expect(feed.connected).toBe(true)
  })

  it('fails to open when the streams are refused', async () => {
    venue.blockedTopics.add('spot@private.orders.v3.api.pb')
    await expect(feed.open([mx], listener)).rejects.toThrow(/Check the key's rights/)
    expect(keys).toBe(3)
  })

  it('opens with a new listen key when the first has ended before the streams were asked for', async () => {
    venue.blockedTopics.add('spot@private.orders.v3.api.pb')
    const opened = feed.open([mx], listener)
    await waitFor(() => venue.streams.clients.length === 1, 'the first connection')
    await waitFor(() => venue.streams.last.received.length === 1, 'its refusal')
    venue.blockedTopics.clear()
    await opened
    expect(feed.connected).toBe(true)
    expect(venue.streams.last.url).toBe('/?listenKey=key-2')
  })
})
