import { BookChanges, Decimal, type Instrument, type Trade } from '@cex-arbitrage/common'
import { GridReader, gridRead } from '../../decoding/grid-reader.js'
import { readScaledDecimal, scaledCut, scaledExact } from '../../decoding/scaled-decimal.js'
import { SymbolTable } from '../../decoding/symbol-table.js'
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

/** The shape is not that of the fast path. */
const otherShape = 0
const wrapperChannelTag = 0x0a
const wrapperSymbolTag = 0x1a
const wrapperSendTimeTag = 0x30
/** 313 and 314 with wire type 2, as varints of two bytes. */
const bookBodyTag = (313 << 3) | 2
const tradesBodyTag = (314 << 3) | 2
const asksTag = 0x0a
const bidsTag = 0x12
const fromVersionTag = 0x22
const toVersionTag = 0x2a
const priceTag = 0x0a
const quantityTag = 0x12
const openBrace = 0x7b
/** Levels of a frame for which there is room from the start, and the most that are taken. */
const usualLevels = 1_024
const maxLevels = 65_536
const zeroByte = 48

/**
 * Reads pushes of `aggre.depth` straight from their bytes into `changes`, without allocating; everything else, and
 * every book push of a shape it does not know, goes through the whole schema, which is counted for books.
 */
export class MexcMarketDataDecoder {
  /** The last book push; valid until the next frame is decoded, and another object after a frame of unusual size. */
  changes = new BookChanges(usualLevels)
  /** Index of the instrument of the last push, in order of `addInstrument`; -1 when it is not known. */
  instrumentIndex = -1
  /** The trades of the last frame of kind `trades`. */
  trades: readonly Trade[] = []
  /** Book frames that needed the schema. */
  slowFrames = 0
  /** Frames that no path could read. */
  corruptFrames = 0
  /** Quantities finer than their grid, rounded down, on the fast path. */
  private cutQuantities = 0

  private readonly table = new SymbolTable()
  private readonly instruments: Instrument[] = []
  private readonly grid = new GridReader()
  private askTicks = new Float64Array(usualLevels)
  private askLots = new Float64Array(usualLevels)
  /** Where the reader stands in the frame. */
  private position = 0
  private sendTimeMs = 0

  /** Quantities of books that were finer than their grid and were rounded down. */
  get roundedQuantities(): number {
    return this.cutQuantities + this.grid.rounded
  }

  /** Makes the instrument's pushes readable. The same symbol again replaces its grids and keeps its index. */
  addInstrument(instrument: Instrument): number {
    const index = this.table.add(instrument.exchangeSymbol)
    this.instruments[index] = instrument
    return index
  }

  /** Reads the frame `bytes[start, end)`; what is behind `end` belongs to others. */
  decode(bytes: Buffer, start = 0, end = bytes.length): MexcFrameKind {
    this.instrumentIndex = -1
    if (start < end && bytes[start] === openBrace) return mexcFrameKind.control
    const kind = this.readFrame(bytes, start, end)
    return kind === otherShape ? this.decodeSlowly(bytes, start, end) : (kind as MexcFrameKind)
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
    const symbol = Buffer.from(push.symbol ?? '')
    this.instrumentIndex = this.table.find(symbol, 0, symbol.length)
    if (push['publicAggreDepths'] !== undefined) return this.readBookPush(push)
    if (push['publicAggreDeals'] !== undefined) return this.readTradesPush(push)
    return push.channel === undefined ? this.corrupt() : mexcFrameKind.foreign
  }

  private readBookPush(push: PushData): MexcFrameKind {
    this.slowFrames++
    const body = mexcBookPushSchema.safeParse(push['publicAggreDepths'])
    if (!body.success) return this.corrupt()
    const instrument = this.instruments[this.instrumentIndex]
    if (instrument === undefined) return mexcFrameKind.foreign
    const { fromVersion, toVersion } = body.data
    if (!this.fillLevels(body.data, instrument)) return this.corrupt()
    return this.finish(fromVersion, toVersion, push.sendTime ?? 0)
  }

