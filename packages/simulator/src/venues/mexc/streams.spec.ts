import { readFileSync } from 'node:fs'

import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type MexcBench, startMexcBench } from '../../testing/mexc-bench.js'
import type { MexcSocket } from '../../testing/mexc-client.js'
import type { DecodedMessage } from '../../testing/protobuf-decoder.js'

interface ControlVector {
  readonly send: string
  readonly reply: string
}

const vectors = JSON.parse(
  readFileSync(new URL('./fixtures/ws-control.json', import.meta.url), 'utf8'),
) as readonly ControlVector[]

const depth = 'spot@public.aggre.depth.v3.api.pb@100ms@BTCUSDT'
const fastDepth = 'spot@public.aggre.depth.v3.api.pb@10ms@BTCUSDT'

let bench: MexcBench
let sockets: MexcSocket[] = []

async function start(options: Parameters<typeof startMexcBench>[0] = {}): Promise<void> {
  bench = await startMexcBench(options)
  bench.rest('buy', 59_999.5, 0.5)
  bench.rest('sell', 60_000.5, 0.2)
}

async function connect(...params: string[]): Promise<MexcSocket> {
  const socket = await bench.alice.connect()
  sockets.push(socket)
  if (params.length > 0) await socket.ask(JSON.stringify({ method: 'SUBSCRIPTION', params }))
  return socket
}

const pushed = (socket: MexcSocket, count: number) => waitFor(() => socket.pushes.length >= count, `${count} pushes`)

afterEach(async () => {
  for (const socket of sockets) socket.close()
  sockets = []
  await bench.close()
})

describe('control frames', () => {
  beforeEach(() => start())

  for (const { send, reply } of vectors.filter(({ reply: text }) => !text.includes('[a,b]')))
    it(`answers ${send.slice(0, 60)} as published`, async () => {
      const socket = await connect()
      expect(await socket.ask(send)).toBe(reply)
    })

  it('names accepted and refused parameters of a mixed request', async () => {
    const socket = await connect()
    const answer = await socket.ask(JSON.stringify({ method: 'SUBSCRIPTION', params: [depth, 'd'], id: 3 }))
    expect(JSON.parse(answer)).toEqual({
      id: 3,
      code: 0,
      msg: `Subscribed successful! [${depth}]. Not Subscribed successfully! [d]. Reason： Blocked! `,
    })
  })

  it('blocks private channels without a listen key, and unknown methods', async () => {
    const socket = await connect()
    const ask = (message: object) => socket.ask(JSON.stringify(message))
    const params = ['spot@private.orders.v3.api.pb']
    expect(await ask({ method: 'SUBSCRIPTION', params })).toContain('Blocked!')
    expect(await ask({ method: 'LOGIN', id: -1 })).toContain('"id":0')
    expect(await ask({ method: 'ping' })).toContain('PONG')
  })

  it('leaves unanswered what is no control message', async () => {
    const socket = await connect()
    socket.send('hello')
    socket.send('{"method":7}')
    expect(await socket.ask('{"method":"PING","id":9}')).toBe('{"id":9,"code":0,"msg":"PONG"}')
    expect(socket.texts).toHaveLength(1)
  })

  it('refuses or forgets subscriptions when a fault says so', async () => {
    bench.venue.faults.add({ kind: 'error_before', route: 'WS *depth*', count: 1 })
    const socket = await connect()
    const request = JSON.stringify({ method: 'SUBSCRIPTION', params: [depth] })
    expect(await socket.ask(request)).toContain('Not Subscribed')
    bench.venue.faults.add({ kind: 'request_drop', route: 'WS *depth*', count: 1 })
    socket.send(request)
    expect(await socket.ask('{"method":"PING"}')).toContain('PONG')
    expect(await socket.ask(request)).toContain(`"msg":"${depth}"`)
  })
})

