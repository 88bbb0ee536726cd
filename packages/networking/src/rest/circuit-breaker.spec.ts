import { CircuitOpenException } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { CircuitBreaker, type CallOutcome, type CircuitBreakerOptions } from './circuit-breaker.js'

function setUp(options: CircuitBreakerOptions = {}) {
  const clock = new ManualClock()
  const breaker = new CircuitBreaker(clock, { minimumCalls: 4, windowMs: 1_000, openMs: 500, ...options })
  const call = (...outcomes: CallOutcome[]): void => {
    for (const outcome of outcomes) breaker.enter('order', {}).report(outcome)
  }
  return { clock, breaker, call }
}

describe('CircuitBreaker', () => {
  it('opens when the share of failures is reached, not before the minimum of calls', () => {
    const { breaker, call } = setUp()
    call('failure', 'failure', 'failure')
    expect(breaker.state).toBe('closed')
    call('success', 'failure')
    expect(breaker.state).toBe('open')
    expect(breaker.retryAfterMs).toBe(500)
    expect(() => breaker.enter('order', {})).toThrow(CircuitOpenException)
  })

  it('forgets failures that are older than the window, and what says nothing', async () => {
    const { clock, breaker, call } = setUp()
    call('failure', 'failure', 'failure')
    await clock.advance(1_100)
    call('failure', 'ignored', 'ignored', 'ignored')
    expect(breaker.state).toBe('closed')
    expect(breaker.retryAfterMs).toBe(0)
  })

  it('lets hedges and cancels pass while open unless told otherwise', () => {
    const { breaker, call } = setUp()
    call('failure', 'failure', 'failure', 'failure')
    expect(breaker.canEnter('account')).toBe(false)
    breaker.enter('cancel', {}).report('failure')
    const strict = setUp({ letPrivilegedPass: false })
    strict.call('failure', 'failure', 'failure', 'failure')
    expect(strict.breaker.canEnter('hedge')).toBe(false)
  })

  it('closes after enough probes have succeeded, letting through no more than those', async () => {
    const { clock, breaker, call } = setUp()
    call('failure', 'failure', 'failure', 'failure')
    await clock.advance(500)
    expect(breaker.state).toBe('half-open')
    const probes = [breaker.enter('account', {}), breaker.enter('account', {})]
    expect(() => breaker.enter('account', {})).toThrow('half-open')
    for (const probe of probes) probe.report('success')
    expect(breaker.state).toBe('closed')
    call('failure', 'failure', 'failure')
    expect(breaker.state).toBe('closed')
  })

  it('opens anew when a probe fails, and ignores what earlier calls report then', async () => {
    const { clock, breaker, call } = setUp()
    const early = breaker.enter('order', {})
    call('failure', 'failure', 'failure', 'failure')
    await clock.advance(500)
    const probe = breaker.enter('order', {})
    const other = breaker.enter('order', {})
    early.report('failure')
    probe.report('ignored')
    other.report('failure')
    other.report('success')
    expect(breaker.state).toBe('open')
    expect(breaker.retryAfterMs).toBe(1_000)
  })

  it('stays open twice as long after each failed probe, up to the longest, and no longer than at first once it has closed', async () => {
    const { clock, breaker, call } = setUp({ probes: 1, maxOpenMs: 1_500 })
    call('failure', 'failure', 'failure', 'failure')
    for (const openMs of [500, 1_000, 1_500, 1_500]) {
      expect(breaker.retryAfterMs).toBe(openMs)
      await clock.advance(openMs)
      call('failure')
    }
    await clock.advance(1_500)
    call('success')
    expect(breaker.state).toBe('closed')
    call('failure', 'failure', 'failure', 'failure')
    expect(breaker.retryAfterMs).toBe(500)
  })

  it('lets no more probes through because one of an earlier time reports late', async () => {
    const { clock, breaker, call } = setUp()
    call('failure', 'failure', 'failure', 'failure')
    await clock.advance(500)
    const late = breaker.enter('order', {})
    breaker.enter('order', {}).report('failure')
    await clock.advance(1_000)
    const probe = breaker.enter('order', {})
    late.report('success')
    breaker.enter('order', {})
    expect(breaker.canEnter('order')).toBe(false)
    probe.report('success')
    expect(breaker.state).toBe('half-open')
  })
})