  private fillLevels({ bids, asks }: Pick<MexcBookPush, 'bids' | 'asks'>, instrument: Instrument): boolean {
    const levels = bids.length + asks.length
    if (levels > maxLevels) return false
    if (levels > this.changes.capacity) this.grow(levels)
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
    const instrument = this.instruments[this.instrumentIndex]
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

  private finish(firstSequence: number, lastSequence: number, exchangeTimeMs: number): MexcFrameKind {
    if (firstSequence > lastSequence) return this.corrupt()
    const changes = this.changes
    changes.firstSequence = firstSequence
    changes.lastSequence = lastSequence
    changes.exchangeTimeMs = exchangeTimeMs
    changes.isSnapshot = false
    return mexcFrameKind.book
  }

  /** A frame of more levels than any before: the next of its size are read at full speed. */
  private grow(levels: number): void {
    const capacity = Math.min(maxLevels, 2 * levels)
    this.changes = new BookChanges(capacity)
    this.askTicks = new Float64Array(capacity)
    this.askLots = new Float64Array(capacity)
  }

  private corrupt(): MexcFrameKind {
    this.corruptFrames++
    return mexcFrameKind.corrupt
  }

  /** The wrapper: channel, symbol, send time and the body, in any order. */
  private readFrame(frame: Buffer, start: number, end: number): number {
    let symbolStart = -1
    let symbolEnd = -1
    let bodyStart = -1
    let bodyEnd = -1
    this.sendTimeMs = 0
    this.position = start
    while (this.position < end) {
      const tag = frame[this.position]!
      if (tag === wrapperChannelTag || tag === wrapperSymbolTag) {
        // Texts of the wrapper are shorter than 128 bytes.
        const length = frame[this.position + 1]!
        const textStart = this.position + 2
        this.position = textStart + length
        if (!(length < 0x80 && this.position <= end)) return otherShape
        if (tag === wrapperSymbolTag) {
          symbolStart = textStart
          symbolEnd = this.position
        }
      } else if (tag === wrapperSendTimeTag) {
        if (!this.readSendTime(frame, end)) return otherShape
      } else {
        const field = tag < 0x80 ? tag : (tag & 0x7f) | (frame[this.position + 1]! << 7)
        if (field === tradesBodyTag) return this.decodeSlowly(frame, start, end)
        if (field !== bookBodyTag) {
          this.position = skipField(frame, this.position, end)
          if (this.position < 0) return otherShape
          continue
        }
        this.position += 2
        const length = this.readLength(frame, end)
        if (length < 0) return otherShape
        bodyStart = this.position
        bodyEnd = this.position += length
        if (bodyEnd > end) return otherShape
      }
    }
    if (symbolStart < 0 || bodyStart < 0) return otherShape
    const index = this.table.find(frame, symbolStart, symbolEnd)
    if (index < 0) return mexcFrameKind.foreign
    this.instrumentIndex = index
    return this.readBook(frame, bodyStart, bodyEnd, this.instruments[index]!)
  }

  private readSendTime(frame: Buffer, end: number): boolean {
    let position = this.position + 1
    let value = 0
    let factor = 1
    for (;;) {
      if (position >= end) return false
      const byte = frame[position++]!
      value += (byte & 0x7f) * factor
      if (value > Number.MAX_SAFE_INTEGER) return false
      if (byte < 0x80) break
      factor *= 128
    }
    this.sendTimeMs = value
    this.position = position
    return true
  }

  /** A length of up to four bytes; -1 for a longer one. */
  private readLength(frame: Buffer, end: number): number {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      if (this.position >= end) return -1
      const byte = frame[this.position++]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    return -1
  }

  /** The body: asks, bids, versions. Asks come first on the wire, bids first in `changes`. */
  private readBook(frame: Buffer, start: number, end: number, instrument: Instrument): number {
    const { priceTicks, quantityLots, capacity } = this.changes
    const { askTicks, askLots } = this
    const { priceDecimals, quantityDecimals } = instrument
    let bids = 0
    let asks = 0
    let fromVersion = -1
    let toVersion = -1
    let position = start
    while (position < end) {
      const tag = frame[position]!
      if (tag === asksTag || tag === bidsTag) {
        // Level, price and quantity are shorter than 128 bytes: one length byte each.
        const levelEnd = position + 2 + frame[position + 1]!
        const priceStart = position + 4
        const priceEnd = priceStart + frame[position + 3]!
        const quantityStart = priceEnd + 2
        const quantityEnd = quantityStart + frame[priceEnd + 1]!
        if (
          frame[position + 1]! >= 0x80 ||
          frame[position + 2] !== priceTag ||
          frame[priceEnd] !== quantityTag ||
          quantityEnd !== levelEnd ||
          levelEnd > end
        )
          return otherShape
        if (bids + asks === capacity) return otherShape
        const isAsk = tag === asksTag
        const ticks = isAsk ? askTicks : priceTicks
        const lots = isAsk ? askLots : quantityLots
        const slot = isAsk ? asks++ : bids++
        if (readScaledDecimal(frame, priceStart, priceEnd, priceDecimals, ticks, slot) !== scaledExact)
          return otherShape
        const quantity = readScaledDecimal(frame, quantityStart, quantityEnd, quantityDecimals, lots, slot)
        if (quantity !== scaledExact) {
          if (quantity !== scaledCut) return otherShape
          this.cutQuantities++
        }
        position = levelEnd
      } else if (tag === fromVersionTag || tag === toVersionTag) {
        const digitsEnd = position + 2 + frame[position + 1]!
        if (digitsEnd > end || digitsEnd === position + 2) return otherShape
        let version = 0
        for (position += 2; position < digitsEnd; position++) {
          const digit = frame[position]! - zeroByte
          if (digit >>> 0 > 9) return otherShape
          version = version * 10 + digit
        }
        if (version > Number.MAX_SAFE_INTEGER) return otherShape
        if (tag === fromVersionTag) fromVersion = version
        else toVersion = version
      } else {
        position = skipField(frame, position, end)
        if (position < 0) return otherShape
      }
    }
    if (position !== end || fromVersion < 0 || toVersion < 0) return otherShape
    for (let i = 0; i < asks; i++) {
      priceTicks[bids + i] = askTicks[i]!
      quantityLots[bids + i] = askLots[i]!
    }
    this.changes.bidEnd = bids
    this.changes.askEnd = bids + asks
    return this.finish(fromVersion, toVersion, this.sendTimeMs)
  }
}

/** Position behind a field that is of no concern; -1 when it does not end within the frame. */
function skipField(frame: Buffer, position: number, end: number): number {
  const wire = frame[position]! & 7
  let next = skipVarint(frame, position, end)
  if (wire === 0) next = skipVarint(frame, next, end)
  else if (wire === 2) {
    let length = 0
    for (let shift = 0; next < end && shift < 28; shift += 7) {
      const byte = frame[next++]!
      length |= (byte & 0x7f) << shift
      if (byte < 0x80) break
      if (shift === 21) return -1
    }
    next += length
  } else if (wire === 1) next += 8
  else if (wire === 5) next += 4
  else return -1
  return next <= end ? next : -1
}

function skipVarint(frame: Buffer, position: number, end: number): number {
  let next = position
  while (next < end && frame[next]! >= 0x80) next++
  return next + 1
}
