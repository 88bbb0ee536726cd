import { BookChanges, type Instrument } from '@cex-arbitrage/common'
import { GridReader } from '../../decoding/grid-reader.js'
import { asciiBytes, isAt, isTokenAt, isWordAt, notPlain, skipList, skipMember } from '../../decoding/json-bytes.js'
import { SymbolTable } from '../../decoding/symbol-table.js'
import { bookChannels } from './constants.js'
import { parseJson } from './json.js'
import { corruptLevel, GateioLevelReader } from './level-reader.js'
import { gateioBookUpdateSchema, gateioFrameSchema, type GateioFrame } from './schemas.js'
import { fillLevels, type GateioLevels } from './book-levels.js'

/** What a frame turned out to be. */
export const gateioFrameKind = {
  /** No push of a book: `message` holds it, parsed. */
  message: 0,
  /** A book update: `changes` and `instrumentIndex` hold it. */
  book: 1,
  /** A book update of an instrument that was never added. */
  foreign: 2,
  /** Unreadable, or a price off its grid. `instrumentIndex` names the instrument where it could be read, else -1. */
  corrupt: 3,
} as const
export type GateioFrameKind = (typeof gateioFrameKind)[keyof typeof gateioFrameKind]

const enum Byte {
  Quote = 34,
  Comma = 44,
  Minus = 45,
  Dot = 46,
  Zero = 48,
  Colon = 58,
  OpenBracket = 91,
  CloseBracket = 93,
  OpenBrace = 123,
  CloseBrace = 125,
}

/** Answers of the readers below: a position in the frame, or one of these. */
const otherShape = notPlain
const corruptShape = corruptLevel

const channelKey = asciiBytes('channel":"')
const eventKey = asciiBytes('event":"')
const resultKey = asciiBytes('result":')
const fullKey = asciiBytes('full":')
const updateWord = asciiBytes('update')
const trueWord = asciiBytes('true')
const obuPrefix = asciiBytes('ob.')

/** The members of a book update that are read. */
const enum Member {
  Other = 0,
  Time = 1,
  First = 2,
  Last = 4,
  Symbol = 8,
  Bids = 16,
  Asks = 32,
}
const requiredMembers = Member.Time | Member.Last | Member.Symbol

const symbolUnread = -3
const symbolUnknown = -1

/**
 * Reads pushes of `order_book_update` and `obu`, spot and futures, from their bytes. Keys may come in any order and
 * scalars that are new are passed over; a shape beyond that goes through JSON and schema, which is counted. Nothing is
 * allocated for a book frame of known shape.
 */
export class GateioMarketDataDecoder {
  /** The last book update; valid until the next frame is decoded. */
  readonly changes = new BookChanges()
  /** Index of the instrument of the last book update, in order of `addInstrument`. */
  instrumentIndex = -1
  /** The last frame that was no push of a book. */
  message: unknown = undefined
  /** Book frames that needed the schema. */
  slowFrames = 0
  /** Frames that no path could read. */
  corruptFrames = 0

  private readonly table = new SymbolTable()
  private readonly instruments: Instrument[] = []
  private readonly grid = new GridReader()
  private readonly levels = new GateioLevelReader(this.changes, this.grid)
  private readonly numbers = new Float64Array(1)
  private readonly updateChannel: Uint8Array
  private readonly obuChannel: Uint8Array
  private readonly obuName: string
  private readonly updateName: string
  private bidsAt = 0
  private asksAt = 0

  constructor(market: 'spot' | 'futures') {
    this.updateName = bookChannels[market].update
    this.obuName = bookChannels[market].obu
    this.updateChannel = asciiBytes(this.updateName)
    this.obuChannel = asciiBytes(this.obuName)
  }

  /** Quantities of books that were finer than their grid and were rounded down. */
  get roundedQuantities(): number {
    return this.grid.rounded
  }

  /** Makes the instrument's books readable. The same symbol again replaces its grids and keeps its index. */
  addInstrument(instrument: Instrument): number {
    const index = this.table.add(instrument.exchangeSymbol)
    this.instruments[index] = instrument
    return index
  }

  /** Index of an instrument by the exchange's name; -1 when it was never added. */
  indexOf(exchangeSymbol: string): number {
    const bytes = Buffer.from(exchangeSymbol, 'utf8')
    return this.table.find(bytes, 0, bytes.length)
  }

  /** Reads the frame `bytes[start, end)`; what is behind `end` belongs to others. */
  decode(bytes: Buffer, start = 0, end = bytes.length): GateioFrameKind {
    this.instrumentIndex = symbolUnread
    const kind = this.readFrame(bytes, start, end - 1)
    if (kind >= 0) return kind as GateioFrameKind
    if (kind === corruptShape) return this.corrupt()
    return this.decodeSlowly(bytes, start, end)
  }

