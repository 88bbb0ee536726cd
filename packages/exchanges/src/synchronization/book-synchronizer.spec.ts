import { BookChanges, OrderBook } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/test-instrument.js'
import { BookSyncTally } from './book-sync-tally.js'
import { BookSynchronizer } from './book-synchronizer.js'
import type { SequenceRules, SnapshotNeed } from './sequence-rules.js'

type Levels = readonly (readonly [priceTicks: number, quantityLots: number])[]

const changesOf = (first: number, last: number, bids: Levels, asks: Levels, isSnapshot = false): BookChanges => {
  const changes = new BookChanges(64)
  for (const [i, [price, quantity]] of [...bids, ...asks].entries()) {
    changes.priceTicks[i] = price
    changes.quantityLots[i] = quantity
  }
  changes.bidEnd = bids.length
  changes.askEnd = bids.length + asks.length
  changes.firstSequence = first
  changes.lastSequence = last
  changes.isSnapshot = isSnapshot
  return changes
}

const snapshotAt = (sequence: number, bids: Levels = [[100, 4]], asks: Levels = [[101, 5]]): BookChanges =>
  changesOf(sequence, sequence, bids, asks)

const setUp = (rules: Partial<SequenceRules> = {}) => {
  const book = new OrderBook(createTestInstrument(), 8)
  const tally = new BookSyncTally()
  const needs: SnapshotNeed[] = []
  const published: string[] = []
  const sync = new BookSynchronizer(
    book,
    { streamedDepth: undefined, snapshotDepth: undefined, crossedFramesTolerated: 0, maxBufferedFrames: 100, ...rules },
    tally,
    {
      requestSnapshot: (_sync, need) => void needs.push(need),
      onBook: ({ trust }) => void published.push(trust),
    },
  )
  return { book, tally, needs, published, sync }
}

const setUpTrusted = (rules: Partial<SequenceRules> = {}) => {
  const all = setUp(rules)
  all.sync.onConnected(1)
  all.sync.onQuiet()
  all.sync.onSnapshot(snapshotAt(100), 10)
  all.needs.length = 0
  return all
}

