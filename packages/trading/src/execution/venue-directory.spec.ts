import { ConfigurationException, InvariantBrokenException } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import type { ExchangeCapabilities } from '@cex-arbitrage/exchanges'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-instrument.js'
import { SimulatedExchange } from '../testing/simulated-exchange.js'
import { VenueDirectory } from './venue-directory.js'

const createVenue = (name: string, capabilities: Partial<ExchangeCapabilities> = {}) =>
  new SimulatedExchange({
    name,
    instruments: [createTestInstrument({ exchange: name })],
    clock: new ManualClock(),
    balances: {},
    capabilities,
  }).venue

describe('VenueDirectory', () => {
  it('refuses a venue that keeps no immediate orders before anything is traded', () => {
    const venues = [createVenue('alpha'), createVenue('beta', { timesInForce: ['gtc', 'fok'] })]
    expect(() => new VenueDirectory(venues)).toThrow(ConfigurationException)
    expect(() => new VenueDirectory(venues)).toThrow(/^beta takes no immediate-or-cancel orders/)
  })

  it('finds the venue of an instrument, and names one that nobody trades', () => {
    const alpha = createVenue('alpha')
    const directory = new VenueDirectory([alpha])
    const [instrument] = alpha.instruments
    expect(directory.venueOf(instrument!)).toBe(alpha)
    expect(directory.gateway(instrument!.id)).toBe(alpha.privateExchange.orders)
    expect(directory.touching(alpha.exchange, [instrument!.base])).toEqual([instrument])
    expect(() => directory.venueOf(createTestInstrument({ exchange: 'gamma' }))).toThrow(InvariantBrokenException)
  })
})
