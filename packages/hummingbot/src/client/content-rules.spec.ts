import fc from 'fast-check'
import { inspect } from 'node:util'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { createTestClient, testApiKey, watch } from '../testing/create-test-client.js'
import { readDecimal, toDecimalText } from './decimal-text.js'
import { categorizeError } from './error-category.js'
import { decodeFrame, encodeFrame } from './frame-codec.js'
import type { HummingbotClient } from './hummingbot-client.js'
import { HummingbotValidationException } from './hummingbot-exception.js'
import type { HummingbotOrder, HummingbotTicker } from './schemas.js'

const market = { exchange: 'binance', market: 'ETH-USD' }
const limitBuy = { ...market, side: 'buy', order_type: 'limit', amount: '1', price: '3000' } as const
const ticker = { timestamp: 1, symbol: 'ETH-USD', exchange: 'binance', bid: '1', ask: '2', last: '1', volume: '0' }

describe('R4 serialization', () => {
  it('R4.1 refuses what cannot be written, and sends nothing', async () => {
    const { client, server, clock } = await createTestClient({}, ['history_filter'])
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    const outcome = watch(client.getOrderHistory({ ...market, status: circular as never }))
    await clock.advance(0)
    expect(outcome.error).toMatchObject({ category: 'invalid_order', isUnsent: true })
    expect((outcome.error as Error).message).toContain('Failed to serialize message: ')
    expect(server.framesOf('get_order_history')).toEqual([])
    expect(client.pendingRequests).toBe(0)
  })

  it('R4.2 logs at most 100 redacted characters of what it cannot read, and goes on', async () => {
    const { client, server, clock, records } = await createTestClient()
    const outcome = watch(client.getTicker(market))
    server.push(`{"key":"${testApiKey}",${'x'.repeat(500)}`)
    const record = records.findLast(({ level }) => level === 'warn')!
    expect(record.fields['reason']).toContain('Failed to parse response: ')
    expect(String(record.fields['excerpt']).length).toBeLessThanOrEqual(100)
    expect(JSON.stringify(records)).not.toContain(testApiKey)
    server.answer(server.framesOf('get_ticker')[0]!, { status: 'success', data: ticker })
    await clock.advance(0)
    expect(outcome.value).toEqual(ticker)
  })

  it('R4.3 sends and takes no numbers that are not finite', async () => {
    expect(() => encodeFrame({ value: Infinity })).toThrow('Failed to serialize message: ')
    for (const token of ['NaN', 'Infinity', '-Infinity']) expect(decodeFrame(`{"a":${token}}`).kind).toBe('unreadable')
    const { client, server } = await createTestClient()
    await expect(client.createOrder({ ...limitBuy, amount: NaN })).rejects.toThrow('Invalid amount: NaN')
    expect(server.framesOf('create_order')).toEqual([])
  })

  it('R4.4 carries decimals of forty digits unharmed, both ways', async () => {
    const { client, server } = await createTestClient()
    const amount = '1234567890123456789012345678901234567890.1234567890123456789012345678901234567891'
    server.onFrame = (frame) =>
      server.answer(frame, {
        status: 'success',
        data: { ...limitBuy, symbol: 'ETH-USD', type: 'limit', order_id: 'o', status: 'open', amount: frame['amount'] },
      })
    expect((await client.createOrder({ ...limitBuy, amount })).amount).toBe(amount)
    expect(server.framesOf('create_order')[0]!['amount']).toBe(amount)
  })
})