describe('limits of a connection', () => {
  it('acknowledges a 31st subscription and never serves it', async () => {
    await start({ mexc: { streamLimits: { subscriptionsPerConnection: 1 } } })
    const socket = await connect(depth)
    expect(await socket.ask(JSON.stringify({ method: 'SUBSCRIPTION', params: [depth, fastDepth] }))).toContain(
      fastDepth,
    )
    bench.rest('buy', 59_000, 1)
    await bench.clock.advance(100)
    await pushed(socket, 1)
    expect(socket.pushes.map(({ channel }) => channel)).toEqual([depth])
    await socket.ask(JSON.stringify({ method: 'UNSUBSCRIPTION', params: [depth, fastDepth, 'x'] }))
    await socket.ask(JSON.stringify({ method: 'SUBSCRIPTION', params: [fastDepth] }))
    bench.rest('buy', 59_001, 1)
    await bench.clock.advance(10)
    await pushed(socket, 2)
    expect(socket.pushes.at(-1)).toMatchObject({ channel: fastDepth })
  })

  it('closes on frames that are too large or too many', async () => {
    await start()
    const large = await connect()
    large.send('x'.repeat(1025))
    await waitFor(() => large.isClosed, 'the close of the large talker')
    expect(large.closeCode).toBe(1009)
    const fast = await connect()
    for (let i = 0; i < 101; i++) fast.send('{"method":"PING"}')
    await waitFor(() => fast.isClosed, 'the close of the fast talker')
    expect(fast.texts).toHaveLength(100)
  })

  it('cuts a connection without subscription after 30 s', async () => {
    await start()
    const socket = await connect()
    await bench.clock.advance(29_000)
    await socket.ask('{"method":"PING"}')
    await bench.clock.advance(1_000)
    await waitFor(() => socket.isClosed, 'the cut')
    expect(socket.closeCode).toBe(1006)
  })

  it('cuts a silent connection after 60 s unless it sends PING', async () => {
    await start()
    const [silent, alive] = [await connect(depth), await connect(depth)]
    await bench.clock.advance(59_000)
    await alive.ask('{"method":"PING"}')
    await bench.clock.advance(1_000)
    await waitFor(() => silent.isClosed, 'the cut')
    expect(alive.isClosed).toBe(false)
    await bench.clock.advance(60_000)
    await waitFor(() => alive.isClosed, 'the cut of the other')
  })

  it('cuts every connection at the end of its life', async () => {
    await start({ mexc: { streamLimits: { lifetimeMs: 50, idleMs: 1e9, withoutSubscriptionMs: 1e9 } } })
    const socket = await connect()
    await bench.clock.advance(50)
    await waitFor(() => socket.isClosed, 'the cut')
  })
})