  /** Reads a frame through JSON and schema alone: the reference of the fast path, and the way of new shapes. */
  decodeSlowly(bytes: Buffer, start = 0, end = bytes.length): GateioFrameKind {
    this.instrumentIndex = -1
    let parsed: unknown
    try {
      parsed = parseJson(bytes.toString('utf8', start, end))
    } catch {
      return this.corrupt()
    }
    const envelope = gateioFrameSchema.safeParse(parsed)
    if (!envelope.success || !this.isBookPush(envelope.data)) {
      this.message = parsed
      return gateioFrameKind.message
    }
    this.slowFrames++
    const update = gateioBookUpdateSchema.safeParse(envelope.data.result)
    if (!update.success) return this.corrupt()
    const { s, t, U, u, full, b, a } = update.data
    this.instrumentIndex = this.indexOf(s.startsWith('ob.') ? s.slice(3, s.lastIndexOf('.')) : s)
    if (this.instrumentIndex < 0) return gateioFrameKind.foreign
    const isSnapshot = full === true
    if (U == null && !isSnapshot) return this.corrupt()
    const levels: GateioLevels = { bids: b ?? [], asks: a ?? [] }
    return this.fill(levels, isSnapshot, U ?? u, u, t)
  }

  /**
   * Puts the levels of a queried book into `changes` as a snapshot.
   *
   * @returns `corrupt` when a price is off its grid or a number is none.
   */
  loadSnapshot(index: number, levels: GateioLevels, sequence: number, exchangeTimeMs: number): GateioFrameKind {
    this.instrumentIndex = index
    return this.fill(levels, true, sequence, sequence, exchangeTimeMs)
  }

  private get instrument(): Instrument {
    return this.instruments[this.instrumentIndex]!
  }

  private fill(
    levels: GateioLevels,
    isSnapshot: boolean,
    first: number,
    last: number,
    timeMs: number,
  ): GateioFrameKind {
    const instrument = this.instrument
    if (last < first || !fillLevels(this.changes, levels, instrument, this.grid)) return this.corrupt()
    const changes = this.changes
    changes.isSnapshot = isSnapshot
    changes.firstSequence = first
    changes.lastSequence = last
    changes.exchangeTimeMs = timeMs
    return gateioFrameKind.book
  }

  private corrupt(): GateioFrameKind {
    this.corruptFrames++
    if (this.instrumentIndex < 0) this.instrumentIndex = -1
    return gateioFrameKind.corrupt
  }

  private isBookPush(frame: GateioFrame): boolean {
    if (frame.channel !== this.updateName && frame.channel !== this.obuName) return false
    return (frame.event ?? 'update') === 'update'
  }

  /** The frame from its first byte to its last, which ends whatever is read before it; a kind, or one of the shapes. */
  private readFrame(b: Buffer, start: number, end: number): number {
    if (end <= start || b[start] !== Byte.OpenBrace || b[end] !== Byte.CloseBrace) return otherShape
    let p = start
    let channelSeen = false
    let resultSeen = false
    while (p < end) {
      // At the brace or comma before a key.
      if (b[p + 1] !== Byte.Quote) return otherShape
      const key = p + 2
      if (!channelSeen && isAt(b, key, channelKey)) {
        p = key + channelKey.length
        if (isWordAt(b, p, this.updateChannel)) p += this.updateChannel.length + 1
        else if (isWordAt(b, p, this.obuChannel)) p += this.obuChannel.length + 1
        else return otherShape
        channelSeen = true
      } else if (isAt(b, key, resultKey)) {
        if (!channelSeen || resultSeen) return otherShape
        p = key + resultKey.length
        if (b[p] !== Byte.OpenBrace) return otherShape
        p = this.readResult(b, p, end)
        if (p < 0) return p
        resultSeen = true
      } else if (isAt(b, key, eventKey)) {
        p = key + eventKey.length
        if (!isWordAt(b, p, updateWord)) return otherShape
        p += updateWord.length + 1
      } else {
        p = skipMember(b, key, end)
        if (p < 0) return otherShape
      }
      if (p === end) break
      if (b[p] !== Byte.Comma) return otherShape
    }
    if (!resultSeen || p !== end) return otherShape
    return this.instrumentIndex === symbolUnknown ? gateioFrameKind.foreign : gateioFrameKind.book
  }

