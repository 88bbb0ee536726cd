import { createExchangeId } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTwoVenueWorld } from '../testing/two-venue-world.js'

const rulesOf = (world: ReturnType<typeof createTwoVenueWorld>): string[] => world.halt.causes.map(({ rule }) => rule)

describe('halt rules', () => {
  it('halt on a daily loss within 100 ms, and stay until an operator accepts the loss', async () => {
    const world = createTwoVenueWorld()
    const { core, account, clock, halt } = world
    core.rules.start()
    account.realised['USDT'] = '-100'
    await clock.advance(100)
    expect(rulesOf(world)).toEqual([])
    account.realised['USDT'] = '-100.01'
    await clock.advance(100)
    expect(rulesOf(world)).toEqual(['daily_loss'])
    account.realised['USDT'] = '5'
    await clock.advance(100)
    expect(rulesOf(world)).toEqual(['daily_loss'])
    account.realised['USDT'] = '-100.01'
    halt.resume('daily_loss')
    await clock.advance(100)
    expect(rulesOf(world)).toEqual([])
    account.realised['USDT'] = '-200.02'
    await clock.advance(100)
    expect(rulesOf(world)).toEqual(['daily_loss'])
    core.rules.close()
    expect(clock.pendingTimers).toBe(0)
  })

  it('forget at midnight UTC what was accepted the day before', async () => {
    const world = createTwoVenueWorld()
    world.account.realised['USDT'] = '-150'
    world.core.rules.check()
    world.halt.resume('daily_loss')
    world.core.rules.check()
    expect(rulesOf(world)).toEqual([])
    await world.clock.advance(24 * 3_600_000)
    world.core.rules.check()
    expect(rulesOf(world)).toEqual(['daily_loss'])
  })

  it('halt after failures in a row, and count from there once resumed', () => {
    const world = createTwoVenueWorld()
    const { core, account, halt } = world
    const check = (failures: number): string[] => {
      account.failures = failures
      core.rules.check()
      return rulesOf(world)
    }
    expect(check(4)).toEqual([])
    expect(check(5)).toEqual(['consecutive_failures'])
    halt.resume('consecutive_failures')
    expect(check(9)).toEqual([])
    expect(check(10)).toEqual(['consecutive_failures'])
    halt.resume('consecutive_failures')
    expect(check(0)).toEqual([])
    expect(check(5)).toEqual(['consecutive_failures'])
  })

  it('halt when market data falls silent so that nothing is left to compare, and heal when it comes back', async () => {
    const world = createTwoVenueWorld()
    const { core, clock, alpha, beta } = world
    core.rules.check()
    expect(rulesOf(world)).toEqual([])
    await world.open()
    core.rules.start()
    await clock.advance(4900)
    alpha.feed.set(alpha.instrument, [['99', '1']], [['100', '1']])
    expect(rulesOf(world)).toEqual([])
    await clock.advance(200)
    expect(world.halt.causes[0]?.detail).toContain('from beta')
    beta.feed.set(beta.instrument, [['99', '1']], [['100', '1']])
    await clock.advance(50)
    expect(rulesOf(world)).toEqual([])
    alpha.feed.connected = false
    await clock.advance(50)
    expect(rulesOf(world)).toEqual(['stale_feed'])
    core.rules.close()
  })

  it('leave one silent or skewed exchange among three to the risk gate', async () => {
    const world = createTwoVenueWorld()
    const { core, alpha, beta } = world
    await world.open()
    core.feeds.add(createExchangeId('gamma'), beta.feed, [beta.instrument.id])
    core.rules.check()
    alpha.feed.connected = false
    core.offsets.record(alpha.venue.exchange, { exchangeTimeMs: 0, offsetMs: 9000, roundTripMs: 10 })
    core.rules.check()
    expect(rulesOf(world)).toEqual([])
    expect(core.feeds.isStale(alpha.venue.exchange)).toBe(true)
  })

  it('halt on a clock that certainly differs, not on one measured badly', async () => {
    const world = createTwoVenueWorld()
    await world.open()
    const record = (offsetMs: number, roundTripMs: number): string[] => {
      world.core.offsets.record(world.alpha.venue.exchange, { exchangeTimeMs: 0, offsetMs, roundTripMs })
      world.core.rules.check()
      return rulesOf(world)
    }
    expect(record(-1200, 500)).toEqual([])
    expect(record(-1200, 100)).toEqual(['clock_offset'])
    expect(record(5, 100)).toEqual([])
  })

  it('start once and end for good', async () => {
    const { core, clock } = createTwoVenueWorld()
    core.rules.start()
    core.rules.start()
    expect(clock.pendingTimers).toBe(1)
    core.rules.close()
    await clock.advance(1000)
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('clock polling', () => {
  it('measures every exchange at start and at the interval, and keeps the last value when one does not answer', async () => {
    const { core, clock, alpha, beta } = createTwoVenueWorld()
    alpha.serverTime = { exchangeTimeMs: 0, offsetMs: 700, roundTripMs: 100 }
    core.clockPolling.start()
    core.clockPolling.start()
    await clock.advance(0)
    expect(core.offsets.certainOffsetMs(alpha.venue.exchange)).toBe(650)
    expect(core.offsets.certainOffsetMs(beta.venue.exchange)).toBe(0)
    alpha.serverTime = new Error('no answer')
    beta.serverTime = { exchangeTimeMs: 0, offsetMs: -300, roundTripMs: 0 }
    await clock.advance(1000)
    expect(core.offsets.certainOffsetMs(alpha.venue.exchange)).toBe(650)
    expect(core.offsets.certainOffsetMs(beta.venue.exchange)).toBe(300)
    core.clockPolling.close()
    expect(clock.pendingTimers).toBe(0)
  })

  it('plans nothing more when it is closed while an answer is under way', async () => {
    const { core, clock } = createTwoVenueWorld()
    core.clockPolling.start()
    core.clockPolling.close()
    await clock.advance(0)
    expect(clock.pendingTimers).toBe(0)
  })

  it('knows nothing of an exchange that was never measured', () => {
    expect(createTwoVenueWorld().core.offsets.certainOffsetMs(createExchangeId('gamma'))).toBe(0)
  })
})
