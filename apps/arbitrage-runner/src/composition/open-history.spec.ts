import { silentLogger, systemClock, systemRandom } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import type { EngineConfig } from '@cex-arbitrage/config'
import { Decimal } from '@cex-arbitrage/common'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EngineHost } from '../lifecycle/engine-host.js'
import { LocalVenues } from '../testing/local-venues.js'
import { journalName, toRetentionPolicy } from './open-history.js'

let venues: LocalVenues
beforeAll(async () => {
  venues = await LocalVenues.start()
})
afterAll(() => venues.close())

const hostOf = (config: EngineConfig): EngineHost =>
  new EngineHost({ config, clock: systemClock, random: systemRandom, logger: silentLogger })

describe('the history of an engine', () => {
  it('holds trades, their parts, balances, equity and health within seconds', async () => {
    const host = hostOf(venues.configuration({ mode: 'paper' }))
    expect(host.history).toBeUndefined()
    await host.start()
    const history = host.history!
    await waitFor(async () => (await history.recentTrades({ outcome: 'completed' })).length > 0, 'a trade', 12_000)
    await waitFor(async () => (await history.equitySeries()).length > 1, 'equity over time', 12_000)
    await waitFor(async () => (await history.venueHealth()).length === 2, 'the health of both venues', 12_000)
    await waitFor(async () => (await history.opportunities()).length > 0, 'a sampled opportunity', 12_000)
    const [trade] = await history.recentTrades({ limit: 1, outcome: 'completed' })
    expect(trade).toMatchObject({ strategy: 'spot-spot', refused: false })
    const detail = (await history.tradeDetail(trade!.correlationId))!
    expect(detail.orders.map(({ state }) => state)).toEqual(['filled', 'filled'])
    expect(detail.fills.length).toBeGreaterThanOrEqual(2)
    const [opportunity] = (await history.opportunities({ limit: 1_000 })).filter(
      ({ correlationId }) => correlationId === trade!.correlationId,
    )
    if (opportunity !== undefined) expect(opportunity).toMatchObject({ verdict: 'approved', symbol: trade!.symbol })
    expect((await history.whyNot()).length).toBeGreaterThan(0)
    const sums = new Map<string, Decimal>()
    for (const { asset, amount } of await history.balances())
      sums.set(asset, (sums.get(asset) ?? Decimal.zero).plus(Decimal.parse(amount)))
    for (const sum of sums.values()) expect(sum.isZero).toBe(true)
    const [journal] = await history.journals()
    expect(journal!.journal).toMatch(/^paper-20\d\d-/)
    await host.stop()
    await expect(history.recentTrades()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  }, 40_000)

  it('is not kept where the database is switched off', async () => {
    const host = hostOf(venues.configuration({ mode: 'paper', database: { enabled: false } }))
    await host.start()
    expect(host.history).toBeUndefined()
    await host.stop()
  })

  it('keeps trades for ever unless told otherwise', () => {
    expect(toRetentionPolicy(venues.configuration({ mode: 'paper' }))).toMatchObject({ tradeMs: undefined })
    const config = venues.configuration({ mode: 'paper', database: { retention: { tradeDays: 2, displayDays: 1 } } })
    expect(toRetentionPolicy(config)).toMatchObject({ tradeMs: 172_800_000, displayMs: 86_400_000 })
  })

  it('has one journal for live accounts, and one for each other run', () => {
    expect(journalName('live', 0)).toBe('live')
    expect(journalName('simulated', 0)).toBe('simulated-1970-01-01T00:00:00.000Z')
  })
})
