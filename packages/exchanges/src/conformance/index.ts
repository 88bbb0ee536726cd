export {
  type ConformanceFault,
  type ConformancePerpetual,
  type ConformanceVenue,
  type TrueBalance,
  type TrueBook,
  type TrueFill,
  type TrueLevel,
  type TrueOrder,
  type TruePosition,
  type TrueTrade,
  type VenueTruth,
} from './conformance-venue.js'
export { describeConformance, type ConformanceOptions } from './describe-conformance.js'