describe('R5 validation', () => {
  it('R5 reads every plain decimal as itself, and every double by its shortest form', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 30 }), (digits, scale) => {
        const padded = digits.toString().padStart(scale + 1, '0')
        const text = scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`
        expect(toDecimalText(text)).toBe(text)
      }),
    )
    fc.assert(
      fc.property(fc.double({ min: 1e-20, max: 1e30, noNaN: true }), (value) => {
        const text = readDecimal(value)?.text
        expect(text).toMatch(/^\d+(\.\d+)?$/)
        expect(Number(text)).toBe(value)
      }),
    )
  })

  it('R5 checks the other requests before they are sent', async () => {
    const { client, server } = await createTestClient()
    const before = server.frames.length
    const bad: (() => Promise<unknown>)[] = [
      () => client.cancelOrder({ ...market, order_id: '' }),
      () => client.getOrderStatus({ ...market, client_order_id: 'a b' }),
      () => client.getOrderHistory({ ...market, limit: 0 }),
      () => client.getOrderBook({ ...market, depth: 1_001 }),
      () => client.getOrderBook({ ...market, depth: 1.5 }),
      () => client.getBalances({ exchange: '' }),
      () => client.getTicker({ exchange: 'binance', market: '' }),
      () => client.subscribe({ channel: 'news' as never, ...market }),
      () => client.subscribe({ channel: 'trades', exchange: 'binance' }),
    ]
    for (const call of bad) {
      const error = await Promise.resolve()
        .then(call)
        .catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(HummingbotValidationException)
    }
    expect(server.frames).toHaveLength(before)
  })
})

describe('R6 error categories', () => {
  it('R6 goes by the code first, by the server text second, and never by a prefix of ours', async () => {
    expect(categorizeError('Insufficient funds', ' Rate-Limit ')).toBe('rate_limit')
    expect(categorizeError('Insufficient funds', 'something_else')).toBe('insufficient_funds')
    expect(categorizeError(undefined, 404)).toBe('invalid_order')
    const { client, server, clock } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, { status: 'error', message: 'Invalid API key' })
    const outcome = watch(client.createOrder(limitBuy))
    await clock.advance(0)
    expect(outcome.error).toMatchObject({ category: 'auth_failed', message: 'Failed to create order: Invalid API key' })
  })
})

describe('R7 request logging', () => {
  it('R7.1 writes to a logger of its own', async () => {
    const { records } = await createTestClient()
    const request = records.find(({ fields }) => fields['event'] === 'request')
    expect(request?.fields['component']).toBe('hummingbot-client.requests')
  })

  it('R7.2, R7.3 log each attempt before and after, with a duration of two decimals', async () => {
    const { client, server, clock, records } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, { status: 'success', data: ticker }, 12.345_678)
    watch(client.getTicker(market))
    await clock.advance(20)
    const [sent, answered] = records.filter(({ fields }) => fields['type'] === 'get_ticker')
    const { id } = server.framesOf('get_ticker')[0]!
    expect(sent).toMatchObject({ level: 'debug', fields: { event: 'request', id, attempt: 1, params: market } })
    expect(answered).toMatchObject({ level: 'debug', fields: { event: 'response', id, status: 'success' } })
    expect(answered!.fields['durationMs']).toBe(12.35)
  })

  it('R7.4 logs a failure as an error, and an attempt that is tried again as a warning with its wait', async () => {
    const { client, server, clock, records } = await createTestClient({ retryAttempts: 1 })
    server.onFrame = (frame) => server.answer(frame, { status: 'error', message: 'Server busy' })
    watch(client.getTicker(market))
    await clock.advance(600)
    const levels = records.filter(({ fields }) => ['retry', 'failure'].includes(String(fields['event'])))
    expect(levels).toMatchObject([
      { level: 'warn', fields: { event: 'retry', attempt: 1, waitMs: 500, code: 'server_error' } },
      { level: 'error', fields: { event: 'failure', attempt: 2, error: 'Server busy' } },
    ])
  })

  it('R7.5 logs the id that is on the wire', async () => {
    const { client, server, clock, records } = await createTestClient({ retryAttempts: 1 })
    watch(client.getTicker(market))
    await clock.advance(6_000)
    const logged = records.filter(({ fields }) => fields['event'] === 'request' && fields['type'] === 'get_ticker')
    expect(logged.map(({ fields }) => fields['id'])).toEqual(server.framesOf('get_ticker').map(({ id }) => id))
  })

  it('R7.6 shows the key nowhere, though the server echoes it everywhere', async () => {
    const { client, server, clock, records, sink } = await createTestClient({ retryAttempts: 0 })
    const echo = `rejected key ${testApiKey}`
    server.onFrame = (frame) =>
      server.answer(frame, { status: 'error', message: echo, code: testApiKey, data: { deep: [{ key: testApiKey }] } })
    const outcome = watch(client.createOrder(limitBuy))
    server.push({ type: 'info', data: { message: echo, list: [{ [testApiKey]: echo }] } })
    server.push({ type: testApiKey })
    server.push({ id: `x${testApiKey}`, status: 'success' })
    server.push({ type: 'trade', data: { [testApiKey]: echo } })
    await clock.advance(0)
    const shown = [
      JSON.stringify(records),
      inspect(sink.events, { depth: 9 }),
      inspect(outcome.error, { depth: 9 }),
      JSON.stringify(outcome.error),
      inspect(client, { depth: 9 }),
      JSON.stringify(client),
    ]
    for (const text of shown) expect(text).not.toContain(testApiKey)
    expect((outcome.error as Error).message).toContain('[redacted]')
  })

  it('R7.7 measures by the monotonic clock and writes objects', async () => {
    const { client, server, clock, records } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, { status: 'success', data: ticker }, 7)
    watch(client.getTicker(market))
    await clock.advance(10)
    const record = records.findLast(({ fields }) => fields['event'] === 'response')!
    expect(record.message).toBe('hummingbot response')
    expect(record.fields).toMatchObject({ type: 'get_ticker', attempt: 1, durationMs: 7 })
  })
})

describe('R8 types and documentation', () => {
  it('R8.1, R8.3 return named types whose prices and amounts are text', () => {
    expectTypeOf<HummingbotClient['getTicker']>().returns.resolves.toEqualTypeOf<HummingbotTicker>()
    expectTypeOf<HummingbotClient['createOrder']>().returns.resolves.toEqualTypeOf<HummingbotOrder>()
    expectTypeOf<HummingbotTicker['bid']>().toEqualTypeOf<string>()
    expectTypeOf<HummingbotOrder['price']>().toEqualTypeOf<string | null>()
  })

  it.each([
    ['a member missing', { ...ticker, bid: undefined }, 'bid: is no decimal'],
    ['a member of another kind', { ...ticker, timestamp: 'now' }, 'timestamp: '],
    ['no data', null, 'data: '],
  ])('R8.2 refuses an answer with %s, naming it', async (_, data, text) => {
    const { client, server, clock } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, { status: 'success', data })
    const outcome = watch(client.getTicker(market))
    await clock.advance(0)
    expect(outcome.error).toMatchObject({ category: 'server_error' })
    expect((outcome.error as Error).message).toContain(text)
  })

  it('R8.2 takes numbers where text is meant, keeps an unknown status raw, and leaves out what it does not know', async () => {
    const { client, server } = await createTestClient()
    const data = {
      order_id: 7,
      symbol: 'ETH-USD',
      exchange: 'binance',
      price: 3000.5,
      amount: 1e-7,
      filled: null,
      side: 'buy',
      order_type: 'limit',
      status: 'resting',
      surprise: 1,
    }
    server.onFrame = (frame) => server.answer(frame, { status: 'success', data })
    expect(await client.getOrderStatus({ ...market, order_id: '7' })).toEqual({
      order_id: '7',
      symbol: 'ETH-USD',
      exchange: 'binance',
      price: '3000.5',
      amount: '0.0000001',
      side: 'buy',
      type: 'limit',
      status: 'unknown',
      raw_status: 'resting',
    })
  })
})
