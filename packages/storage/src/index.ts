export {
  type DisplayRecorder,
  type EquitySample,
  type OpportunitySample,
  type VenueHealthSample,
  type WhyNotSample,
} from './database/display-data.js'
export { HistoryDatabase, type HistoryDatabaseOptions, type HistoryStatus } from './database/history-database.js'
export {
  historyQueryNames,
  type BalanceRow,
  type EquityPoint,
  type FillRow,
  type HaltRow,
  type HistoryQueries,
  type JournalChoice,
  type JournalRow,
  type LegRow,
  type OpportunityRow,
  type OrderRow,
  type PostingRow,
  type ProfitParts,
  type ResidualRow,
  type TimeRange,
  type TradeDetail,
  type TradeFilter,
  type TradeRow,
  type TradeSummary,
  type VenueHealthRow,
  type WhyNotRow,
} from './database/history-queries.js'
export { rebuildDatabase, type RebuildOptions } from './database/rebuild-database.js'
export { defaultRetentionPolicy, type RetentionPolicy } from './database/retention.js'
export { FileJournal, type FileJournalOptions, type SyncPolicy } from './journal/file-journal.js'
export { type JournalCodec } from './journal/journal-codec.js'
export { JournalLock } from './journal/journal-lock.js'