describe('public streams', () => {
  beforeEach(() => start())

  it('sends contiguous changed levels that carry a snapshot taken in between', async () => {
    const socket = await connect(depth)
    const book = { buy: new Map<number, number>(), sell: new Map<number, number>() }
    bench.rest('buy', 59_990, 1)
    const snapshot = (await bench.alice.publicCall('/api/v3/depth', { symbol: 'BTCUSDT' })).body as {
      lastUpdateId: number
      bids: [string, string][]
      asks: [string, string][]
    }
    for (const [price, quantity] of snapshot.bids) book.buy.set(Number(price), Number(quantity))
    for (const [price, quantity] of snapshot.asks) book.sell.set(Number(price), Number(quantity))
    bench.rest('sell', 59_999.5, 0.5)
    await bench.clock.advance(100)
    for (const step of [1, 2, 3]) {
      bench.rest('buy', 59_980 + step, step)
      bench.rest('sell', 60_010, step)
      await bench.clock.advance(100)
    }
    await pushed(socket, 4)
    let version = snapshot.lastUpdateId
    for (const diff of socket.bodies('publicAggreDepths')) {
      expect(Number(diff['fromVersion'])).toBeLessThanOrEqual(version + 1)
      expect(diff['eventType']).toBe('spot@public.aggre.depth.v3.api.pb@100ms')
      version = Number(diff['toVersion'])
      for (const [side, rows] of [
        ['buy', diff['bids']],
        ['sell', diff['asks']],
      ] as const)
        for (const { price, quantity } of (rows ?? []) as { price: string; quantity: string }[]) {
          if (Number(quantity) === 0) book[side].delete(Number(price))
          else book[side].set(Number(price), Number(quantity))
        }
    }
    const truth = bench.venue.truth().books['BTC/USDT']!
    expect(version).toBe(truth.sequence)
    const rows = (levels: readonly (readonly [string, string])[]) => levels.map(([p, q]) => [Number(p), Number(q)])
    expect([...book.buy].toSorted(([a], [b]) => b - a)).toEqual(rows(truth.bids))
    expect([...book.sell].toSorted(([a], [b]) => a - b)).toEqual(rows(truth.asks))
  })

  it('pushes at the boundaries of the pace, and only after changes', async () => {
    const socket = await connect(fastDepth)
    await bench.clock.advance(1_000)
    bench.rest('buy', 59_000, 1)
    bench.rest('buy', 59_001, 1)
    await bench.clock.advance(9)
    expect(socket.pushes).toEqual([])
    await bench.clock.advance(1)
    await pushed(socket, 1)
    const { sequence } = bench.venue.core.engine('BTC/USDT')
    expect(socket.pushes).toEqual([
      {
        channel: fastDepth,
        symbol: 'BTCUSDT',
        sendTime: bench.clock.nowMs(),
        publicAggreDepths: {
          bids: [
            { price: '59001', quantity: '1' },
            { price: '59000', quantity: '1' },
          ],
          eventType: 'spot@public.aggre.depth.v3.api.pb@10ms',
          fromVersion: String(sequence - 1),
          toVersion: String(sequence),
          lastOrderCreateTime: bench.clock.nowMs() - 10,
        },
      },
    ])
  })

  it('repeats best prices on changes elsewhere, and once a second without any', async () => {
    const socket = await connect('spot@public.aggre.bookTicker.v3.api.pb@100ms@BTCUSDT')
    await bench.clock.advance(100)
    bench.rest('buy', 59_000, 1)
    await bench.clock.advance(100)
    await bench.clock.advance(1_000)
    await pushed(socket, 3)
    const bodies = socket.bodies('publicAggreBookTicker')
    for (const body of bodies)
      expect(body).toMatchObject({ bidPrice: '59999.5', bidQuantity: '0.5', askPrice: '60000.5', askQuantity: '0.2' })
    expect(Number(bodies[1]!['version'])).toBe(Number(bodies[0]!['version']) + 1)
  })

  it('streams deals, top levels, batches, bars and day statistics', async () => {
    const socket = await connect(
      'spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT',
      'spot@public.limit.depth.v3.api.pb@BTCUSDT@5',
      'spot@public.bookTicker.batch.v3.api.pb@BTCUSDT',
      'spot@public.kline.v3.api.pb@BTCUSDT@Min1',
      'spot@public.kline.v3.api.pb@BTCUSDT@Week1',
      'spot@public.kline.v3.api.pb@MXUSDT@Month1',
      'spot@public.miniTicker.v3.api.pb@BTCUSDT@UTC+8',
      'spot@public.miniTickers.v3.api.pb@24H',
    )
    bench.rest('buy', 60_000.5, 0.05)
    await bench.clock.advance(3_000)
    const named = (name: string): DecodedMessage[] => socket.bodies(name)
    await waitFor(() => named('publicMiniTickers').length > 0 && named('publicMiniTicker').length > 0, 'the tickers')
    expect(named('publicAggreDeals')).toEqual([
      {
        deals: [expect.objectContaining({ price: '60000.5', quantity: '0.05', tradeType: 1 })],
        eventType: 'spot@public.aggre.deals.v3.api.pb@100ms',
      },
    ])
    expect(named('publicLimitDepths').at(-1)).toMatchObject({
      asks: [{ price: '60000.5', quantity: '0.15' }],
      bids: [{ price: '59999.5', quantity: '0.5' }],
      eventType: 'spot@public.limit.depth.v3.api.pb',
    })
    expect(named('publicBookTickerBatch').at(-1)).toMatchObject({ items: [{ askQuantity: '0.15' }] })
    const minute = Math.floor(bench.clock.nowMs() / 60_000) * 60
    const bars = named('publicSpotKline')
    expect(bars.filter(({ interval }) => interval === 'Min1').at(-1)).toEqual({
      interval: 'Min1',
      windowStart: minute,
      openingPrice: '60000.5',
      closingPrice: '60000.5',
      highestPrice: '60000.5',
      lowestPrice: '60000.5',
      volume: '0.05',
      amount: '3000.03',
      windowEnd: minute + 60,
    })
    const week = bars.find(({ interval }) => interval === 'Week1')!
    expect(new Date(Number(week['windowStart']) * 1000).getUTCDay()).toBe(1)
    expect(bars.some(({ interval }) => interval === 'Month1')).toBe(false)
    const stamped = socket.pushes.find((push) => push['publicSpotKline'] !== undefined)!
    expect(stamped).toHaveProperty('createTime')
    expect(stamped).not.toHaveProperty('sendTime')
    expect(named('publicMiniTicker')[0]).toMatchObject({ symbol: 'BTCUSDT', price: '60000.5', quantity: '0.05' })
    expect(named('publicMiniTickers')[0]!['items']).toHaveLength(2)
  })

  it('stops a channel with its last subscriber', async () => {
    const [first, second] = [await connect(depth), await connect(depth)]
    first.close()
    await waitFor(() => bench.venue.sessions.size === 1, 'the first to be gone')
    bench.rest('buy', 59_000, 1)
    await bench.clock.advance(100)
    await pushed(second, 1)
    await second.ask(JSON.stringify({ method: 'UNSUBSCRIPTION', params: [depth] }))
    bench.rest('buy', 59_001, 1)
    await bench.clock.advance(100)
    await second.ask('{"method":"PING"}')
    expect(second.pushes).toHaveLength(1)
  })

  it('suffers drops and duplicates as told', async () => {
    bench.venue.faults.add({ kind: 'duplicate', channel: '*depth*', count: 1 })
    bench.venue.faults.add({ kind: 'drop', channel: '*depth*', skip: 1, count: 1 })
    const socket = await connect(depth)
    for (const price of [59_000, 59_001, 59_002]) {
      bench.rest('buy', price, 1)
      await bench.clock.advance(100)
    }
    await pushed(socket, 3)
    const versions = socket.bodies('publicAggreDepths').map(({ toVersion }) => Number(toVersion))
    expect(versions[1]).toBe(versions[0])
    expect(versions[2]).toBe(versions[1]! + 2)
  })
})

