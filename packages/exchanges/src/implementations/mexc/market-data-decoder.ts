import { Decimal, type BookChanges, type Instrument, type Trade } from '@cex-arbitrage/common'
import { GridReader, gridRead } from '../../decoding/grid-reader.js'
import { InstrumentTable } from '../../decoding/instrument-table.js'
import { maxLevels, MexcBookPushReader, pushShape } from './book-push-reader.js'
import { mexcBookPushSchema, mexcTradePushSchema, type MexcBookPush } from './schemas.js'
import { decodePushData, type PushData } from './wire/push-data.js'

/** What a frame turned out to be. */
export const mexcFrameKind = {
  /** A change of a book: `changes` and `instrumentIndex` hold it. */
  book: 1,
  /** Public trades: `trades` holds them, oldest first. */
  trades: 2,
  /** Text: an acknowledgement, a refusal or PONG. */
  control: 3,
  /** A readable push of another kind, or of an instrument that was never added. */
  foreign: 4,
  /** Unreadable, or a price off its grid. `instrumentIndex` names the instrument where it could be read, else -1. */
  corrupt: 5,
} as const
export type MexcFrameKind = (typeof mexcFrameKind)[keyof typeof mexcFrameKind]

const openBrace = 0x7b

/**
 * Reads pushes of `aggre.depth` straight from their bytes into `changes`, without allocating; everything else, and
 * every book push of a shape it does not know, goes through the whole schema, which is counted for books.
 */
export class MexcMarketDataDecoder {
  /** Index of the instrument of the last push, in order of `addInstrument`; -1 when it is not known. */
  instrumentIndex = -1
  /** The trades of the last frame of kind `trades`. */
  trades: readonly Trade[] = []
  /** Book frames that needed the schema. */
  slowFrames = 0
  /** Frames that no path could read. */
  corruptFrames = 0

  private readonly instruments = new InstrumentTable()
  private readonly grid = new GridReader()
  private readonly reader = new MexcBookPushReader(this.instruments)

  /** The last book push; valid until the next frame is decoded, and another object after a frame of unusual size. */
  get changes(): BookChanges {
    return this.reader.changes
  }

  /** Quantities of books that were finer than their grid and were rounded down. */
  get roundedQuantities(): number {
    return this.reader.cutQuantities + this.grid.rounded
  }

  /** Makes the instrument's pushes readable. The same symbol again replaces its grids and keeps its index. */
  addInstrument(instrument: Instrument): number {
    return this.instruments.add(instrument)
  }

  /** Reads the frame `bytes[start, end)`; what is behind `end` belongs to others. */
  decode(bytes: Buffer, start = 0, end = bytes.length): MexcFrameKind {
    this.instrumentIndex = -1
    if (start < end && bytes[start] === openBrace) return mexcFrameKind.control
    const shape = this.reader.read(bytes, start, end)
    this.instrumentIndex = this.reader.instrumentIndex
    switch (shape) {
      case pushShape.book:
        return mexcFrameKind.book
      case pushShape.foreign:
        return mexcFrameKind.foreign
      case pushShape.corrupt:
        return this.corrupt()
      case pushShape.other:
        return this.decodeSlowly(bytes, start, end)
    }
  }

  /** Reads a frame through the whole schema alone: the reference of the fast path, and the way of new shapes. */
  decodeSlowly(bytes: Buffer, start = 0, end = bytes.length): MexcFrameKind {
    this.instrumentIndex = -1
    let push: PushData
    try {
      push = decodePushData(bytes.subarray(start, end))
    } catch {
      return this.corrupt()
    }
    this.instrumentIndex = this.instruments.indexOf(push.symbol ?? '')
    if (push['publicAggreDepths'] !== undefined) return this.readBookPush(push)
    if (push['publicAggreDeals'] !== undefined) return this.readTradesPush(push)
    return push.channel === undefined ? this.corrupt() : mexcFrameKind.foreign
  }

  private readBookPush(push: PushData): MexcFrameKind {
    this.slowFrames++
    const body = mexcBookPushSchema.safeParse(push['publicAggreDepths'])
    if (!body.success) return this.corrupt()
    const instrument = this.instruments.at(this.instrumentIndex)
    if (instrument === undefined) return mexcFrameKind.foreign
    const { fromVersion, toVersion } = body.data
    if (!this.fillLevels(body.data, instrument)) return this.corrupt()
    if (!this.reader.finish(fromVersion, toVersion, push.sendTime ?? 0)) return this.corrupt()
    return mexcFrameKind.book
  }

  private fillLevels({ bids, asks }: Pick<MexcBookPush, 'bids' | 'asks'>, instrument: Instrument): boolean {
    const levels = bids.length + asks.length
    if (levels > maxLevels) return false
    if (levels > this.changes.capacity) this.reader.grow(levels)
    const changes = this.changes
    let slot = 0
    for (const { price, quantity } of [...bids, ...asks]) {
      const { priceDecimals, quantityDecimals } = instrument
      if (this.grid.readText(price, priceDecimals, changes.priceTicks, slot, false) !== gridRead.ok) return false
      if (this.grid.readText(quantity, quantityDecimals, changes.quantityLots, slot, true) !== gridRead.ok) return false
      slot++
    }
    changes.bidEnd = bids.length
    changes.askEnd = slot
    return true
  }

  private readTradesPush(push: PushData): MexcFrameKind {
    const body = mexcTradePushSchema.safeParse(push['publicAggreDeals'])
    if (!body.success) return this.corrupt()
    const instrument = this.instruments.at(this.instrumentIndex)
    if (instrument === undefined) return mexcFrameKind.foreign
    this.trades = body.data.deals.map((deal) => ({
      instrumentId: instrument.id,
      tradeId: deal.tradeId,
      side: deal.tradeType === 1 ? 'buy' : 'sell',
      price: Decimal.parse(deal.price),
      quantity: Decimal.parse(deal.quantity),
      exchangeTimeMs: deal.time,
    }))
    return mexcFrameKind.trades
  }

  private corrupt(): MexcFrameKind {
    this.corruptFrames++
    return mexcFrameKind.corrupt
  }
}
