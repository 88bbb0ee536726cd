import { readdirSync, readFileSync } from 'node:fs'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type GateioBench, startGateioBench } from '../../testing/gateio-bench.js'
import { type GateioAnswer, GateioClient } from '../../testing/gateio-client.js'
import type { Frame } from '../../testing/stream-client.js'

interface Vectors {
  readonly error_labels: readonly { readonly label: string; readonly http_status: number }[]
  readonly error_examples: readonly {
    readonly transport: string
    readonly http_status?: number
    readonly body?: string
    readonly frame?: string
  }[]
}

const folder = new URL('./', import.meta.url)
const vectors = JSON.parse(readFileSync(new URL('./fixtures/vectors.json', folder), 'utf8')) as Vectors
const examples = vectors.error_examples
const restExample = (part: string) =>
  examples.find(({ body, transport }) => transport === 'rest' && body!.includes(part))!
const frameExample = (part: string): Frame =>
  JSON.parse(examples.find(({ frame }) => frame?.includes(part) === true)!.frame!) as Frame

let bench: GateioBench

beforeEach(async () => {
  bench = await startGateioBench()
})

afterEach(() => bench.venue.close())

const order = { text: 't-1', currency_pair: 'BTC_USDT', side: 'buy', amount: '0.01', price: '50000' }
const place = (more: Frame = {}): Promise<GateioAnswer> =>
  bench.client.call('POST', '/spot/orders', { ...order, ...more })
const open = (path: string): Promise<GateioAnswer> => bench.client.call('GET', path, undefined, {}, false)
const as = (keys: { readonly apiKey?: string; readonly secret?: string }): Promise<GateioAnswer> =>
  new GateioClient({ ...bench.address, ...keys, nowMs: () => bench.clock.nowMs() }).call('GET', '/spot/accounts')

describe('recorded REST refusals', () => {
  const cases: Record<string, () => Promise<GateioAnswer>> = {
    'Invalid currency NOPE': () => open('/spot/order_book?currency_pair=NOPE_USDT'),
    'Invalid currency pair BTCUSD': () => open('/spot/order_book?currency_pair=BTCUSD'),
    'parameter: currency_pair': () => open('/spot/trades'),
    '0.003749448 USDT is too small': () => place({ currency_pair: 'LUNC_USDT', amount: '104', price: '0.00003605' }),
    BALANCE_NOT_ENOUGH: () => place({ amount: '1' }),
    INVALID_KEY: () => as({ apiKey: 'nobody' }),
    INVALID_SIGNATURE: () => as({ secret: 'wrong' }),
    ORDER_NOT_FOUND: () => bench.client.call('DELETE', '/spot/orders/1?currency_pair=BTC_USDT'),
    TOO_MANY_REQUESTS: () => {
      bench.venue.faults.add({ kind: 'rate_limited' })
      return place()
    },
    SERVER_ERROR: () => {
      bench.venue.faults.add({ kind: 'error_before', status: 500 })
      return place()
    },
  }

  it.each(Object.keys(cases).filter((part) => !part.includes('too small')))('are answered alike: %s', async (part) => {
    const answer = await cases[part]!()
    const { body, http_status: status } = restExample(part)
    expect([answer.status, answer.body]).toEqual([status, JSON.parse(body!)])
  })

  it('are answered alike: an order that is too small, whose value is exact', async () => {
    const answer = await cases['0.003749448 USDT is too small']!()
    const { message } = JSON.parse(restExample('0.003749448').body!) as { message: string }
    expect(answer.status).toBe(400)
    expect(answer.body['message']).toBe(message.replace('0.003749448', '0.0037492'))
  })
})

describe('recorded refusals over the WebSocket', () => {
  it('are answered alike', async () => {
    const stream = await bench.client.connect()
    const subscription = frameExample('LUNARLENS_USDT')
    stream.send(bench.client.subscription('spot.trades', subscription['payload'], false, 'subscribe', 1))
    const refused = await stream.frame(({ id }) => id === 1)
    expect(Object.keys(refused).toSorted()).toEqual(Object.keys(subscription).toSorted())
    expect(refused).toMatchObject({ error: subscription['error'], result: subscription['result'] })

    const ask = async (frame: Frame, reqId: string): Promise<Frame> => {
      stream.send(frame)
      return stream.frame((answer) => answer['request_id'] === reqId)
    }
    const { header, data } = frameExample('Not login')
    const early = await ask(bench.client.request('spot.order_place', 'early', order), 'early')
    expect(early).toMatchObject({ data, header: { status: (header as Frame)['status'], event: 'api' } })
    await ask(bench.client.login(), 'login')
    const unknown = { order_id: '9', currency_pair: 'BTC_USDT', price: '1' }
    expect(await ask(bench.client.request('spot.order_amend', 'amend', unknown), 'amend')).toMatchObject({
      data: frameExample('spot.order_amend')['data'],
      header: { status: '404' },
    })
    bench.venue.faults.add({ kind: 'rate_limited', route: 'WS *', count: 1 })
    expect(await ask(bench.client.request('spot.order_place', 'much', order), 'much')).toMatchObject({
      data: frameExample('(211)')['data'],
      header: { status: '429' },
    })
    stream.close()
  })
})

describe('the labels that this venue uses', () => {
  it('are known, each with the status of its row', () => {
    const statuses = new Map(vectors.error_labels.map(({ label, http_status: status }) => [label, status]))
    const used = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .flatMap((source) => [...source.matchAll(/(?:Gateio|Futures)Refusal\(\s*(\d{3}),\s*'([A-Z_]+)'/g)])
      .map(([, status, label]) => [label, Number(status)] as const)
    expect(used.length).toBeGreaterThan(30)
    for (const [label, status] of used) expect([label, statuses.get(label!)]).toEqual([label, status])
  })
})
