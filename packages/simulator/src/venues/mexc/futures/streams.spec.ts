import { Decimal } from '@cex-arbitrage/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type MexcBench, startMexcBench } from '../../../testing/mexc-bench.js'
import { MexcFuturesClient } from '../../../testing/mexc-futures-client.js'
import type { Frame, StreamClient } from '../../../testing/stream-client.js'

const name = 'BTC/USDT:USDT'
let bench: MexcBench
let client: MexcFuturesClient
let stream: StreamClient

beforeEach(async () => {
  bench = await startMexcBench()
  client = new MexcFuturesClient(bench.address, { apiKey: 'mx0vAlice', secret: 'alice-secret' }, bench.clock)
  bench.venue.perpetuals!.steer(name, { markPrice: Decimal.of(60_000) })
  stream = await client.connect()
})

afterEach(async () => {
  stream.close()
  await bench.close()
})

const core = () => bench.venue.perpetuals!.core
const place = (accountId: string, side: 'buy' | 'sell', priceTicks: number, quantityLots: number): void => {
  core().place({ accountId, symbol: name, side, kind: 'limit', timeInForce: 'gtc', priceTicks, quantityLots })
}
const on = (channel: string, fits: (data: Frame) => boolean = () => true): Promise<Frame> =>
  stream.frame((frame) => frame['channel'] === channel && fits(frame['data'] as Frame), channel)
async function subscribe(method: string, param: Frame = { symbol: 'BTC_USDT' }): Promise<void> {
  stream.send({ method, param })
  await on(`rs.${method}`)
}

