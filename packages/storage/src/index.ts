export { FileJournal, type FileJournalOptions, type SyncPolicy } from './journal/file-journal.js'
export { type JournalCodec } from './journal/journal-codec.js'
export { JournalLock } from './journal/journal-lock.js'
