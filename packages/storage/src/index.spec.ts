import { expect, it } from 'vitest'
import * as storage from './index.js'

it('exports exactly its public names', () => {
  expect(Object.keys(storage).sort()).toEqual([
    'DiscardingJournal',
    'FileJournal',
    'HistoryDatabase',
    'HistoryReader',
    'InstrumentCatalogue',
    'JournalLock',
    'RecordedNetwork',
    'RecordingNetwork',
    'RecordingPump',
    'RecordingReader',
    'RecordingWriter',
    'defaultRetentionPolicy',
    'eventKinds',
    'historyQueryNames',
    'isOutgoing',
    'probeDatabase',
    'rebuildDatabase',
    'replayRecording',
  ])
})
