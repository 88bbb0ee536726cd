export {
  type DisplayRecorder,
  type EquitySample,
  type OpportunitySample,
  type VenueHealthSample,
  type WhyNotSample,
} from './database/display-data.js'
export { HistoryReader, type AccountedTrade } from './database/history-reader.js'
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
  type JournalScope,
  type LegRow,
  type OpportunityRow,
  type OrderRow,
  type PostingRow,
  type ProfitParts,
  type ResidualRow,
  type TimeRange,
  type TradeDayRow,
  type TradeDetail,
  type TradeFilter,
  type TradeRow,
  type TradeSummary,
  type VenueHealthRow,
  type WhyNotRow,
} from './database/history-queries.js'
export { InstrumentCatalogue } from './database/instrument-catalogue.js'
export { probeDatabase, type DatabaseProbe } from './database/probe-database.js'
export { rebuildDatabase, type RebuildOptions } from './database/rebuild-database.js'
export { defaultRetentionPolicy, type RetentionPolicy } from './database/retention.js'
export { DiscardingJournal } from './journal/discarding-journal.js'
export { FileJournal, type FileJournalOptions, type SyncPolicy } from './journal/file-journal.js'
export { type JournalCodec } from './journal/journal-codec.js'
export { JournalLock } from './journal/journal-lock.js'
export { eventKinds, isOutgoing, type EventKind, type RecordedEvent } from './recording/recorded-event.js'
export { RecordedNetwork } from './recording/recorded-network.js'
export { RecordingNetwork } from './recording/recording-network.js'
export { RecordingPump, type RecordingPumpOptions } from './recording/recording-pump.js'
export { RecordingReader } from './recording/recording-reader.js'
export { RecordingWriter, type RecordingWriterOptions } from './recording/recording-writer.js'
export { replayRecording, type ReplayOptions } from './recording/replay-recording.js'
