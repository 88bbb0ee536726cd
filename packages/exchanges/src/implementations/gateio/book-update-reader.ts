import type { BookChanges, Instrument } from '@cex-arbitrage/common'
import type { GridReader } from '../../decoding/grid-reader.js'
import type { InstrumentTable } from '../../decoding/instrument-table.js'
import { asciiBytes, isAt, isTokenAt, notPlain, skipList, skipMember } from '../../decoding/json-bytes.js'
import { GateioLevelReader } from './level-reader.js'

const enum Byte {
  Quote = 34,
  Comma = 44,
  Dot = 46,
  Zero = 48,
  Colon = 58,
  Backslash = 92,
  CloseBrace = 125,
}

/** What the readers below answer instead of a position in the frame. */
const otherShape = notPlain

const fullKey = asciiBytes('full":')
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
/** Stands among the members for one that is a flag. */
const fullSeen = 64
const requiredMembers = Member.Time | Member.Last | Member.Symbol

/** No symbol has been read. */
export const symbolUnread = -3
/** The symbol is of an instrument that was never added. */
export const symbolUnknown = -1

/**
 * Reads the `result` of a book push from its bytes into `changes`, whatever the order of its members. Nothing is
 * allocated.
 */
export class GateioBookUpdateReader {
  /** Place of the instrument that was read, `symbolUnread` or `symbolUnknown`. */
  instrumentIndex = symbolUnread
  private readonly levels: GateioLevelReader
  private readonly numbers = new Float64Array(1)
  private bidsAt = 0
  private asksAt = 0

  constructor(
    private readonly changes: BookChanges,
    private readonly instruments: InstrumentTable,
    grid: GridReader,
  ) {
    this.levels = new GateioLevelReader(changes, grid)
  }

  /** The object whose brace is at `p`; the position after it, or `notPlain` for a shape that is new. */
  read(b: Buffer, p: number, end: number): number {
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
        if (isAt(b, key, fullKey)) {
          if ((seen & fullSeen) !== 0) return otherShape
          seen |= fullSeen
          changes.isSnapshot = isTokenAt(b, key + fullKey.length, trueWord)
        }
        p = skipMember(b, key, end)
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
    if (changes.firstSequence > changes.lastSequence) return otherShape
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
    if (value > Number.MAX_SAFE_INTEGER) return otherShape
    this.numbers[0] = value
    return p
  }

  private readSymbol(b: Buffer, p: number, end: number): number {
    if (b[p] !== Byte.Quote) return otherShape
    let from = p + 1
    let to = from
    while (b[to] !== Byte.Quote) {
      // A backslash would need unescaping.
      if (b[to] === Byte.Backslash || to >= end) return otherShape
      to++
    }
    p = to + 1
    if (isAt(b, from, obuPrefix)) {
      from += obuPrefix.length
      while (to > from && b[to] !== Byte.Dot) to--
    }
    this.instrumentIndex = this.instruments.find(b, from, to)
    return p
  }

  private get instrument(): Instrument {
    return this.instruments.at(this.instrumentIndex)!
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
