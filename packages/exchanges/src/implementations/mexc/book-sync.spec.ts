import { Decimal, ExchangeDataException, OrderBook, type BookSide } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { BookSyncTally } from '../../synchronization/book-sync-tally.js'
import { BookSynchronizer } from '../../synchronization/book-synchronizer.js'
import { readFixture } from '../../testing/read-fixture.js'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { MexcSnapshotReader, createMexcSequenceRules, mexcSnapshotDepth } from './book-sync.js'
import { MexcMarketDataDecoder } from './market-data-decoder.js'
import { createPushFrame } from './fixtures/push-frame.js'

type Level = [string, string]
interface Update {
  readonly fromVersion: string
  readonly toVersion: string
  readonly asks: readonly Level[]
  readonly bids: readonly Level[]
}
interface Vectors {
  readonly orderBook: readonly {
    readonly name: string
    readonly snapshots: readonly { readonly lastUpdateId: number; readonly asks: Level[]; readonly bids: Level[] }[]
    readonly bufferedBeforeSnapshot: number
    readonly updates: readonly Update[]
    readonly expected: {
      readonly actions: readonly string[]
      readonly localVersion: number
      readonly book: { readonly asks: readonly Level[]; readonly bids: readonly Level[] }
    }
  }[]
}

const { orderBook } = readFixture<Vectors>(import.meta.url, './fixtures/vectors.json')
const instrument = createTestInstrument()

describe('the MEXC book procedure', () => {
  it.each(orderBook)('follows the scenario $name', ({ snapshots, bufferedBeforeSnapshot, updates, expected }) => {
    const decoder = new MexcMarketDataDecoder()
    decoder.addInstrument(instrument)
    const reader = new MexcSnapshotReader()
    const tally = new BookSyncTally()
    const book = new OrderBook(instrument)
    const sync = new BookSynchronizer(book, createMexcSequenceRules(500), tally, {
      requestSnapshot: () => undefined,
      onBook: () => undefined,
    })
    const left = [...snapshots]
    const answerSnapshots = (): void => {
      while (sync.awaitingSnapshot && left.length > 0) sync.onSnapshot(reader.read(left.shift()!, instrument), 1)
    }
    const pushed = (levels: readonly Level[]) => levels.map(([price, quantity]) => ({ price, quantity }))
    sync.onConnected(1)
    for (const [i, { asks, bids, ...versions }] of updates.entries()) {
      decoder.decode(createPushFrame('BTCUSDT', { ...versions, asks: pushed(asks), bids: pushed(bids) }))
      sync.onChanges(decoder.changes, 1)
      // After a gap, the next update arrives before the second snapshot does, as in the scenario.
      const isGapNext = expected.actions.some(
        (action) => action.startsWith(`${versions.fromVersion}-`) && action.endsWith('gap'),
      )
      if (i + 1 >= bufferedBeforeSnapshot && !isGapNext) answerSnapshots()
    }
    answerSnapshots()
    const levels = (side: BookSide): Level[] =>
      Array.from({ length: side.depth }, (_, i) => [
        instrument.ticksToPrice(side.priceTicksAt(i)).toString(),
        instrument.lotsToQuantity(side.quantityLotsAt(i)).toString(),
      ])
    expect({ asks: levels(book.asks), bids: levels(book.bids) }).toEqual(expected.book)
    expect(book).toMatchObject({ trust: 'trusted', sequence: expected.localVersion })
    const count = (what: string): number => expected.actions.filter((action) => action.endsWith(what)).length
    expect(tally).toMatchObject({ applied: count(': apply'), dropped: count(': ignore'), gaps: count(': gap') })
  })
})

describe('MexcSnapshotReader', () => {
  const reader = new MexcSnapshotReader()

  it('reads padded numbers onto the grids', () => {
    const changes = reader.read(
      { lastUpdateId: 5, bids: [['375.80', '1.50000000']], asks: [], timestamp: 9 },
      instrument,
    )
    expect(changes).toMatchObject({ bidEnd: 1, askEnd: 1, firstSequence: 5, lastSequence: 5, exchangeTimeMs: 9 })
    expect([changes.priceTicks[0], changes.quantityLots[0]]).toEqual([37_580, 150_000_000])
  })

  it('refuses a price off its grid and a book deeper than can be asked for', () => {
    const off = { lastUpdateId: 5, bids: [['375.805', '1'] as Level], asks: [] }
    expect(() => reader.read(off, instrument)).toThrow(ExchangeDataException)
    const deep = { lastUpdateId: 5, bids: [], asks: Array.from({ length: 10_001 }, (): Level => ['1', '1']) }
    expect(() => reader.read(deep, createTestInstrument({ tickSize: Decimal.one }))).toThrow(/10001 levels/)
  })
})

describe('mexcSnapshotDepth', () => {
  it.each([
    [1, 500],
    [100, 500],
    [200, 800],
    [5_000, 2_000],
  ])('for %i levels asks for %i', (bookDepth, asked) => {
    expect(mexcSnapshotDepth(bookDepth)).toBe(asked)
  })
})
