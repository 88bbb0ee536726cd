import { RateLimitException, ShuttingDownException, type CexArbitrageException } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RateLimiter, type RateRequest } from './rate-limiter.js'
import type { RatePermit } from './rate-permit.js'
import type { RateWindowSpec } from './rate-window-spec.js'
import type { RequestPriority } from './request-priority.js'

const request = (priority: RequestPriority, weight = 1, window = 'ip', key?: string): RateRequest => ({
  priority,
  costs: [{ window, weight, ...(key !== undefined && { key }) }],
})

function setUp(...windows: RateWindowSpec[]) {
  const clock = new ManualClock()
  return { clock, limiter: new RateLimiter({ windows, clock }) }
}

const ip: RateWindowSpec = { name: 'ip', capacity: 10, intervalMs: 1_000 }

/** Acquires, spends at once, and notes the label. */
function spendWhenGranted(limiter: RateLimiter, asked: RateRequest, log: string[], label: string, maxWaitMs = 60_000) {
  return limiter.acquire(asked, { maxWaitMs }).then((permit) => {
    permit.spend()
    log.push(label)
  })
}

describe('RateLimiter', () => {
  it('lets the capacity go at once and the next when the interval has passed since the first', async () => {
    const { clock, limiter } = setUp({ ...ip, capacity: 3 })
    const log: string[] = []
    for (let i = 0; i < 4; i++) void spendWhenGranted(limiter, request('order'), log, String(i))
    await clock.advance(999)
    expect(log).toEqual(['0', '1', '2'])
    await clock.advance(1)
    expect(log).toEqual(['0', '1', '2', '3'])
    expect(clock.pendingTimers).toBe(0)
  })

  it('counts weight from when it is spent, not from when it was held', async () => {
    const { clock, limiter } = setUp({ ...ip, capacity: 1 })
    const permit = limiter.tryAcquire(request('order'))!
    await clock.advance(5_000)
    permit.spend()
    const log: string[] = []
    void spendWhenGranted(limiter, request('order'), log, 'next')
    await clock.advance(999)
    expect(log).toEqual([])
    await clock.advance(1)
    expect(log).toEqual(['next'])
  })

  it('wakes a waiter that hung on held weight once that is spent and has expired', async () => {
    const { clock, limiter } = setUp({ ...ip, capacity: 1 })
    const permit = limiter.tryAcquire(request('order'))!
    const log: string[] = []
    void spendWhenGranted(limiter, request('order'), log, 'next')
    await clock.advance(2_000)
    permit.spend()
    await clock.advance(1_000)
    expect(log).toEqual(['next'])
  })

  it('gives released weight to whoever waits', async () => {
    const { clock, limiter } = setUp({ ...ip, capacity: 1 })
    const permit = limiter.tryAcquire(request('order'))!
    const log: string[] = []
    void spendWhenGranted(limiter, request('order'), log, 'next')
    permit.release()
    permit.release()
    permit.spend()
    await clock.advance(0)
    expect(permit.state).toBe('released')
    expect(log).toEqual(['next'])
    expect(limiter.getUsage('ip')).toMatchObject({ spent: 1, held: 0, available: 0 })
  })

  it('goes by priority, and first come first served within a priority', async () => {
    const { clock, limiter } = setUp({ ...ip, capacity: 1, intervalMs: 10 })
    limiter.tryAcquire(request('order'))!.spend()
    const log: string[] = []
    for (const priority of ['background', 'market-data', 'account', 'order', 'cancel', 'order', 'hedge'] as const)
      void spendWhenGranted(limiter, request(priority), log, `${priority} ${log.length}`)
    const order: string[] = []
    for (let i = 0; i < 7; i++) {
      await clock.advance(10)
      order.push(log.at(-1)!.split(' ')[0]!)
    }
    expect(order).toEqual(['cancel', 'hedge', 'order', 'order', 'account', 'market-data', 'background'])
  })

  it('does not let light requests starve a heavy one of the same class', async () => {
    const { clock, limiter } = setUp(ip)
    for (let i = 0; i < 5; i++) limiter.tryAcquire(request('account'))!.spend()
    const log: string[] = []
    void spendWhenGranted(limiter, request('account', 10), log, 'heavy')
    void spendWhenGranted(limiter, request('account', 1), log, 'light')
    expect(limiter.tryAcquire(request('account'))).toBeUndefined()
    await clock.advance(1_000)
    expect(log).toEqual(['heavy'])
    await clock.advance(1_000)
    expect(log).toEqual(['heavy', 'light'])
  })

  it('lets requests on other windows pass one that waits', async () => {
    const { clock, limiter } = setUp({ ...ip, capacity: 1 }, { name: 'orders', capacity: 5, intervalMs: 1_000 })
    limiter.tryAcquire(request('order'))!.spend()
    const log: string[] = []
    const both: RateRequest = { priority: 'order', costs: [{ window: 'ip' }, { window: 'orders' }] }
    void spendWhenGranted(limiter, both, log, 'both')
    void spendWhenGranted(limiter, request('background', 4, 'orders'), log, 'orders only')
    void spendWhenGranted(limiter, request('background', 1, 'orders'), log, 'held up by the claim')
    await clock.advance(0)
    expect(log).toEqual(['orders only'])
    await clock.advance(1_000)
    expect(log).toEqual(['orders only', 'both', 'held up by the claim'])
  })

  it('keeps the reserve for hedges and cancels', () => {
    const { limiter } = setUp({ ...ip, reserve: 4 })
    for (let i = 0; i < 6; i++) expect(limiter.tryAcquire(request('order'))).toBeDefined()
    expect(limiter.tryAcquire(request('order'))).toBeUndefined()
    for (let i = 0; i < 4; i++) expect(limiter.tryAcquire(request('cancel'))).toBeDefined()
    expect(limiter.tryAcquire(request('hedge'))).toBeUndefined()
    expect(limiter.getUsage('ip')).toEqual({
      capacity: 10,
      spent: 0,
      held: 10,
      available: 0,
      availablePrivileged: 0,
      pausedForMs: 0,
    })
  })

  it('admits a trade whole or not at all, and takes back what it did not use', () => {
    const { limiter } = setUp({ ...ip, reserve: 4 })
    const trade = [
      { ...request('order'), count: 2 },
      { ...request('cancel'), count: 2 },
      { ...request('hedge'), count: 1 },
    ]
    const first = limiter.tryAdmit(trade)!
    expect(limiter.tryAdmit([...trade, { ...request('cancel'), count: 1 }])).toBeUndefined()
    expect(limiter.getUsage('ip').held).toBe(5)
    first.take(0)!.spend()
    expect(first.take(0)).toBeDefined()
    expect(first.take(0)).toBeUndefined()
    expect(first.take(3)).toBeUndefined()
    first.release()
    first.release()
    expect(limiter.getUsage('ip')).toMatchObject({ spent: 1, held: 0, available: 5, availablePrivileged: 9 })
  })

  it('admits so many requests alike exactly where as many would pass one after the other', () => {
    for (const kind of ['sliding', 'token'] as const)
      for (const burst of [1, 3, 5])
        for (const weight of [1, 2, 4])
          for (let count = 0; count <= 6; count++) {
            const window = { ...ip, kind, burst, reserve: 2 }
            const [whole, single] = [setUp(window).limiter, setUp(window).limiter]
            const passed = Array.from({ length: count }, () => single.tryAcquire(request('order', weight)))
            const admitted = whole.tryAdmit([{ ...request('order', weight), count }])
            expect(admitted !== undefined).toBe(passed.every((permit) => permit !== undefined))
            if (admitted !== undefined) expect(whole.getUsage('ip')).toEqual(single.getUsage('ip'))
          }
  })

  it('separates the budgets of keys under one limit', () => {
    const { limiter } = setUp({ name: 'pair', capacity: 1, intervalMs: 1_000 })
    expect(limiter.tryAcquire(request('order', 1, 'pair', 'BTC_USDT'))).toBeDefined()
    expect(limiter.tryAcquire(request('order', 1, 'pair', 'BTC_USDT'))).toBeUndefined()
    expect(limiter.tryAcquire(request('order', 1, 'pair', 'ETH_USDT'))).toBeDefined()
  })

  it('turns away at once what is sure to wait too long, and after its wait what was not', async () => {
    const { clock, limiter } = setUp({ ...ip, capacity: 1 })
    limiter.tryAcquire(request('order'))!.spend()
    const sure = await limiter.acquire(request('order'), { maxWaitMs: 500 }).catch((error: unknown) => error)
    expect(sure).toBeInstanceOf(RateLimitException)
    expect(sure).toMatchObject({ recovery: 'retry', retryAfterMs: 1_000, httpStatus: undefined })
    const unsure = [request('order'), request('order')].map((each) => limiter.acquire(each, { maxWaitMs: 1_500 }))
    void unsure[0]!.then((permit) => permit.spend())
    const outcome = unsure[1]!.catch((error: unknown) => error)
    await clock.advance(1_500)
    expect(await outcome).toBeInstanceOf(RateLimitException)
    expect(limiter.queued).toBe(0)
    expect(clock.pendingTimers).toBe(0)
  })

  it('bounds its queue', async () => {
    const clock = new ManualClock()
    const limiter = new RateLimiter({ clock, maxQueued: 1, windows: [{ ...ip, capacity: 1 }] })
    limiter.tryAcquire(request('order'))!.spend()
    const waiting = limiter.acquire(request('order'), { maxWaitMs: 5_000 })
    await expect(limiter.acquire(request('order'), { maxWaitMs: 5_000 })).rejects.toThrow('1 others waiting')
    limiter.close()
    await expect(waiting).rejects.toBeInstanceOf(ShuttingDownException)
    await expect(limiter.acquire(request('order'), { maxWaitMs: 1 })).rejects.toBeInstanceOf(ShuttingDownException)
    expect(limiter.tryAcquire(request('order'))).toBeUndefined()
    expect(clock.pendingTimers).toBe(0)
  })

  it('lets a waiter give up and moves the others up', async () => {
    const { clock, limiter } = setUp(ip)
    limiter.tryAcquire(request('order', 5))!.spend()
    const abort = new AbortController()
    const heavy = limiter.acquire(request('order', 10), { maxWaitMs: 5_000, signal: abort.signal })
    const light = limiter.acquire(request('order', 5), { maxWaitMs: 5_000 })
    abort.abort()
    await expect(heavy).rejects.toMatchObject({ recovery: 'retry' })
    expect((await light).state).toBe('held')
    const late = limiter.acquire(request('order', 9), { maxWaitMs: 5_000, signal: abort.signal })
    await expect(late).rejects.toMatchObject({ recovery: 'retry' })
    expect(clock.pendingTimers).toBe(0)
  })

  it('lets nothing through a paused window, hedges included, and then goes on', async () => {
    const { clock, limiter } = setUp(ip, { name: 'orders', capacity: 5, intervalMs: 1_000 })
    limiter.pause('ip', 300)
    limiter.pause('ip', 100)
    expect(limiter.getUsage('ip').pausedForMs).toBe(300)
    expect(limiter.tryAcquire(request('hedge'))).toBeUndefined()
    expect(limiter.tryAcquire(request('hedge', 1, 'orders'))).toBeDefined()
    await expect(limiter.acquire(request('hedge'), { maxWaitMs: 299 })).rejects.toMatchObject({ retryAfterMs: 300 })
    const log: string[] = []
    void spendWhenGranted(limiter, request('hedge'), log, 'hedge')
    await clock.advance(299)
    expect(log).toEqual([])
    await clock.advance(1)
    expect(log).toEqual(['hedge'])
    limiter.pauseAll(50)
    expect(limiter.tryAcquire(request('hedge', 1, 'orders'))).toBeUndefined()
  })

  it('pauses all keys of a window, or the one that is named', () => {
    const { limiter } = setUp({ name: 'pair', capacity: 5, intervalMs: 1_000 })
    limiter.tryAcquire(request('order', 1, 'pair', 'A'))
    limiter.pause('pair', 100, 'B')
    expect(limiter.tryAcquire(request('order', 1, 'pair', 'A'))).toBeDefined()
    expect(limiter.tryAcquire(request('order', 1, 'pair', 'B'))).toBeUndefined()
    limiter.pause('pair', 100)
    expect(limiter.tryAcquire(request('order', 1, 'pair', 'A'))).toBeUndefined()
  })

  it('believes a venue that says less is left, not one that says more', async () => {
    const { clock, limiter } = setUp(ip)
    limiter.observe({ window: 'ip', remaining: 3 })
    limiter.observe({ window: 'ip', remaining: 9 })
    expect(limiter.getUsage('ip').available).toBe(3)
    await clock.advance(1_000)
    expect(limiter.getUsage('ip').available).toBe(10)
    limiter.observe({ window: 'ip', pauseMs: 20 })
    expect(limiter.getUsage('ip').pausedForMs).toBe(20)
  })

  it('paces a token window: the burst at once, then evenly', async () => {
    const { clock, limiter } = setUp({ ...ip, kind: 'token', burst: 2 })
    const log: string[] = []
    for (let i = 0; i < 12; i++) void spendWhenGranted(limiter, request('order'), log, String(clock.nowMs()))
    await clock.advance(0)
    expect(log).toHaveLength(2)
    await clock.advance(99)
    expect(log).toHaveLength(2)
    await clock.advance(1)
    expect(log).toHaveLength(3)
    await clock.advance(700)
    expect(log).toHaveLength(10)
    await clock.advance(199)
    expect(log).toHaveLength(10)
    await clock.advance(301)
    expect(log).toHaveLength(12)
  })

  it('adds the margin to the interval', async () => {
    const { clock, limiter } = setUp({ ...ip, capacity: 1, marginMs: 50 })
    limiter.tryAcquire(request('order'))!.spend()
    await clock.advance(1_049)
    expect(limiter.tryAcquire(request('order'))).toBeUndefined()
    await clock.advance(1)
    expect(limiter.tryAcquire(request('order'))).toBeDefined()
  })

  it('refuses limits and costs that cannot work', async () => {
    const { limiter } = setUp({ ...ip, reserve: 4 })
    const ask = (asked: RateRequest) => limiter.acquire(asked, { maxWaitMs: 1 })
    await expect(ask(request('order', 7))).rejects.toThrow('can never pass')
    await expect(ask(request('order', 1, 'nowhere'))).rejects.toThrow("'nowhere' is not declared")
    await expect(ask(request('order', Number.NaN))).rejects.toThrow('is no weight')
    expect(() => setUp(ip, ip)).toThrow('declared twice')
    for (const wrong of [{ capacity: 0 }, { intervalMs: 0 }, { reserve: 10 }, { burst: 0 }, { marginMs: -1 }])
      expect(() => setUp({ ...ip, ...wrong })).toThrow('needs positive')
    expect(limiter.windowNames).toEqual(['ip'])
  })

  it('forgets keyed windows that are idle when there are very many', async () => {
    const { clock, limiter } = setUp({ name: 'pair', capacity: 1, intervalMs: 10 })
    for (let i = 0; i < 4_096; i++) limiter.tryAcquire(request('order', 1, 'pair', String(i)))!.spend()
    await clock.advance(10)
    expect(limiter.tryAcquire(request('order', 1, 'pair', 'one more'))).toBeDefined()
    limiter.pause('pair', 5)
    expect(limiter.tryAcquire(request('order', 1, 'pair', '7'))).toBeUndefined()
  })

  it('never spends more than the capacity within any interval, and never the reserve on others', async () => {
    const steps = fc.array(
      fc.record({
        waitMs: fc.integer({ min: 0, max: 60 }),
        weight: fc.integer({ min: 1, max: 4 }),
        priority: fc.constantFrom<RequestPriority>('hedge', 'cancel', 'order', 'account', 'background'),
        useAfterMs: fc.integer({ min: 0, max: 80 }),
        isUsed: fc.boolean(),
        isSecond: fc.boolean(),
      }),
      { minLength: 5, maxLength: 60 },
    )
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom('sliding', 'token'), async (plan, kind) => {
        const { clock, limiter } = setUp(
          { name: 'ip', capacity: 8, intervalMs: 100, reserve: 3, kind: kind as 'sliding' | 'token' },
          { name: 'orders', capacity: 5, intervalMs: 70 },
        )
        const spent: { atUs: number; weight: number; isShared: boolean; isSecond: boolean }[] = []
        const refusals: CexArbitrageException[] = []
        for (const { waitMs, weight, priority, useAfterMs, isUsed, isSecond } of plan) {
          const costs = isSecond
            ? [
                { window: 'ip', weight },
                { window: 'orders', weight },
              ]
            : [{ window: 'ip', weight }]
          const use = (permit: RatePermit): void => {
            if (!isUsed) return permit.release()
            permit.spend()
            spent.push({ atUs: clock.nowUs(), weight, isShared: !['hedge', 'cancel'].includes(priority), isSecond })
          }
          void limiter.acquire({ priority, costs }, { maxWaitMs: 500 }).then(
            (permit) => void clock.setTimer(() => use(permit), useAfterMs),
            (error) => void refusals.push(error),
          )
          await clock.advance(waitMs)
        }
        await clock.advance(2_000)
        expect(limiter.queued).toBe(0)
        expect(clock.pendingTimers).toBe(0)
        expect(refusals.every((error) => error instanceof RateLimitException)).toBe(true)
        for (const { atUs } of spent) {
          const sum = (intervalMs: number, counts: (each: (typeof spent)[number]) => boolean): number =>
            spent
              .filter((each) => each.atUs >= atUs && each.atUs < atUs + intervalMs * 1_000 && counts(each))
              .reduce((total, { weight }) => total + weight, 0)
          expect(sum(100, () => true)).toBeLessThanOrEqual(8)
          expect(sum(100, ({ isShared }) => isShared)).toBeLessThanOrEqual(5)
          expect(sum(70, ({ isSecond }) => isSecond)).toBeLessThanOrEqual(5)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('lets everybody go in the end when nobody gives up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ weight: fc.integer({ min: 1, max: 5 }), window: fc.constantFrom('a', 'b', 'both') })),
        async (plan) => {
          const { clock, limiter } = setUp(
            { name: 'a', capacity: 5, intervalMs: 50 },
            { name: 'b', capacity: 6, intervalMs: 30, kind: 'token' },
          )
          const log: string[] = []
          for (const { weight, window } of plan) {
            const windows = window === 'both' ? ['a', 'b'] : [window]
            const costs = windows.map((name) => ({ window: name, weight }))
            void spendWhenGranted(limiter, { priority: 'order', costs }, log, window)
          }
          await clock.advance(plan.length * 60)
          expect(log).toHaveLength(plan.length)
        },
      ),
      { numRuns: 40 },
    )
  })
})
