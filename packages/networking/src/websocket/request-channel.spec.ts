import {
  ExchangeConnectionException,
  ExchangeUnavailableException,
  InvariantBrokenException,
  OrderRejectedException,
  RateLimitException,
  ShuttingDownException,
  asCorrelationId,
  createExchangeId,
} from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { RequestChannel, type RequestChannelOptions } from './request-channel.js'
import type { MessageSender, SendReceipt } from './send-receipt.js'

/** A socket that writes when told. */
class HeldSender implements MessageSender {
  readonly held: SendReceipt[] = []
  isOpen = true
  isImmediate = true

  send(_data: string | Buffer, receipt?: SendReceipt): void {
    if (!this.isOpen) throw new ExchangeConnectionException({ message: 'Not open.' })
    if (this.isImmediate) receipt?.onWritten?.(1)
    else this.held.push(receipt!)
  }
}

function setUp(options: Partial<RequestChannelOptions> = {}) {
  const clock = new ManualClock()
  const sender = new HeldSender()
  const exchange = createExchangeId('somewhere')
  const channel = new RequestChannel<string>({ sender, clock, name: 'orders', exchange, timeoutMs: 100, ...options })
  const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)
  return { clock, sender, channel, failureOf }
}

describe('RequestChannel', () => {
  it('gives each request its answer, whatever their order', async () => {
    const { clock, channel, failureOf } = setUp()
    const first = channel.request('1', 'a')
    const second = channel.request('2', 'b')
    const refused = failureOf(channel.request('3', 'c'))
    expect(channel.has('2')).toBe(true)
    expect(channel.answer('2', 'B')).toBe(true)
    expect(channel.answer('1', 'A')).toBe(true)
    channel.fail('3', new OrderRejectedException({ message: 'No.' }))
    expect(await Promise.all([first, second])).toEqual(['A', 'B'])
    expect(await refused).toBeInstanceOf(OrderRejectedException)
    expect(channel.counts).toMatchObject({ pending: 0, answered: 3 })
    expect(clock.pendingTimers).toBe(0)
  })

  it('says reconcile when a request was written and no answer came, and counts the late one', async () => {
    const { clock, channel, failureOf } = setUp()
    const outcome = failureOf(channel.request('1', 'a', { correlationId: asCorrelationId('c') }))
    await clock.advance(100)
    const error = await outcome
    expect(error).toBeInstanceOf(ExchangeUnavailableException)
    expect(error).toMatchObject({ recovery: 'reconcile', correlationId: 'c', exchange: 'somewhere' })
    expect(channel.answer('1', 'late')).toBe(false)
    expect(channel.counts).toMatchObject({ timedOut: 1, late: 1 })
  })

  it('says retry when a request was never written, and sees to it that it never is', async () => {
    const { clock, sender, channel, failureOf } = setUp()
    sender.isImmediate = false
    const outcome = failureOf(channel.request('1', 'a', { timeoutMs: 50 }))
    expect(sender.held[0]!.isCancelled!()).toBe(false)
    await clock.advance(50)
    expect(await outcome).toMatchObject({ code: 'EXCHANGE_CONNECTION_FAILED', recovery: 'retry' })
    expect(sender.held[0]!.isCancelled!()).toBe(true)
    const dropped = failureOf(channel.request('2', 'b'))
    sender.held[1]!.onDropped!(new ShuttingDownException({ message: 'Closed.' }))
    expect(await dropped).toBeInstanceOf(ShuttingDownException)
    sender.isOpen = false
    expect(await failureOf(channel.request('3', 'c'))).toBeInstanceOf(ExchangeConnectionException)
    expect(channel.counts).toMatchObject({ pending: 0, unsent: 3 })
  })

  it('counts the time for the answer from when it was written', async () => {
    const { clock, sender, channel } = setUp()
    sender.isImmediate = false
    const answer = channel.request('1', 'a')
    await clock.advance(90)
    sender.held[0]!.onWritten!(1)
    await clock.advance(90)
    channel.answer('1', 'A')
    expect(await answer).toBe('A')
  })

  it('gives up what was written on a lost socket, and only that', async () => {
    const { sender, channel, failureOf } = setUp()
    const lost = failureOf(channel.request('1', 'a'))
    sender.isImmediate = false
    const kept = channel.request('2', 'b')
    sender.held[0]!.onWritten!(2)
    channel.onEpochEnd(1, new ExchangeConnectionException({ message: 'Gone.' }))
    expect(await lost).toMatchObject({ recovery: 'reconcile', cause: expect.any(ExchangeConnectionException) })
    channel.answer('2', 'B')
    expect(await kept).toBe('B')
    expect(channel.counts).toMatchObject({ lost: 1, answered: 1 })
  })

  it('counts second and unknown answers', () => {
    const { channel } = setUp()
    void channel.request('1', 'a')
    channel.answer('1', 'A')
    expect(channel.answer('1', 'A')).toBe(false)
    expect(channel.fail('9', new OrderRejectedException({ message: 'No.' }))).toBe(false)
    expect(channel.counts).toMatchObject({ duplicates: 1, unknown: 1 })
  })

  it('remembers only the newest ids', () => {
    const { channel } = setUp({ maxPending: 10 })
    for (let i = 0; i < 4_097; i++) {
      void channel.request(String(i), 'x')
      channel.answer(String(i), 'X')
    }
    channel.answer('0', 'X')
    channel.answer('1', 'X')
    expect(channel.counts).toMatchObject({ unknown: 1, duplicates: 1 })
  })

  it('refuses ids in use, too many requests, and what was given up before', async () => {
    const { channel, failureOf } = setUp({ maxPending: 1 })
    const open = failureOf(channel.request('1', 'a'))
    expect(await failureOf(channel.request('1', 'a'))).toBeInstanceOf(InvariantBrokenException)
    expect(await failureOf(channel.request('2', 'b'))).toBeInstanceOf(RateLimitException)
    channel.answer('1', 'A')
    await open
    const given = channel.request('3', 'c', { signal: AbortSignal.abort() })
    expect(await failureOf(given)).toMatchObject({ recovery: 'retry' })
  })

  it('lets the caller give up, and gives up all when it closes', async () => {
    const { clock, channel, failureOf } = setUp()
    const abort = new AbortController()
    const first = failureOf(channel.request('1', 'a', { signal: abort.signal }))
    const second = failureOf(channel.request('2', 'b'))
    abort.abort()
    expect(await first).toMatchObject({ recovery: 'reconcile' })
    channel.close()
    expect(await second).toMatchObject({ recovery: 'reconcile' })
    expect(await failureOf(channel.request('3', 'c'))).toBeInstanceOf(ShuttingDownException)
    expect(clock.pendingTimers).toBe(0)
  })
})
