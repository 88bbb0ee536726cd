import { BookChanges, type Instrument } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/test-instrument.js'
import { BookKeeper } from './book-keeper.js'

const wholeBook = (sequence: number): BookChanges => {
  const changes = new BookChanges(2)
  changes.priceTicks.set([100, 101])
  changes.quantityLots.set([1, 1])
  changes.bidEnd = 1
  changes.askEnd = 2
  changes.firstSequence = sequence
  changes.lastSequence = sequence
  return changes
}

const setUp = () => {
  const clock = new ManualClock()
  const venue = { sequence: 100, fetches: 0 }
  const stalled: Instrument[] = []
  const keeper = new BookKeeper({
    clock,
    random: { next: () => 0 },
    rules: { streamedDepth: undefined, snapshotDepth: undefined, crossedFramesTolerated: 0, maxBufferedFrames: 10 },
    snapshots: { maxConcurrent: 1, retryInitialMs: 100, retryMaxMs: 200, minIntervalMs: 10 },
    bookCapacity: 8,
    quietMs: 2_000,
    silenceMs: 60_000,
    fetchSnapshot: () => {
      venue.fetches++
      return Promise.resolve(wholeBook(venue.sequence))
    },
    onStalled: (instrument) => void stalled.push(instrument),
  })
  const instrument = createTestInstrument()
  const { sync } = keeper.follow(instrument)
  return { clock, venue, stalled, keeper, instrument, sync, book: sync.book }
}

describe('BookKeeper', () => {
  it('fetches the first snapshot of a quiet market without waiting for a frame', async () => {
    const { clock, keeper, instrument, book, venue } = setUp()
    keeper.onReady(instrument.id, 1)
    await clock.advance(1_000)
    expect(venue.fetches).toBe(0)
    await clock.advance(1_500)
    expect(book).toMatchObject({ trust: 'trusted', sequence: 100 })
    keeper.close()
    expect(book.quarantineCause).toBe('disconnected')
    expect(clock.pendingTimers).toBe(0)
  })

  it('doubts a silent book and trusts it again when a snapshot shows that nothing moved', async () => {
    const { clock, keeper, instrument, book, venue, stalled } = setUp()
    const seen: string[] = []
    keeper.addListener({ onBook: ({ trust }) => void seen.push(trust) })
    keeper.onReady(instrument.id, 1)
    await clock.advance(63_000)
    expect(seen).toEqual(['trusted', 'quarantined', 'trusted'])
    expect(venue.fetches).toBe(2)
    expect(book.trust).toBe('trusted')
    expect(stalled).toEqual([])
    keeper.close()
  })

  it('reports a stream that stays silent while the book moves, and does not trust the snapshot', async () => {
    const { clock, keeper, instrument, book, venue, stalled } = setUp()
    keeper.onReady(instrument.id, 1)
    await clock.advance(2_500)
    venue.sequence = 150
    await clock.advance(62_000)
    expect(stalled).toEqual([instrument])
    expect(book).toMatchObject({ trust: 'quarantined', quarantineCause: 'stale' })
    keeper.onReady(instrument.id, 2)
    await clock.advance(2_500)
    expect(book).toMatchObject({ trust: 'trusted', sequence: 150, epoch: 2 })
    keeper.close()
  })

  it('throws away a snapshot that was asked for before the connection broke', async () => {
    const { clock, keeper, instrument, sync, book, venue } = setUp()
    keeper.onReady(instrument.id, 1)
    sync.onQuiet()
    sync.onDisconnected()
    keeper.onReady(instrument.id, 2)
    sync.onQuiet()
    venue.sequence = 120
    await clock.advance(1_000)
    expect(book).toMatchObject({ trust: 'trusted', sequence: 120 })
    expect(venue.fetches).toBe(2)
    keeper.close()
  })

  it('tells trades only to those who want them', () => {
    const { keeper, instrument } = setUp()
    const trades: unknown[] = []
    const quiet = { onBook: () => undefined }
    keeper.addListener(quiet)
    expect(keeper.wantsTrades).toBe(false)
    const wanting = { onBook: () => undefined, onTrade: (trade: unknown) => void trades.push(trade) }
    keeper.addListener(wanting)
    expect(keeper.wantsTrades).toBe(true)
    const trade = { instrumentId: instrument.id } as never
    keeper.onTrade(trade)
    keeper.removeListener(wanting)
    keeper.removeListener(wanting)
    keeper.onTrade(trade)
    expect(trades).toEqual([trade])
    keeper.close()
  })

  it('stops following and distrusts what is forgotten', async () => {
    const { clock, keeper, instrument, sync, book, venue } = setUp()
    keeper.onReady(instrument.id, 1)
    sync.onChanges(wholeBook(100), 1)
    keeper.forget(instrument.id)
    keeper.forget(instrument.id)
    keeper.onReady(instrument.id, 2)
    await clock.advance(5_000)
    expect(keeper.size).toBe(0)
    expect(book.trust).not.toBe('trusted')
    expect(venue.fetches).toBeLessThanOrEqual(1)
    expect(clock.pendingTimers).toBe(0)
    keeper.close()
  })
})
