import { BookChanges, ExchangeDataException, type Instrument } from '@cex-arbitrage/common'
import { GridReader } from '../../../decoding/grid-reader.js'
import { mexcExchangeId } from '../constants.js'
import { maxSnapshotDepth } from './constants.js'
import { fillLevels } from './market-data-decoder.js'
import type { MexcFuturesDepth } from './schemas.js'

/**
 * Turns answered depths into changes that a synchroniser loads; its sequence rules are those of spot. One is reused: read
 * it before the next `read`.
 */
export class MexcFuturesSnapshotReader {
  /** Made with the first snapshot: an exchange that only trades needs none. */
  private changes: BookChanges | undefined
  private readonly grid = new GridReader()

  /** @throws {@link ExchangeDataException} A level is off the instrument's price grid, or there are too many. */
  read(depth: MexcFuturesDepth, instrument: Instrument): BookChanges {
    const changes = (this.changes ??= new BookChanges(2 * maxSnapshotDepth))
    if (!fillLevels(changes, this.grid, depth, instrument))
      throw new ExchangeDataException({
        exchange: mexcExchangeId,
        message: `The order book of ${instrument.id} has levels off its grid, or too many. The book stays untrusted.`,
      })
    changes.firstSequence = depth.version
    changes.lastSequence = depth.version
    changes.exchangeTimeMs = depth.timestamp ?? 0
    changes.isSnapshot = false
    return changes
  }
}
