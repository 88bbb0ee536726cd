import { BookChanges, type Instrument } from '@cex-arbitrage/common'
import type { InstrumentTable } from '../../decoding/instrument-table.js'
import { readScaledDecimal, scaledCut, scaledExact } from '../../decoding/scaled-decimal.js'

/** What the bytes of a frame turned out to be. */
export const pushShape = {
  /** Not that of a book push as it is known. */
  other: 0,
  /** A change of a book: `changes` and `instrumentIndex` hold it. */
  book: 1,
  /** A book push of an instrument that was never added. */
  foreign: 2,
  /** A book push whose versions run backwards. */
  corrupt: 3,
} as const
export type PushShape = (typeof pushShape)[keyof typeof pushShape]

const wrapperChannelTag = 0x0a
const wrapperSymbolTag = 0x1a
const wrapperSendTimeTag = 0x30
/** 313 with wire type 2, as a varint of two bytes. */
const bookBodyTag = (313 << 3) | 2
const asksTag = 0x0a
const bidsTag = 0x12
const fromVersionTag = 0x22
const toVersionTag = 0x2a
const priceTag = 0x0a
const quantityTag = 0x12
const zeroByte = 48
/** Levels of a frame for which there is room from the start, and the most that are taken. */
const usualLevels = 1_024
export const maxLevels = 65_536

/** Reads pushes of `aggre.depth` straight from their bytes, without allocating. */
export class MexcBookPushReader {
  /** The last book push; another object after a frame of unusual size. */
  changes = new BookChanges(usualLevels)
  /** Place of the instrument of the last push; -1 when it is not known. */
  instrumentIndex = -1
  /** Quantities finer than their grid, rounded down. */
  cutQuantities = 0
  private askTicks = new Float64Array(usualLevels)
  private askLots = new Float64Array(usualLevels)
  /** Where the reader stands in the frame. */
  private position = 0
  private sendTimeMs = 0

  constructor(private readonly instruments: InstrumentTable) {}

  /** Makes room for a frame of more levels than any before: the next of its size are read at full speed. */
  grow(levels: number): void {
    const capacity = Math.min(maxLevels, 2 * levels)
    this.changes = new BookChanges(capacity)
    this.askTicks = new Float64Array(capacity)
    this.askLots = new Float64Array(capacity)
  }

  /** Whether the versions are in order, with all of `changes` but its levels filled in. */
  finish(firstSequence: number, lastSequence: number, exchangeTimeMs: number): boolean {
    const changes = this.changes
    changes.firstSequence = firstSequence
    changes.lastSequence = lastSequence
    changes.exchangeTimeMs = exchangeTimeMs
    changes.isSnapshot = false
    return firstSequence <= lastSequence
  }

  /** The frame `bytes[start, end)`: channel, symbol, send time and the body, in any order. */
  read(frame: Buffer, start: number, end: number): PushShape {
    this.instrumentIndex = -1
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
        if (!(length < 0x80 && this.position <= end)) return pushShape.other
        if (tag === wrapperSymbolTag) {
          symbolStart = textStart
          symbolEnd = this.position
        }
      } else if (tag === wrapperSendTimeTag) {
        if (!this.readSendTime(frame, end)) return pushShape.other
      } else {
        const field = tag < 0x80 ? tag : (tag & 0x7f) | (frame[this.position + 1]! << 7)
        if (field !== bookBodyTag) {
          this.position = skipField(frame, this.position, end)
          if (this.position < 0) return pushShape.other
          continue
        }
        this.position += 2
        const length = this.readLength(frame, end)
        if (length < 0) return pushShape.other
        bodyStart = this.position
        bodyEnd = this.position += length
        if (bodyEnd > end) return pushShape.other
      }
    }
    if (symbolStart < 0 || bodyStart < 0) return pushShape.other
    const index = this.instruments.find(frame, symbolStart, symbolEnd)
    if (index < 0) return pushShape.foreign
    this.instrumentIndex = index
    return this.readBook(frame, bodyStart, bodyEnd, this.instruments.at(index)!)
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
  private readBook(frame: Buffer, start: number, end: number, instrument: Instrument): PushShape {
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
          return pushShape.other
        if (bids + asks === capacity) return pushShape.other
        const isAsk = tag === asksTag
        const ticks = isAsk ? askTicks : priceTicks
        const lots = isAsk ? askLots : quantityLots
        const slot = isAsk ? asks++ : bids++
        if (readScaledDecimal(frame, priceStart, priceEnd, priceDecimals, ticks, slot) !== scaledExact)
          return pushShape.other
        const quantity = readScaledDecimal(frame, quantityStart, quantityEnd, quantityDecimals, lots, slot)
        if (quantity !== scaledExact) {
          if (quantity !== scaledCut) return pushShape.other
          this.cutQuantities++
        }
        position = levelEnd
      } else if (tag === fromVersionTag || tag === toVersionTag) {
        const digitsEnd = position + 2 + frame[position + 1]!
        if (digitsEnd > end || digitsEnd === position + 2) return pushShape.other
        let version = 0
        for (position += 2; position < digitsEnd; position++) {
          const digit = frame[position]! - zeroByte
          if (digit >>> 0 > 9) return pushShape.other
          version = version * 10 + digit
        }
        if (version > Number.MAX_SAFE_INTEGER) return pushShape.other
        if (tag === fromVersionTag) fromVersion = version
        else toVersion = version
      } else {
        position = skipField(frame, position, end)
        if (position < 0) return pushShape.other
      }
    }
    if (position !== end || fromVersion < 0 || toVersion < 0) return pushShape.other
    for (let i = 0; i < asks; i++) {
      priceTicks[bids + i] = askTicks[i]!
      quantityLots[bids + i] = askLots[i]!
    }
    this.changes.bidEnd = bids
    this.changes.askEnd = bids + asks
    return this.finish(fromVersion, toVersion, this.sendTimeMs) ? pushShape.book : pushShape.corrupt
  }
}

/** Position behind a field that is of no concern; -1 when it does not end within the frame. */
function skipField(frame: Buffer, position: number, end: number): number {
  const wire = frame[position]! & 7
  let next = skipVarint(frame, position, end)
  // A tag of more bytes than it needs may be one of ours.
  if (next > position + 1 && frame[next - 1] === 0) return -1
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
