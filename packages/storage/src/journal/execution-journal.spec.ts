import { systemClock } from '@cex-arbitrage/common'
import { executionRecordCodec, type ExecutionRecord } from '@cex-arbitrage/trading'
import { expect, it } from 'vitest'
import { withTemporaryDirectory } from '../testing/temporary-directory.js'
import { FileJournal } from './file-journal.js'

it('keeps the records of execution', () =>
  withTemporaryDirectory(async (directory) => {
    const records: readonly ExecutionRecord[] = [
      { kind: 'session_start', atMs: 1, fencingToken: 1 },
      { kind: 'session_stop', atMs: 2, openOrders: 0 },
    ]
    const options = { directory, codec: executionRecordCodec, clock: systemClock }
    const journal = await FileJournal.open(options)
    for (const record of records) await journal.append(record)
    await journal.close()
    const again = await FileJournal.open(options)
    const seen: ExecutionRecord[] = []
    for await (const record of again.replay()) seen.push(record)
    await again.close()
    expect(seen).toEqual(records)
  }))
