import type { DatabaseSchema, DisplayTableName, Flag, TableRow } from './schema.js'

type Sample<Table extends DisplayTableName> = Readonly<Omit<DatabaseSchema[Table], 'journal'>>

/** One opportunity, seen and measured; the app says which it samples. */
export type OpportunitySample = Omit<Sample<'opportunities'>, 'ordinal'>
/** How often a cause was the first one since the sample before. */
export type WhyNotSample = Sample<'whyNot'>
export type EquitySample = Sample<'equity'>
export type VenueHealthSample = Omit<Sample<'venueHealth'>, 'marketDataConnected' | 'accountConnected'> & {
  readonly marketDataConnected: boolean
  readonly accountConnected: boolean
}

/**
 * Takes what is sampled for display. Returns at once; while the database is slow or away rows wait in a ring, and the
 * oldest are dropped and counted when it is full.
 */
export interface DisplayRecorder {
  recordOpportunity(sample: OpportunitySample): void
  recordWhyNot(sample: WhyNotSample): void
  recordEquity(sample: EquitySample): void
  recordVenueHealth(sample: VenueHealthSample): void
}

export type DisplayRow = TableRow<DisplayTableName>

export const toFlag = (value: boolean): Flag => (value ? 1 : 0)