  /** The result object whose brace is at `p`; the position after it, or a shape. */
  private readResult(b: Buffer, p: number, end: number): number {
    const changes = this.changes
    this.bidsAt = 0
    this.asksAt = 0
    this.levels.slot = 0
    changes.isSnapshot = false
    changes.bidEnd = -1
    let seen = 0
    if (b[p + 1] === Byte.CloseBrace) return otherShape
    for (;;) {
      if (b[p + 1] !== Byte.Quote) return otherShape
      const key = p + 2
      if (b[key + 1] !== Byte.Quote || b[key + 2] !== Byte.Colon) {
        if (isAt(b, key, fullKey) && isTokenAt(b, key + fullKey.length, trueWord)) {
          changes.isSnapshot = true
          p = key + fullKey.length + trueWord.length
        } else p = skipMember(b, key, end)
      } else {
        const value = key + 3
        const member = memberBit(b[key]!)
        // A key that comes twice is left to the schema.
        if ((seen & member) !== 0) return otherShape
        seen |= member
        switch (member) {
          case Member.Time:
            p = this.readCounter(b, value)
            changes.exchangeTimeMs = this.numbers[0]!
            break
          case Member.First:
            p = this.readCounter(b, value)
            changes.firstSequence = this.numbers[0]!
            break
          case Member.Last:
            p = this.readCounter(b, value)
            changes.lastSequence = this.numbers[0]!
            break
          case Member.Symbol:
            p = this.readSymbol(b, value, end)
            break
          case Member.Bids:
            p = this.readBids(b, value, end)
            break
          case Member.Asks:
            p = this.readAsks(b, value, end)
            break
          case Member.Other:
            p = skipMember(b, key, end)
        }
      }
      if (p < 0) return p
      if (b[p] === Byte.CloseBrace) break
      if (b[p] !== Byte.Comma) return otherShape
    }
    if ((seen & requiredMembers) !== requiredMembers) return otherShape
    if ((seen & Member.First) === 0) {
      if (!changes.isSnapshot) return otherShape
      changes.firstSequence = changes.lastSequence
    }
    if (changes.firstSequence > changes.lastSequence) return corruptShape
    if (this.instrumentIndex >= 0) {
      const read = this.readDeferredLevels(b, end)
      if (read < 0) return read
    }
    return p + 1
  }

  /** Sides that stood before the symbol, or asks that stood before bids. */
  private readDeferredLevels(b: Buffer, end: number): number {
    const changes = this.changes
    if (changes.bidEnd < 0) {
      if (this.bidsAt > 0) {
        const read = this.levels.read(b, this.bidsAt, end, this.instrument)
        if (read < 0) return read
      }
      changes.bidEnd = this.levels.slot
    }
    if (this.asksAt > 0) {
      const read = this.levels.read(b, this.asksAt, end, this.instrument)
      if (read < 0) return read
    }
    changes.askEnd = this.levels.slot
    return 0
  }

  private readBids(b: Buffer, value: number, end: number): number {
    if (this.instrumentIndex < 0) {
      this.bidsAt = value
      return skipList(b, value, end)
    }
    const p = this.levels.read(b, value, end, this.instrument)
    this.changes.bidEnd = this.levels.slot
    return p
  }

  private readAsks(b: Buffer, value: number, end: number): number {
    // Bids come first in `changes`; with bids unread, asks wait.
    if (this.instrumentIndex < 0 || this.changes.bidEnd < 0) {
      this.asksAt = value
      return skipList(b, value, end)
    }
    return this.levels.read(b, value, end, this.instrument)
  }

  private readCounter(b: Buffer, p: number): number {
    let value = 0
    const start = p
    let digit = b[p]! - Byte.Zero
    while (digit >>> 0 < 10) {
      value = value * 10 + digit
      digit = b[++p]! - Byte.Zero
    }
    if (p === start || (b[start] === Byte.Zero && p > start + 1)) return otherShape
    if (value > Number.MAX_SAFE_INTEGER) return corruptShape
    this.numbers[0] = value
    return p
  }

  private readSymbol(b: Buffer, p: number, end: number): number {
    if (b[p] !== Byte.Quote) return otherShape
    let from = p + 1
    let to = from
    while (b[to] !== Byte.Quote) {
      // A backslash would need unescaping.
      if (b[to] === 92 || to >= end) return otherShape
      to++
    }
    p = to + 1
    if (isAt(b, from, obuPrefix)) {
      from += obuPrefix.length
      while (to > from && b[to] !== Byte.Dot) to--
    }
    this.instrumentIndex = this.table.find(b, from, to)
    return p
  }
}

function memberBit(letter: number): Member {
  switch (letter) {
    case 116: // t
      return Member.Time
    case 85: // U
      return Member.First
    case 117: // u
      return Member.Last
    case 115: // s
      return Member.Symbol
    case 98: // b
      return Member.Bids
    case 97: // a
      return Member.Asks
    default:
      return Member.Other
  }
}
