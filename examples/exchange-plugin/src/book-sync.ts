import { BookChanges, ExchangeDataException, type Instrument } from '@cex-arbitrage/common'
import { GridReader, gridRead, type SequenceRules } from '@cex-arbitrage/exchanges'
import { maxSnapshotDepth, sampleExchangeId } from './constants.js'

/** Numbers of consecutive pushes are contiguous and on the counter of snapshots. */
export const sampleSequenceRules: SequenceRules = {
  streamedDepth: undefined,
  snapshotDepth: maxSnapshotDepth,
  crossedFramesTolerated: 1,
  maxBufferedFrames: 2_000,
}

type Levels = readonly (readonly [price: string, quantity: string])[]

/** Turns levels into changes on the instrument's grid. One space is reused: read it before the next `read`. */
export class SampleLevelReader {
  readonly changes = new BookChanges(4 * maxSnapshotDepth)
  private readonly grid = new GridReader()

  /** @throws {@link ExchangeDataException} A level is no number or off the grid, or there are too many. */
  read(instrument: Instrument, bids: Levels, asks: Levels, first: number, last: number, timeMs: number): BookChanges {
    const { changes } = this
    if (bids.length + asks.length > changes.capacity) throw this.unreadable(instrument, 'has too many levels')
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
    changes.firstSequence = first
    changes.lastSequence = last
    changes.exchangeTimeMs = timeMs
    return changes
  }

  private unreadable(instrument: Instrument, what: string): ExchangeDataException {
    return new ExchangeDataException({
      exchange: sampleExchangeId,
      message: `The order book of ${instrument.id} ${what}. The book stays untrusted.`,
    })
  }
}
