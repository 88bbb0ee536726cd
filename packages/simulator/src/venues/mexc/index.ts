export { createMexcVenue, type MexcVenueOptions } from './create-mexc-venue.js'
export { type ListenKeyLimits } from './listen-keys.js'
export { mexcSymbols, type MexcSymbolOptions } from './mexc-symbol.js'
export {
  defaultMexcRateLimits,
  defaultMexcStreamLimits,
  type MexcKeyOptions,
  type MexcRateLimits,
  type MexcSettings,
  type MexcSettingsInput,
  type MexcStreamLimits,
} from './settings.js'
