import type { VenueHost } from '../venue/venue-host.js'
import type { VenueOptions } from '../venue/venue-options.js'
import { createGateioVenue } from './gateio/index.js'
import { createHummingbotVenue } from './hummingbot/index.js'
import { createMexcVenue } from './mexc/index.js'

const creators = { mexc: createMexcVenue, gateio: createGateioVenue, hummingbot: createHummingbotVenue } as const

/** Exchanges that can be simulated. */
export type VenueName = keyof typeof creators

export const venueNames = Object.keys(creators) as VenueName[]

export const isVenueName = (name: string): name is VenueName => Object.hasOwn(creators, name)

/** A simulated exchange by name, with the options that all share. */
export function createVenue(name: VenueName, options: VenueOptions = {}): VenueHost {
  return creators[name](options)
}
