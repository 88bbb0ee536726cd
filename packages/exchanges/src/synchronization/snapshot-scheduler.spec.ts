import { OrderBook } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/test-instrument.js'
import { BookSyncTally } from './book-sync-tally.js'
import { BookSynchronizer } from './book-synchronizer.js'
import { SnapshotScheduler } from './snapshot-scheduler.js'

const options = { maxConcurrent: 2, retryInitialMs: 200, retryMaxMs: 1_000, minIntervalMs: 100 }

const setUp = (fetchSnapshot: (sync: BookSynchronizer) => Promise<void>) => {
  const clock = new ManualClock()
  const scheduler = new SnapshotScheduler(clock, { next: () => 0.5 }, options, fetchSnapshot)
  const createSync = (): BookSynchronizer => {
    const rules = {
      streamedDepth: undefined,
      snapshotDepth: undefined,
      crossedFramesTolerated: 0,
      maxBufferedFrames: 9,
    }
    const sync = new BookSynchronizer(new OrderBook(createTestInstrument()), rules, new BookSyncTally(), {
      requestSnapshot: (each, need) => scheduler.request(each, need),
      onBook: () => undefined,
    })
    sync.onConnected(1)
    return sync
  }
  return { clock, scheduler, createSync }
}

describe('SnapshotScheduler', () => {
  it('paces the fetches of many books and runs few at a time', async () => {
    const open: (() => void)[] = []
    const { clock, scheduler, createSync } = setUp(() => new Promise((resolve) => void open.push(resolve)))
    for (let i = 0; i < 4; i++) createSync().onQuiet()
    expect(open.length).toBe(1)
    await clock.advance(100)
    expect(open.length).toBe(2)
    await clock.advance(1_000)
    expect(open.length).toBe(2)
    open[0]!()
    await clock.advance(100)
    expect(open.length).toBe(3)
    scheduler.close()
  })

  it('tries a failing book again, later each time', async () => {
    const at: number[] = []
    const { clock, scheduler, createSync } = setUp(() => {
      at.push(clock.nowUs() / 1000)
      return Promise.reject(new Error('down'))
    })
    createSync().onQuiet()
    await clock.advance(3_000)
    const waits = at.slice(1).map((time, i) => time - at[i]!)
    expect(waits.slice(0, 3)).toEqual([400, 600, 700])
    expect(scheduler.failures).toBe(at.length)
    scheduler.close()
    await clock.advance(3_000)
    expect(clock.pendingTimers).toBe(0)
  })

  it('asks again when the answer was too old or the book broke meanwhile', async () => {
    let fetches = 0
    const { clock, scheduler, createSync } = setUp((sync) => {
      if (++fetches === 1) scheduler.request(sync, 'too_old')
      return Promise.resolve()
    })
    createSync().onQuiet()
    await clock.advance(1_000)
    expect(fetches).toBe(2)
    scheduler.close()
  })

  it('forgets a book that is no longer followed', async () => {
    let fetches = 0
    const { clock, scheduler, createSync } = setUp(() => {
      fetches++
      return Promise.reject(new Error('down'))
    })
    const first = createSync()
    const second = createSync()
    first.onQuiet()
    second.onQuiet()
    scheduler.remove(first)
    scheduler.remove(second)
    await clock.advance(5_000)
    expect(fetches).toBe(1)
    expect(clock.pendingTimers).toBe(0)
  })
})