describe('BookSynchronizer', () => {
  it('ignores frames until its connection stands', () => {
    const { sync, needs } = setUp()
    sync.onChanges(changesOf(1, 2, [], []), 1)
    sync.onQuiet()
    sync.onCorrupt()
    expect(needs).toEqual([])
  })

  it('asks for one snapshot at the first frame, and puts the kept frames on it', () => {
    const { sync, needs, book, tally, published } = setUp()
    sync.onConnected(3)
    sync.onChanges(changesOf(101, 103, [], [[101, 9]]), 1)
    sync.onChanges(changesOf(104, 107, [[99, 1]], []), 2)
    expect(needs).toEqual(['first'])
    expect(book.trust).toBe('syncing')
    sync.onSnapshot(snapshotAt(103), 5)
    expect(book).toMatchObject({ trust: 'trusted', sequence: 107, epoch: 3, receivedAtUs: 5 })
    expect(book.bids.priceTicksAt(1)).toBe(99)
    expect(tally).toMatchObject({ applied: 1, dropped: 1, resyncs: 1, gaps: 0 })
    expect(published).toEqual(['trusted'])
  })

  it('refuses a snapshot from before the kept frames and asks again', () => {
    const { sync, needs, book } = setUp()
    sync.onConnected(1)
    sync.onChanges(changesOf(101, 103, [], []), 1)
    sync.onSnapshot(snapshotAt(95), 2)
    expect(needs).toEqual(['first', 'too_old'])
    expect(book.trust).toBe('syncing')
    sync.onSnapshot(snapshotAt(100), 3)
    expect(book).toMatchObject({ trust: 'trusted', sequence: 103 })
  })

  it('quarantines at a gap, keeps the frame behind it, and heals by a snapshot', () => {
    const { sync, needs, book, tally } = setUpTrusted()
    sync.onChanges(changesOf(103, 104, [[100, 7]], []), 20)
    expect(book).toMatchObject({ trust: 'quarantined', quarantineCause: 'gap', sequence: 100 })
    expect(needs).toEqual(['resync'])
    sync.onSnapshot(snapshotAt(102), 30)
    expect(book).toMatchObject({ trust: 'trusted', sequence: 104 })
    expect(book.bids.quantityLotsAt(0)).toBe(7)
    expect(tally).toMatchObject({ gaps: 1, quarantines: 1, resyncs: 2 })
  })

  it('finds a gap among the kept frames and waits for a later snapshot', () => {
    const { sync, needs, book } = setUp()
    sync.onConnected(1)
    sync.onChanges(changesOf(101, 102, [], []), 1)
    sync.onChanges(changesOf(105, 106, [], []), 2)
    sync.onSnapshot(snapshotAt(101), 3)
    expect(book.trust).toBe('quarantined')
    expect(needs).toEqual(['first', 'resync'])
    sync.onSnapshot(snapshotAt(106), 4)
    expect(book).toMatchObject({ trust: 'trusted', sequence: 106 })
  })

  it('is as old as a pushed snapshot was long under way', () => {
    const { sync, book } = setUp()
    sync.onConnected(1)
    sync.onClockMeasured(-5_000, 0)
    const pushed = changesOf(1, 5, [[100, 4]], [[101, 5]], true)
    pushed.exchangeTimeMs = 10_000
    sync.onChanges(pushed, 12_500_000)
    expect(book.trust).toBe('trusted')
    expect(book.receivedAtUs).toBeLessThan(11_000_000)
  })

  it('takes no book for young because of a frame that was under way for long (S6)', () => {
    const { sync, book } = setUpTrusted()
    const frame = (sequence: number, exchangeTimeMs: number, receivedAtMs: number): void => {
      const changes = changesOf(sequence, sequence, [], [[101, sequence]])
      changes.exchangeTimeMs = exchangeTimeMs
      sync.onChanges(changes, receivedAtMs * 1_000)
    }
    frame(101, 5_000, 1_000)
    frame(102, 5_100, 3_600)
    expect(book.sequence).toBe(102)
    expect(book.receivedAtUs).toBe(1_100_000)
    expect(book.distrust(3_600_000, 1_000_000)).toBe('stale')
  })

  it('drops what it already holds and takes an overlapping frame', () => {
    const { sync, book, tally } = setUpTrusted()
    sync.onChanges(changesOf(99, 100, [[100, 1]], []), 20)
    sync.onChanges(changesOf(99, 102, [[100, 2]], []), 30)
    expect(tally).toMatchObject({ dropped: 1, applied: 1 })
    expect(book).toMatchObject({ sequence: 102, receivedAtUs: 30 })
    expect(book.bids.quantityLotsAt(0)).toBe(2)
  })

  it('treats a range that runs backwards as corrupt', () => {
    const { sync, book } = setUpTrusted()
    sync.onChanges(changesOf(105, 101, [], []), 20)
    expect(book.quarantineCause).toBe('corrupt')
  })

  it('quarantines a book that stays crossed longer than is tolerated', () => {
    const { sync, book, tally } = setUpTrusted({ crossedFramesTolerated: 1 })
    sync.onChanges(changesOf(101, 101, [[101, 1]], []), 20)
    expect(book.trust).toBe('trusted')
    expect(book.distrust(20, 1_000)).toBe('crossed')
    sync.onChanges(changesOf(102, 102, [[99, 1]], []), 30)
    expect(book).toMatchObject({ trust: 'quarantined', quarantineCause: 'crossed' })
    expect(tally.crossed).toBe(2)
  })

  it('forgives a crossing that the next frame ends', () => {
    const { sync, book } = setUpTrusted({ crossedFramesTolerated: 1 })
    sync.onChanges(changesOf(101, 101, [[101, 1]], []), 20)
    sync.onChanges(changesOf(102, 102, [[101, 0]], []), 30)
    sync.onChanges(changesOf(103, 103, [[101, 1]], []), 40)
    expect(book.trust).toBe('trusted')
  })

  it('is wrong from the moment its connection breaks, and asks anew on the next', () => {
    const { sync, book, needs } = setUpTrusted()
    sync.onDisconnected()
    expect(book.quarantineCause).toBe('disconnected')
    sync.onChanges(changesOf(101, 101, [], []), 20)
    sync.onConnected(2)
    sync.onSnapshot(snapshotAt(101), 21)
    expect(book.trust).toBe('quarantined')
    sync.onChanges(changesOf(102, 102, [], []), 22)
    sync.onSnapshot(snapshotAt(101), 23)
    expect(needs).toEqual(['resync'])
    expect(book).toMatchObject({ trust: 'trusted', sequence: 102, epoch: 2 })
  })

  it('goes on with the book when a new connection takes over from a live one', () => {
    const { sync, book, needs } = setUpTrusted()
    sync.onConnected(2, true)
    sync.onChanges(changesOf(100, 100, [], []), 20)
    sync.onChanges(changesOf(101, 101, [], []), 21)
    expect(book).toMatchObject({ trust: 'trusted', sequence: 101, epoch: 2 })
    expect(needs).toEqual([])
  })

  it('distrusts its book when told that the stream is silent or unreadable', () => {
    const { sync, book, needs } = setUpTrusted()
    sync.onStale()
    expect(book.quarantineCause).toBe('stale')
    sync.onSnapshot(snapshotAt(100), 30)
    sync.onCorrupt()
    expect(book.quarantineCause).toBe('corrupt')
    expect(needs).toEqual(['resync', 'resync'])
  })

  it('takes a frame that holds the whole book whatever the state, but never an older one', () => {
    const { sync, book, tally } = setUp()
    sync.onConnected(1)
    sync.onChanges(changesOf(50, 50, [[9, 1]], [[10, 1]], true), 1)
    expect(book).toMatchObject({ trust: 'trusted', sequence: 50 })
    sync.onChanges(changesOf(40, 40, [[8, 1]], [[10, 1]], true), 2)
    expect(book.sequence).toBe(50)
    expect(tally.dropped).toBe(1)
  })

  it('cuts the book to the depth that the stream keeps right', () => {
    const { sync, book } = setUpTrusted({ streamedDepth: 2 })
    sync.onChanges(
      changesOf(
        101,
        101,
        [
          [99, 1],
          [98, 1],
        ],
        [],
      ),
      20,
    )
    expect(book.bids.depth).toBe(2)
  })

  describe('when snapshots are cut', () => {
    const bids: Levels = [10, 9, 8, 7, 6, 5, 4, 3].map((price) => [price, 1])
    const asks: Levels = [[11, 1]]

    it('knows nothing behind the last level of a cut side, and everything of the other', () => {
      const { sync, book } = setUp({ snapshotDepth: 8 })
      sync.onConnected(1)
      sync.onQuiet()
      sync.onSnapshot(snapshotAt(100, bids, asks), 10)
      sync.onChanges(
        changesOf(
          101,
          101,
          [
            [2, 5],
            [8, 5],
          ],
          [[90, 3]],
        ),
        20,
      )
      expect(book.bids.depth).toBe(8)
      expect(book.bids.priceTicksAt(7)).toBe(3)
      expect(book.asks.priceTicksAt(1)).toBe(90)
    })

    it('asks for a new one while it goes on, when few known levels are left', () => {
      const { sync, book, needs, tally } = setUp({ snapshotDepth: 8 })
      sync.onConnected(1)
      sync.onQuiet()
      sync.onSnapshot(snapshotAt(100, bids, asks), 10)
      const gone: Levels = [10, 9, 8, 7, 6, 5, 4].map((price) => [price, 0])
      sync.onChanges(changesOf(101, 101, gone, []), 20)
      expect(needs).toEqual(['first', 'refresh'])
      expect(book.trust).toBe('trusted')
      sync.onSnapshot(snapshotAt(90, bids, asks), 21)
      expect(needs.at(-1)).toBe('too_old')
      sync.onChanges(changesOf(102, 102, [[2, 2]], []), 22)
      sync.onSnapshot(
        snapshotAt(
          101,
          [
            [3, 1],
            [1, 1],
          ],
          asks,
        ),
        23,
      )
      expect(book).toMatchObject({ trust: 'trusted', sequence: 102 })
      expect([book.bids.priceTicksAt(0), book.bids.priceTicksAt(1), book.bids.priceTicksAt(2)]).toEqual([3, 2, 1])
      expect(tally).toMatchObject({ resyncs: 1, quarantines: 0 })
    })
  })

  it('never trusts a wrong book, whatever is dropped, repeated or put out of order', () => {
    const frame = fc.record({ side: fc.boolean(), price: fc.integer({ min: 0, max: 4 }), quantity: fc.nat(3) })
    const fault = fc.constantFrom('deliver', 'deliver', 'deliver', 'drop', 'twice', 'late')
    const step = fc.tuple(frame, fault, fc.constantFrom('none', 'none', 'snapshot', 'old-snapshot'))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { sync, book } = setUp({ maxBufferedFrames: 5 })
        const history: { readonly bids: Map<number, number>; readonly asks: Map<number, number> }[] = [
          { bids: new Map(), asks: new Map() },
        ]
        const late: BookChanges[] = []
        const check = (): void => {
          if (book.trust !== 'trusted') return
          const truth = history[book.sequence]!
          for (const [side, levels] of [
            [book.bids, truth.bids],
            [book.asks, truth.asks],
          ] as const) {
            const held = Array.from({ length: side.depth }, (_, i) => [side.priceTicksAt(i), side.quantityLotsAt(i)])
            expect(new Map(held as [number, number][])).toEqual(levels)
          }
        }
        const deliver = (changes: BookChanges): void => {
          sync.onChanges(changes, 1)
          check()
        }
        sync.onConnected(1)
        for (const [{ side, price, quantity }, what, after] of steps) {
          const previous = history.at(-1)!
          const next = { bids: new Map(previous.bids), asks: new Map(previous.asks) }
          // Bids lie below asks, so that no book crosses.
          const ticks = side ? 100 - price : 200 + price
          const levels = side ? next.bids : next.asks
          if (quantity === 0) levels.delete(ticks)
          else levels.set(ticks, quantity)
          history.push(next)
          const at = history.length - 1
          const changes = changesOf(at, at, side ? [[ticks, quantity]] : [], side ? [] : [[ticks, quantity]])
          if (what === 'late') late.push(changes)
          else {
            if (what !== 'drop') deliver(changes)
            if (what === 'twice') deliver(changes)
            const held = late.shift()
            if (held !== undefined) deliver(held)
          }
          if (after !== 'none') {
            const from = after === 'snapshot' ? at : Math.floor(at / 2)
            const truth = history[from]!
            sync.onSnapshot(snapshotAt(from, [...truth.bids], [...truth.asks]), 2)
            check()
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})
