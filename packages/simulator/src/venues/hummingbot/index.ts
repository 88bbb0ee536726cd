export { createHummingbotVenue } from './create-hummingbot-venue.js'
export { type HummingbotSettings, type HummingbotVenueOptions } from './settings.js'
export { type TrafficReport } from './protocol/traffic-meter.js'
