export { createTestInstrument } from './test-instrument.js'
export {
  conformancePerpetual,
  conformanceSymbol,
  createSimulatedConformanceVenue,
  type SimulatedConformanceOptions,
} from './simulated-conformance-venue.js'
export { type SimulatedVenue } from './simulated-venue.js'
