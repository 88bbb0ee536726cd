export { createSampleVenue } from './create-sample-venue.js'
