import { BookChanges, type Instrument, type Trade } from '@cex-arbitrage/common'
import { GridReader, gridRead } from '../../../decoding/grid-reader.js'
import { InstrumentTable } from '../../../decoding/instrument-table.js'
import { mexcFrameKind, type MexcFrameKind } from '../market-data-decoder.js'
import type { MexcFrameDecoder } from '../market-dialect.js'
import { mexcFuturesChannels } from './constants.js'
import {
  mexcFuturesBookPushSchema,
  mexcFuturesTradePushSchema,
  type MexcFuturesDepth,
  type MexcFuturesFrame,
  type MexcFuturesLevel,
} from './schemas.js'
import { mapMexcFuturesTrade } from './trades.js'
import { readMexcFuturesFrame } from './ws-protocol.js'

/**
 * Reads pushes of contracts, all through their schemas: a book comes five times a second at most, so bytes need not be
 * read by hand.
 */
export class MexcFuturesMarketDataDecoder implements MexcFrameDecoder {
  instrumentIndex = -1
  trades: readonly Trade[] = []
  /** One is reused: it is valid until the next frame or snapshot is read. */
  readonly changes = new BookChanges()
  readonly slowFrames = 0
  corruptFrames = 0
  private readonly instruments = new InstrumentTable()
  private readonly grid = new GridReader()

  get roundedQuantities(): number {
    return this.grid.rounded
  }

  addInstrument(instrument: Instrument): number {
    return this.instruments.add(instrument)
  }

  decode(bytes: Buffer, start = 0, end = bytes.length): MexcFrameKind {
    this.instrumentIndex = -1
    const frame = readMexcFuturesFrame(bytes.toString('utf8', start, end))
    if (frame === undefined) return this.corrupt()
    const { channel, symbol } = frame
    if (channel !== mexcFuturesChannels.book && channel !== mexcFuturesChannels.trades)
      return channel.startsWith('push.') ? mexcFrameKind.foreign : mexcFrameKind.control
    this.instrumentIndex = this.instruments.indexOf(symbol ?? '')
    const instrument = this.instruments.at(this.instrumentIndex)
    if (instrument === undefined) return symbol ? mexcFrameKind.foreign : this.corrupt()
    return channel === mexcFuturesChannels.book ? this.readBook(frame, instrument) : this.readTrades(frame, instrument)
  }

  private readBook(frame: MexcFuturesFrame, instrument: Instrument): MexcFrameKind {
    const push = mexcFuturesBookPushSchema.safeParse(frame).data
    if (push === undefined) return this.corrupt()
    const { bids, asks, version, begin, end } = push.data
    const first = begin ?? version
    const last = end ?? version
    if (first > last || !fillLevels(this.changes, this.grid, { bids, asks }, instrument)) return this.corrupt()
    this.changes.firstSequence = first
    this.changes.lastSequence = last
    this.changes.exchangeTimeMs = push.ts ?? 0
    this.changes.isSnapshot = false
    return mexcFrameKind.book
  }

  private readTrades(frame: MexcFuturesFrame, instrument: Instrument): MexcFrameKind {
    const push = mexcFuturesTradePushSchema.safeParse(frame).data
    if (push === undefined) return this.corrupt()
    this.trades = push.data.map((trade) => mapMexcFuturesTrade(trade, instrument)).toReversed()
    return mexcFrameKind.trades
  }

  private corrupt(): MexcFrameKind {
    this.corruptFrames++
    return mexcFrameKind.corrupt
  }
}

/** Puts levels into a scratch. @returns whether all of them lie on the instrument's grid. */
export function fillLevels(
  changes: BookChanges,
  grid: GridReader,
  { bids, asks }: Pick<MexcFuturesDepth, 'bids' | 'asks'>,
  { priceDecimals, quantityDecimals }: Instrument,
): boolean {
  if (bids.length + asks.length > changes.capacity) return false
  let slot = 0
  const readSide = (side: readonly MexcFuturesLevel[]): boolean =>
    side.every(([price, quantity]) => {
      const at = slot++
      return (
        grid.readText(String(price), priceDecimals, changes.priceTicks, at, false) === gridRead.ok &&
        grid.readText(String(quantity), quantityDecimals, changes.quantityLots, at, true) === gridRead.ok
      )
    })
  if (!readSide(bids)) return false
  changes.bidEnd = slot
  if (!readSide(asks)) return false
  changes.askEnd = slot
  return true
}
