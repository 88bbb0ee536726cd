import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type HummingbotBench, startHummingbotBench } from '../../testing/hummingbot-bench.js'
import { type Frame, StreamClient } from '../../testing/stream-client.js'

const file = new URL('fixtures/requests.json', import.meta.url)
const { requests } = JSON.parse(readFileSync(file, 'utf8')) as { requests: { name: string; frame: Frame }[] }

const symbol = { tickSize: '0.01', lotSize: '0.0000001', minNotional: '0.001', makerFee: '0', takerFee: '0' }
/** The vectors ask for an order that nobody has placed. */
const unknownOrder = new Set(['cancel', 'order status'])

let bench: HummingbotBench
let stream: StreamClient

beforeAll(async () => {
  const keys = [{ key: 'test_api_key', secret: 'secret', permission: 'trade' as const }]
  bench = await startHummingbotBench({
    symbols: [
      { base: 'ETH', quote: 'USD', referencePrice: 3_000, ...symbol },
      { base: 'BTC', quote: 'USDT', referencePrice: 60_000, ...symbol },
    ],
    accounts: [{ id: 'trader', uid: 1, keys, balances: { USD: '100000', USDT: '100000', ETH: '10' } }],
  })
  for (const side of ['buy', 'sell'] as const)
    bench.venue.core.place({
      accountId: 'house',
      symbol: 'ETH/USD',
      side,
      kind: 'limit',
      timeInForce: 'gtc',
      priceTicks: side === 'buy' ? 300_000 : 301_000,
      quantityLots: 100_000_000,
    })
  stream = await StreamClient.connect(bench.address.ws)
})

afterAll(async () => {
  stream.close()
  await bench.venue.close()
})

describe('the request vectors', () => {
  it.each(requests)('$name', async ({ name, frame }) => {
    stream.send(frame)
    const answer = await stream.frame(({ id }) => id === frame['id'])
    if (unknownOrder.has(name)) expect(answer).toMatchObject({ code: 'invalid_order', message: 'Order b5c9 not found' })
    else expect(answer).toMatchObject({ status: 'success' })
  })
})
