export { createTestInstrument } from './test-instrument.js'
export {
  conformancePerpetual,
  conformanceSymbol,
  createSimulatedConformanceVenue,
  type SimulatedConformanceOptions,
  type SimulatedVenue,
} from './simulated-conformance-venue.js'
