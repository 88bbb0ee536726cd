import { BookChanges, ExchangeDataException, type Instrument } from '@cex-arbitrage/common'
import { GridReader, gridRead } from '../../decoding/grid-reader.js'
import type { SequenceRules } from '../../synchronization/sequence-rules.js'
import { maxSnapshotDepth, mexcExchangeId, minSnapshotDepth } from './constants.js'
import type { MexcDepth } from './schemas.js'

const maxBufferedFrames = 2_000
/** Two sides of the most that can be asked for. */
const maxSnapshotLevels = 2 * 5_000
/** A snapshot is asked for with room: it is renewed when a quarter of it is left, which must still be the book's depth. */
const snapshotShare = 4

/** Levels a side to ask for when `bookDepth` of them must always be known. */
export function mexcSnapshotDepth(bookDepth: number): number {
  return Math.min(maxSnapshotDepth, Math.max(minSnapshotDepth, bookDepth * snapshotShare))
}

/**
 * Versions of consecutive pushes are contiguous and on the same counter as a snapshot's `lastUpdateId`, which often falls
 * inside a push's range. The stream covers the whole book, a snapshot only its best part. A crossing may last one push.
 *
 * @param snapshotDepth - Levels a side that are asked for.
 */
export function createMexcSequenceRules(snapshotDepth: number): SequenceRules {
  return { streamedDepth: undefined, snapshotDepth, crossedFramesTolerated: 1, maxBufferedFrames }
}

/** Turns answered depths into changes that a synchroniser loads. One is reused: read it before the next `read`. */
export class MexcSnapshotReader {
  /** Made with the first snapshot: an exchange that only trades needs none. */
  private changes: BookChanges | undefined
  private readonly grid = new GridReader()

  /** @throws {@link ExchangeDataException} A level is no number or off the instrument's price grid, or there are too many. */
  read(depth: MexcDepth, instrument: Instrument): BookChanges {
    const { bids, asks } = depth
    const changes = (this.changes ??= new BookChanges(maxSnapshotLevels))
    if (bids.length + asks.length > changes.capacity)
      throw this.unreadable(instrument, `has ${bids.length + asks.length} levels, more than can be asked for`)
    let slot = 0
    for (const side of [bids, asks])
      for (const [price, quantity] of side) {
        const { priceDecimals, quantityDecimals } = instrument
        const isRead =
          this.grid.readText(price, priceDecimals, changes.priceTicks, slot, false) === gridRead.ok &&
          this.grid.readText(quantity, quantityDecimals, changes.quantityLots, slot, true) === gridRead.ok
        if (!isRead) throw this.unreadable(instrument, `has a level of ${quantity} at ${price}, off its grid`)
        slot++
      }
    changes.bidEnd = bids.length
    changes.askEnd = slot
    changes.firstSequence = depth.lastUpdateId
    changes.lastSequence = depth.lastUpdateId
    changes.exchangeTimeMs = depth.timestamp ?? 0
    changes.isSnapshot = false
    return changes
  }

  private unreadable(instrument: Instrument, what: string): ExchangeDataException {
    return new ExchangeDataException({
      exchange: mexcExchangeId,
      message: `The order book of ${instrument.id} ${what}. The book stays untrusted.`,
    })
  }
}
