import { expect, it } from 'vitest'
import type { ExecutionRecord } from '@cex-arbitrage/trading'
import { DiscardingJournal } from './discarding-journal.js'

it('takes records as a journal does and keeps none', async () => {
  const journal = new DiscardingJournal()
  const record: ExecutionRecord = { kind: 'session_start', atMs: 1, fencingToken: 1 }
  journal.enqueue(record)
  await journal.append(record)
  journal.enqueue(record)
  await journal.flush()
  const kept = []
  for await (const each of journal.replay()) kept.push(each)
  expect(kept).toEqual([])
  await journal.close()
})