describe('unknown fields', () => {
  it('may be added to every push', async () => {
    await start({ mexc: { unknownFields: true } })
    const socket = await connect(depth)
    bench.rest('buy', 59_000, 1)
    await bench.clock.advance(100)
    await pushed(socket, 1)
    expect(socket.frames[0]!.subarray(-3).toString()).toBe('new')
    expect(socket.bodies('publicAggreDepths')).toHaveLength(1)
  })
})

describe('private streams', () => {
  beforeEach(() => start({ mexc: { rateLimits: { orders: null } } }))

  const signed = async (method: string, path: string, parameters: Record<string, string> = {}) =>
    (await bench.alice.signedCall(method, `/api/v3/${path}`, parameters)).body as Record<string, string>
  const limit = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', quantity: '0.1', price: '59999' }
  /** Bodies in the order in which they came, one name and one telling value each. */
  const story = (socket: MexcSocket): string[] =>
    socket.pushes.map((push) => {
      const { privateAccount, privateDeals, privateOrders } = push as Record<string, Record<string, string>>
      if (privateAccount !== undefined) return `${privateAccount['type']} ${privateAccount['vcoinName']}`
      return privateDeals === undefined ? `order ${privateOrders!['status']}` : 'deal'
    })
  const told = async (socket: MexcSocket, count: number): Promise<string[]> => {
    await bench.clock.advance(5)
    await pushed(socket, count)
    return story(socket)
  }

  it('acknowledges first and publishes after the delay', async () => {
    const socket = await bench.openPrivate()
    const { orderId } = await signed('POST', 'order', { ...limit, newClientOrderId: 'arb-1' })
    expect(socket.pushes).toEqual([])
    expect(await told(socket, 2)).toEqual(['ENTRUST_PLACE USDT', 'order 1'])
    const nowMs = bench.clock.nowMs()
    expect(socket.pushes).toEqual([
      {
        channel: 'spot@private.account.v3.api.pb',
        createTime: nowMs - 5,
        sendTime: nowMs,
        privateAccount: {
          vcoinName: 'USDT',
          coinId: '128f589271cb4951b03e71e6323eb7be',
          balanceAmount: '93997.10005',
          balanceAmountChange: '-6002.89995',
          frozenAmount: '6002.89995',
          frozenAmountChange: '6002.89995',
          type: 'ENTRUST_PLACE',
          time: nowMs - 5,
        },
      },
      {
        channel: 'spot@private.orders.v3.api.pb',
        symbol: 'BTCUSDT',
        sendTime: nowMs,
        privateOrders: {
          id: orderId,
          clientId: 'arb-1',
          price: '59999',
          quantity: '0.1',
          amount: '5999.9',
          avgPrice: '0',
          orderType: 1,
          tradeType: 1,
          remainAmount: '5999.9',
          remainQuantity: '0.1',
          cumulativeQuantity: '0',
          cumulativeAmount: '0',
          status: 1,
          createTime: nowMs - 5,
        },
      },
    ])
  })

  it('tells a resting order’s life: placed, filled in part, cancelled', async () => {
    const socket = await bench.openPrivate()
    await signed('POST', 'order', limit)
    bench.rest('sell', 59_999, 0.54)
    await signed('DELETE', 'openOrders', { symbol: 'BTCUSDT' })
    const events = await told(socket, 7)
    expect(events.slice(0, 4)).toEqual(['ENTRUST_PLACE USDT', 'order 1', 'deal', 'order 3'])
    expect(new Set(events.slice(4, -2))).toEqual(new Set(['ENTRUST USDT', 'ENTRUST BTC', 'ENTRUST_UNFROZEN USDT']))
    expect(events.slice(-2)).toEqual(['order 5', 'ENTRUST_CANCEL USDT'])
    expect(socket.bodies('privateOrders').at(-1)).toMatchObject({
      avgPrice: '59999',
      isMaker: true,
      lastDealQuantity: '0.04',
      cumulativeQuantity: '0.04',
      cumulativeAmount: '2399.96',
      remainAmount: '3599.94',
      remainQuantity: '0.06',
    })
    const last = socket.bodies('privateAccount').findLast(({ vcoinName }) => vcoinName === 'USDT')!
    expect(last).toMatchObject({ frozenAmount: '0', balanceAmount: '97600.04' })
  })

  it('tells a market order with its fee', async () => {
    const socket = await bench.openPrivate()
    await signed('POST', 'order', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.1' })
    const events = await told(socket, 7)
    expect(events.slice(0, 4)).toEqual(['ENTRUST_PLACE USDT', 'order 1', 'deal', 'order 2'])
    expect(events).toContain('TRADE_FEE USDT')
    const [deal] = socket.bodies('privateDeals')
    expect(deal).toMatchObject({ price: '60000.5', amount: '6000.05', feeAmount: '3.000025', feeCurrency: 'USDT' })
    const [fill] = (await signed('GET', 'myTrades', { symbol: 'BTCUSDT' })) as unknown as { id: string }[]
    expect(fill!.id).toBe(deal!['tradeId'])
    expect(socket.bodies('privateOrders').at(-1)).toMatchObject({
      orderType: 5,
      price: '63000.52',
      avgPrice: '60000.5',
      amount: '0',
      remainAmount: '300.002',
      remainQuantity: '0',
    })
  })

  it('tells deposits at once and strangers nothing', async () => {
    const socket = await bench.openPrivate()
    const { core } = bench.venue
    core.accounts.deposit(core.accounts.get('bob'), 'USDT', core.accounts.get('bob').balance('USDT').free)
    core.accounts.deposit(core.accounts.get('alice'), 'MX', core.accounts.get('alice').balance('MX').free)
    expect(await told(socket, 1)).toEqual(['DEPOSIT MX'])
  })

  it('serves public channels on a private connection as well', async () => {
    const socket = await bench.openPrivate()
    await socket.ask(JSON.stringify({ method: 'SUBSCRIPTION', params: [depth] }))
    bench.rest('buy', 59_000, 1)
    await bench.clock.advance(100)
    await pushed(socket, 1)
  })

  it('turns away a key that it does not know', async () => {
    const socket = await bench.alice.connect('unknown')
    await waitFor(() => socket.isClosed, 'the close')
    expect(socket.texts).toEqual(['Invalid listen key'])
  })

  it('counts, renews, deletes and expires listen keys', async () => {
    const keys = async () => (await signed('GET', 'userDataStream'))['listenKey']
    const { listenKey = '' } = await signed('POST', 'userDataStream')
    expect(listenKey).toMatch(/^[0-9a-f]{64}$/)
    expect(await signed('GET', 'userDataStream')).toEqual({ listenKey: [listenKey], total: 60, available: 59 })
    await bench.clock.advance(3_599_000)
    expect(await signed('PUT', 'userDataStream', { listenKey })).toEqual({ listenKey })
    const socket = await bench.alice.connect(listenKey)
    await bench.clock.advance(3_599_000)
    expect(await keys()).toEqual([listenKey])
    await bench.clock.advance(1_000)
    expect(await keys()).toEqual([])
    await waitFor(() => socket.isClosed, 'the close after the end of the key')
    expect(await signed('PUT', 'userDataStream', { listenKey })).toMatchObject({ code: 730002 })
    expect(await signed('DELETE', 'userDataStream', { listenKey })).toMatchObject({ code: 730002 })
    const second = await signed('POST', 'userDataStream')
    expect(await signed('DELETE', 'userDataStream', { listenKey: second['listenKey']! })).toEqual(second)
    for (let i = 0; i < 60; i++) expect(await signed('POST', 'userDataStream')).toHaveProperty('listenKey')
    expect(await signed('POST', 'userDataStream')).toMatchObject({ code: 33333 })
  })

  it('lets five sockets use a key, and ends them when sessions expire', async () => {
    const { listenKey } = await signed('POST', 'userDataStream')
    const opened: MexcSocket[] = []
    for (let i = 0; i < 6; i++) opened.push(await bench.alice.connect(listenKey))
    await waitFor(() => opened[5]!.isClosed, 'the sixth to be turned away')
    bench.venue.faults.add({ kind: 'session_expiry', apiKey: 'mx0vReader' })
    await bench.clock.advance(0)
    expect((await signed('GET', 'userDataStream'))['listenKey']).toHaveLength(1)
    bench.venue.faults.add({ kind: 'session_expiry' })
    await bench.clock.advance(0)
    await waitFor(() => opened.every(({ isClosed }) => isClosed), 'all to be closed')
    expect(bench.venue.truth().faults.injected).toEqual({ session_expiry: 2 })
    const repeated = bench.venue.faults.add({ kind: 'session_expiry', everyMs: 100 })
    for (const count of [3, 4]) {
      await signed('POST', 'userDataStream')
      await bench.clock.advance(100)
      expect((await signed('GET', 'userDataStream'))['listenKey']).toHaveLength(0)
      expect(bench.venue.truth().faults.injected).toEqual({ session_expiry: count + 1 })
    }
    bench.venue.faults.remove(repeated)
    await signed('POST', 'userDataStream')
    await bench.clock.advance(1_000)
    expect((await signed('GET', 'userDataStream'))['listenKey']).toHaveLength(1)
  })
})
