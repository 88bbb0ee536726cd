import { describe, expect, it } from 'vitest'

import { parseSubscription, privateChannelOf, subscriptionReply, zoneOffsetMs } from './subscription.js'

const isListed = (symbol: string): boolean => symbol === 'BTCUSDT' || symbol === '龙虾USDT'
const parse = (param: string) => parseSubscription(param, isListed)

describe('parseSubscription', () => {
  it('takes every channel apart', () => {
    expect(parse('spot@public.aggre.depth.v3.api.pb@10ms@BTCUSDT')).toEqual({
      param: 'spot@public.aggre.depth.v3.api.pb@10ms@BTCUSDT',
      kind: 'depth',
      channel: 'spot@public.aggre.depth.v3.api.pb@10ms',
      symbol: 'BTCUSDT',
      intervalMs: 10,
    })
    expect(parse('spot@public.aggre.bookTicker.v3.api.pb@100ms@龙虾USDT')).toMatchObject({ kind: 'bookTicker' })
    expect(parse('spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT')).toMatchObject({ kind: 'deals' })
    expect(parse('spot@public.bookTicker.batch.v3.api.pb@BTCUSDT')).toMatchObject({ kind: 'bookTickerBatch' })
    expect(parse('spot@public.limit.depth.v3.api.pb@BTCUSDT@20')).toMatchObject({ kind: 'limitDepth', levels: 20 })
    expect(parse('spot@public.kline.v3.api.pb@BTCUSDT@Hour8')).toMatchObject({ kind: 'kline', detail: 'Hour8' })
    expect(parse('spot@public.miniTicker.v3.api.pb@BTCUSDT@UTC+8')).toMatchObject({ kind: 'miniTicker' })
    expect(parse('spot@public.miniTickers.v3.api.pb@24H')).toMatchObject({ kind: 'miniTickers', symbol: '' })
    for (const kind of ['account', 'privateDeals', 'privateOrders'] as const)
      expect(parse(privateChannelOf(kind))).toEqual({ param: privateChannelOf(kind), kind })
  })

  for (const param of [
    'spot@public.increase.depth.v3.api.pb@BTCUSDT',
    'spot@public.aggre.depth.v3.api@100ms@BTCUSDT',
    'spot@public.aggre.depth.v3.api.pb@50ms@BTCUSDT',
    'spot@public.aggre.depth.v3.api.pb@100ms@btcusdt',
    'spot@public.aggre.depth.v3.api.pb@100ms@NOPEUSDT',
    'spot@public.aggre.depth.v3.api.pb@100ms@BTCUSDT@x',
    'spot@public.aggre.depth.v3.api.pb@100ms',
    'spot@public.limit.depth.v3.api.pb@BTCUSDT@7',
    'spot@public.limit.depth.v3.api.pb@BTCUSDT',
    'spot@public.bookTicker.batch.v3.api.pb@BTCUSDT@5',
    'spot@public.kline.v3.api.pb@BTCUSDT@1m',
    'spot@public.miniTicker.v3.api.pb@BTCUSDT',
    'spot@public.miniTickers.v3.api.pb',
    'spot@public.miniTickers.v3.api.pb@UTC+99',
    'futures@public.x',
    'a',
  ])
    it(`blocks ${param}`, () => expect(parse(param)).toBeUndefined())
})

describe('subscriptionReply', () => {
  it('tells acceptance from refusal by the text alone', () => {
    expect(subscriptionReply(['a', 'b'], [])).toBe('a,b')
    expect(subscriptionReply([], ['d'])).toBe('Not Subscribed successfully! [d].  Reason： Blocked! ')
    expect(subscriptionReply(['a', 'b'], ['d'])).toBe(
      'Subscribed successful! [a,b]. Not Subscribed successfully! [d]. Reason： Blocked! ',
    )
  })
})

describe('zoneOffsetMs', () => {
  it('reads whole and broken hours, and none for the rolling day', () => {
    expect(zoneOffsetMs('UTC+12:45')).toBe(45_900_000)
    expect(zoneOffsetMs('UTC-3')).toBe(-10_800_000)
    expect(zoneOffsetMs('24H')).toBeUndefined()
  })
})