describe('the streams of perpetuals', () => {
  it('answer pings, and end a minute after the last of them', async () => {
    stream.send({ method: 'ping' })
    expect(await on('pong')).toMatchObject({ data: bench.clock.nowMs() })
    await subscribe('sub.ticker')
    await bench.clock.advance(59_999)
    expect(stream.isClosed).toBe(false)
    await bench.clock.advance(1)
    await expect.poll(() => stream.isClosed).toBe(true)
  })

  it('push the changes of the book without a gap', async () => {
    place('house', 'sell', 600_000, 5)
    await bench.clock.advance(200)
    await subscribe('sub.depth')
    place('house', 'buy', 599_000, 7)
    place('house', 'buy', 599_000, 1)
    await bench.clock.advance(200)
    expect(await on('push.depth')).toMatchObject({
      symbol: 'BTC_USDT',
      data: { begin: 1_000_002, end: 1_000_003, version: 1_000_003, bids: [[59_900, 8, 2]], asks: [] },
    })
    place('house', 'buy', 600_000, 5)
    await bench.clock.advance(200)
    expect(await on('push.depth', ({ begin }) => begin === 1_000_004)).toMatchObject({
      data: { asks: [[60_000, 0, 0]] },
    })
    const heard = stream.frames.length
    await subscribe('unsub.depth')
    place('house', 'buy', 598_000, 7)
    await bench.clock.advance(200)
    stream.send({ method: 'ping' })
    await on('pong')
    expect(stream.frames.slice(heard).some(({ channel }) => channel === 'push.depth')).toBe(false)
  })

  it('push a book that is the true one after a lively market', async () => {
    stream.close()
    await bench.close()
    bench = await startMexcBench({ market: { kind: 'synthetic', volatility: 5, tradesPerSecond: 10 }, seed: 11 })
    client = new MexcFuturesClient(bench.address, { apiKey: 'mx0vAlice', secret: 'alice-secret' }, bench.clock)
    stream = await client.connect()
    await subscribe('sub.depth')
    const snapshot = (await client.get('/api/v1/contract/depth/BTC_USDT')).body['data'] as Frame
    await bench.clock.advance(3_000)
    bench.venue.perpetuals!.hold(true)
    await bench.clock.advance(200)
    stream.send({ method: 'ping' })
    await on('pong')
    const held = { asks: new Map<number, number>(), bids: new Map<number, number>() }
    const apply = (book: Frame): void => {
      for (const side of ['asks', 'bids'] as const)
        for (const [price, volume] of book[side] as [number, number][])
          if (volume === 0) held[side].delete(price)
          else held[side].set(price, volume)
    }
    apply(snapshot)
    let version = Number(snapshot['version'])
    const diffs = stream.frames.filter(({ channel }) => channel === 'push.depth').map(({ data }) => data as Frame)
    expect(diffs.length).toBeGreaterThan(10)
    for (const diff of diffs) {
      if (Number(diff['end']) <= version) continue
      expect(Number(diff['begin'])).toBeLessThanOrEqual(version + 1)
      apply(diff)
      version = Number(diff['end'])
    }
    const { asks, bids, sequence } = bench.venue.truth().perpetuals!.books[name]!
    expect(version).toBe(sequence)
    const rows = (side: 'asks' | 'bids', sign: 1 | -1) =>
      [...held[side]].toSorted(([a], [b]) => (a - b) * sign).map(([price, volume]) => [String(price), String(volume)])
    expect(rows('asks', 1)).toEqual(asks)
    expect(rows('bids', -1)).toEqual(bids)
  })

  it('push whole books, deals, tickers, prices and rates', async () => {
    await subscribe('sub.depth.full', { symbol: 'BTC_USDT', limit: 5 })
    for (const method of ['sub.deal', 'sub.ticker', 'sub.funding.rate', 'sub.index.price', 'sub.fair.price'])
      await subscribe(method)
    await subscribe('sub.tickers', {})
    place('house', 'sell', 600_000, 5)
    place('house', 'buy', 600_000, 2)
    expect(await on('push.deal')).toMatchObject({ data: [{ p: 60_000, v: 2, T: 1 }] })
    await bench.clock.advance(200)
    expect(await on('push.depth.full')).toMatchObject({ data: { asks: [[60_000, 3, 1]], bids: [] } })
    await bench.clock.advance(15_000)
    expect(await on('push.ticker')).toMatchObject({
      symbol: 'BTC_USDT',
      data: { lastPrice: 60_000, fairPrice: 60_000 },
    })
    expect(await on('push.tickers')).toMatchObject({ data: [{ symbol: 'BTC_USDT' }, { symbol: 'MX_USDT' }] })
    expect(await on('push.index.price')).toMatchObject({ data: { symbol: 'BTC_USDT' } })
    expect(await on('push.fair.price')).toMatchObject({ data: { price: 60_000 } })
    expect(await on('push.funding.rate')).toMatchObject({
      data: { rate: 0, nextSettleTime: bench.venue.perpetuals!.funding.nextAtMs },
    })
    await subscribe('unsub.depth.full')
  })

  it('tell what they do not know, or say nothing, or close', async () => {
    stream.send({ method: 'sub.depth', param: { symbol: 'X' } })
    expect(await on('rs.error')).toMatchObject({ data: 'Contract [X] not exists' })
    const heard = stream.frames.length
    stream.send({ method: 'sub.nothing', param: {} })
    stream.send({ method: 'dance' })
    stream.send('no json')
    stream.send({ noMethod: true })
    stream.send({ method: 'ping' })
    await on('pong')
    expect(stream.frames).toHaveLength(heard + 1)
    stream.send({ method: 'sub.depth' })
    await expect.poll(() => stream.isClosed).toBe(true)
  })

  it('tell the owner of orders, deals, positions and assets once logged in', async () => {
    place('alice', 'buy', 590_000, 1)
    stream.send(client.login())
    expect(await on('rs.login')).toMatchObject({ data: 'success' })
    place('alice', 'buy', 600_000, 10)
    place('house', 'sell', 600_000, 4)
    expect(await on('push.personal.order', ({ dealVol }) => dealVol === 4)).toMatchObject({
      data: { state: 2, vol: 10, side: 1, orderId: expect.any(String) },
    })
    expect(await on('push.personal.order.deal')).toMatchObject({ data: { vol: 4, price: 60_000, isTaker: false } })
    expect(await on('push.personal.position')).toMatchObject({ data: { holdVol: 4, positionType: 1, state: 1 } })
    expect(await on('push.personal.asset')).toMatchObject({ data: { currency: 'USDT' } })
    expect(
      stream.frames.some(({ channel, data }) => channel === 'push.personal.order' && (data as Frame)['vol'] === 1),
    ).toBe(false)
  })

  it('tell only what was chosen, and nothing without or after a login', async () => {
    stream.send({ method: 'personal.filter', param: { filters: [{ filter: 'order' }] } })
    expect(await on('rs.error')).toMatchObject({ data: 'Verify failed' })
    stream.send({ method: 'login', param: { apiKey: 'mx0vAlice', reqTime: '1', signature: 'x' } })
    await on('rs.error', (text) => (text as unknown) === 'Invalid request')
    stream.send({ ...client.login(), subscribe: false })
    await on('rs.login')
    place('alice', 'buy', 590_000, 1)
    stream.send({ method: 'personal.filter', param: { filters: [{ filter: 'order' }] } })
    await on('rs.personal.filter')
    place('alice', 'buy', 590_000, 2)
    await on('push.personal.order')
    bench.venue.faults.add({ kind: 'session_expiry' })
    await bench.clock.advance(1)
    place('alice', 'buy', 590_000, 3)
    stream.send({ method: 'ping' })
    await on('pong')
    const personal = stream.frames.filter(({ channel }) => String(channel).startsWith('push.personal'))
    expect(personal.map(({ channel, data }) => [channel, (data as Frame)['vol']])).toEqual([['push.personal.order', 2]])
  })

  it('drop and repeat frames as faults say', async () => {
    await subscribe('sub.deal')
    place('house', 'sell', 600_000, 50)
    bench.venue.faults.add({ kind: 'drop', channel: 'push.deal', count: 1 })
    place('house', 'buy', 600_000, 1)
    bench.venue.faults.add({ kind: 'duplicate', channel: 'push.deal', symbol: name, count: 1 })
    place('house', 'buy', 600_000, 2)
    const deals = await stream.framesOf(({ channel }) => channel === 'push.deal', 2)
    expect(deals.map(({ data }) => (data as Frame[])[0]!['v'])).toEqual([2, 2])
  })

  it('lose acknowledgements of orders that were taken', async () => {
    const order = { symbol: 'BTC_USDT', price: 59_000, vol: 1, side: 1, type: 1, openType: 1, leverage: 10 }
    bench.venue.faults.add({ kind: 'lost_acknowledgement', route: 'POST */order/create', count: 1 })
    await expect(client.post('/api/v1/private/order/create', order)).rejects.toThrow()
    bench.venue.faults.add({ kind: 'error_after', route: 'POST */order/create', status: 500, apiKey: 'mx0vAlice' })
    expect((await client.post('/api/v1/private/order/create', order)).status).toBe(500)
    expect(core().openOrders('alice')).toHaveLength(2)
  })
})
