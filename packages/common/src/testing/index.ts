export { createTestInstrument } from './create-test-instrument.js'
export { ManualClock } from './manual-clock.js'
export { waitFor } from './wait-for.js'
