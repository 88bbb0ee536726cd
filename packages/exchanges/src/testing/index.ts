export { createTestInstrument } from './test-instrument.js'
