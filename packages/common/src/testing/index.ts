export { ManualClock } from './manual-clock.js'
export { waitFor } from './wait-for.js'
