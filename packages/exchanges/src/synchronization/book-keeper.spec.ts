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
  const late: number[] = []
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
    onLate: () => void late.push(clock.nowUs()),
  })
  const instrument = createTestInstrument()
  const { sync } = keeper.follow(instrument)
  /** So many frames, one every 100 ms; the venue's book moves with them. */
  const stream = async (frames: number): Promise<void> => {
    for (let i = 0; i < frames; i++) {
      await clock.advance(100)
      sync.onChanges(wholeBook(++venue.sequence), clock.nowUs())
    }
  }
  return { clock, venue, stalled, late, keeper, instrument, sync, book: sync.book, stream }
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

  it('doubts a busy book within seconds, and finds a stream that has stalled', async () => {
    const { clock, keeper, instrument, book, venue, stalled, stream } = setUp()
    keeper.onReady(instrument.id, 1)
    await stream(50)
    expect(book.trust).toBe('trusted')
    venue.sequence++
    await clock.advance(1_400)
    expect(book.trust).toBe('trusted')
    await clock.advance(2_000)
    expect(stalled).toEqual([instrument])
    expect(book).toMatchObject({ trust: 'quarantined', quarantineCause: 'stale' })
    keeper.close()
  })

  it('takes a newer snapshot for a frame under way when that frame comes', async () => {
    const { clock, keeper, instrument, book, venue, stalled, sync, stream } = setUp()
    keeper.onReady(instrument.id, 1)
    await stream(50)
    venue.sequence++
    while (book.trust === 'trusted') await clock.advance(10)
    sync.onChanges(wholeBook(venue.sequence), clock.nowUs())
    await clock.advance(400)
    expect(book).toMatchObject({ trust: 'trusted', sequence: venue.sequence })
    expect(stalled).toEqual([])
    keeper.close()
  })

  it('doubts a market that rests less and less often, until frames come again', async () => {
    const { clock, keeper, instrument, venue, stream } = setUp()
    keeper.onReady(instrument.id, 1)
    await stream(50)
    const asked = async (ms: number): Promise<number> => {
      const before = venue.fetches
      await clock.advance(ms)
      return venue.fetches - before
    }
    expect(await asked(3_000)).toBe(1)
    expect(await asked(4_500)).toBe(1)
    expect(await asked(52_500)).toBe(2)
    await stream(250)
    expect(await asked(3_000)).toBe(1)
    keeper.close()
  })

  it('says when frames come late, until a measurement shows that the exchange has set its clock', async () => {
    const { clock, keeper, instrument, book, venue, late, sync } = setUp()
    keeper.onReady(instrument.id, 1)
    const frame = async (exchangeTimeMs: number): Promise<void> => {
      await clock.advance(100)
      const changes = wholeBook(++venue.sequence)
      changes.exchangeTimeMs = exchangeTimeMs
      sync.onChanges(changes, clock.nowUs())
    }
    for (let i = 0; i < 10; i++) await frame(clock.nowMs() + 3_000)
    expect(late).toEqual([])
    for (let i = 0; i < 12; i++) await frame(clock.nowMs())
    expect(late.length).toBeGreaterThan(0)
    expect(book.receivedAtUs).toBeLessThan(clock.nowUs() - 1_000_000)
    keeper.onClockMeasured(clock.nowUs() - clock.nowMs() * 1_000, clock.nowUs())
    for (let i = 0; i < 30; i++) await frame(clock.nowMs())
    expect(book.receivedAtUs).toBeLessThan(clock.nowUs() - 1_000_000)
    for (let i = 0; i < 4; i++) await frame(clock.nowMs())
    expect(book.receivedAtUs).toBe(clock.nowUs())
    const before = late.length
    await clock.advance(1_000)
    expect(late).toHaveLength(before)
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
