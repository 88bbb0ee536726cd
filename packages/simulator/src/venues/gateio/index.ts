export { createGateioVenue, type GateioVenueOptions } from './create-gateio-venue.js'
