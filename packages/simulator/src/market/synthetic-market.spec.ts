import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'

import type { GroundTruth } from '../truth/ground-truth.js'
import type { VenueHost } from '../venue/venue-host.js'
import type { VenueOptions } from '../venue/venue-options.js'
import { createGateioVenue } from '../venues/gateio/create-gateio-venue.js'
import { defaultLadder, QuotingBot, stepRandom } from './quoting-bot.js'
import { ReferenceMarket } from './reference-market.js'

async function runVenue(
  ms: number,
  options: VenueOptions = {},
  before?: (venue: VenueHost) => void,
): Promise<VenueHost> {
  const clock = new ManualClock()
  const venue = createGateioVenue({ seed: 5, clock, ...options })
  before?.(venue)
  venue.market.start()
  await clock.advance(ms)
  venue.market.stop()
  return venue
}

const booksOf = (truth: GroundTruth): string => JSON.stringify([truth.books, truth.sums])

describe('the synthetic market', () => {
  it('quotes every symbol, never crossed, and prints trades', async () => {
    const venue = await runVenue(5_000)
    for (const { name } of venue.core.symbols.values()) {
      const { bids, asks } = venue.core.engine(name)
      expect(bids.levels.length).toBeGreaterThan(25)
      expect(asks.levels.length).toBeGreaterThan(25)
      expect(bids.best!.priceTicks).toBeLessThan(asks.best!.priceTicks)
      const spreadBps = (asks.best!.priceTicks / bids.best!.priceTicks - 1) * 10_000
      expect(spreadBps).toBeLessThan(12)
    }
    expect([...venue.core.symbols.keys()].some((name) => venue.core.trades(name).length > 0)).toBe(true)
  })

  it('is the same for the same seed and time, and another for another seed', async () => {
    const [first, second, other] = await Promise.all([runVenue(2_000), runVenue(2_000), runVenue(2_000, { seed: 6 })])
    expect(booksOf(first.truth())).toBe(booksOf(second.truth()))
    expect(booksOf(first.truth())).not.toBe(booksOf(other.truth()))
  })

  it('moves through the orders of traders and fills them', async () => {
    const venue = await runVenue(20_000, { market: { kind: 'synthetic', volatility: 3 } }, ({ core }) => {
      for (const [side, priceTicks] of [
        ['buy', 700_000],
        ['sell', 600_000],
      ] as const)
        core.place({
          accountId: 'trader',
          symbol: 'BTC/USDT',
          side,
          kind: 'limit',
          timeInForce: 'gtc',
          priceTicks,
          quantityLots: 1_000,
        })
    })
    expect(venue.core.ordersOf('trader').map(({ status }) => status)).toEqual(['filled', 'filled'])
    expect(Object.values(venue.truth().sums).every((sum) => sum === '0')).toBe(true)
  })

  it('can share one reference between venues, which then agree but for dislocations', async () => {
    const reference = new ReferenceMarket({ seed: 9, dislocations: { exchanges: [] } })
    const market = { kind: 'synthetic', reference } as const
    const [a, b] = await Promise.all([runVenue(1_000, { market }), runVenue(1_000, { market, seed: 77 })])
    const best = (venue: VenueHost): number => venue.core.engine('BTC/USDT').bids.best!.priceTicks
    expect(Math.abs(best(a) / best(b) - 1) * 10_000).toBeLessThan(4)
  })

  it('makes a level of a cross worth as much as one of a pair against the dollar', async () => {
    const venue = await runVenue(2_000)
    const worth = (symbol: string, quote: number): number => {
      const { levels } = venue.core.engine(symbol).bids
      const { priceDecimals, quantityDecimals } = venue.core.symbols.get(symbol)!
      const unit = 10 ** -(priceDecimals + quantityDecimals)
      return (levels.reduce((sum, level) => sum + level.priceTicks * level.totalLots * unit, 0) * quote) / levels.length
    }
    const ratio = worth('ETH/BTC', 65_000) / worth('ETH/USDT', 1)
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
  })

  it('takes its quotes back when a bot is cleared', () => {
    const { core } = createGateioVenue({ clock: new ManualClock(), market: { kind: 'manual' } })
    const bot = new QuotingBot(core, core.symbols.get('LUNC/USDT')!, defaultLadder)
    bot.requote(0.000036, stepRandom(1, 'x', 1))
    expect(core.engine('LUNC/USDT').asks.levels.length).toBeGreaterThan(0)
    bot.requote(0.000037, stepRandom(1, 'x', 2))
    expect(core.engine('LUNC/USDT').bids.best!.priceTicks).toBe(3699)
    bot.clear()
    expect(core.engine('LUNC/USDT').bids.levels).toEqual([])
  })
})
