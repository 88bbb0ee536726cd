import { BookChanges, type Instrument } from '@cex-arbitrage/common'
import { GridReader } from '../../decoding/grid-reader.js'
import { asciiBytes, isAt, isWordAt, notPlain, skipMember } from '../../decoding/json-bytes.js'
import { InstrumentTable } from '../../decoding/instrument-table.js'
import { GateioBookUpdateReader, symbolUnknown, symbolUnread } from './book-update-reader.js'
import { bookChannels } from './constants.js'
import { parseJson } from '../../decoding/lossless-json.js'
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
  OpenBrace = 123,
  CloseBrace = 125,
}

/** What the readers below answer instead of a position in the frame. */
const otherShape = notPlain

const channelKey = asciiBytes('channel":"')
const eventKey = asciiBytes('event":"')
const resultKey = asciiBytes('result":')
const updateWord = asciiBytes('update')

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

  private readonly instruments = new InstrumentTable()
  private readonly grid = new GridReader()
  private readonly reader: GateioBookUpdateReader
  private readonly updateChannel: Uint8Array
  private readonly obuChannel: Uint8Array
  private readonly obuName: string
  private readonly updateName: string

  constructor(market: 'spot' | 'futures') {
    this.updateName = bookChannels[market].update
    this.obuName = bookChannels[market].obu
    this.updateChannel = asciiBytes(this.updateName)
    this.obuChannel = asciiBytes(this.obuName)
    this.reader = new GateioBookUpdateReader(this.changes, this.instruments, this.grid)
  }

  /** Quantities of books that were finer than their grid and were rounded down. */
  get roundedQuantities(): number {
    return this.grid.rounded
  }

  /** Makes the instrument's books readable. The same symbol again replaces its grids and keeps its index. */
  addInstrument(instrument: Instrument): number {
    return this.instruments.add(instrument)
  }

  /** Index of an instrument by the exchange's name; -1 when it was never added. */
  indexOf(exchangeSymbol: string): number {
    return this.instruments.indexOf(exchangeSymbol)
  }

  /** Reads the frame `bytes[start, end)`; what is behind `end` belongs to others. */
  decode(bytes: Buffer, start = 0, end = bytes.length): GateioFrameKind {
    this.reader.instrumentIndex = symbolUnread
    const kind = this.readFrame(bytes, start, end - 1)
    const index = this.reader.instrumentIndex
    this.instrumentIndex = index
    if (kind >= 0) return kind as GateioFrameKind
    const slowKind = this.decodeSlowly(bytes, start, end)
    if (slowKind === gateioFrameKind.corrupt && this.instrumentIndex < 0 && index >= 0) this.instrumentIndex = index
    return slowKind
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
    return this.instruments.at(this.instrumentIndex)!
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

  /** The frame from its first byte to its last, which ends whatever is read before it; a kind, or `otherShape`. */
  private readFrame(b: Buffer, start: number, end: number): number {
    if (end <= start || b[start] !== Byte.OpenBrace || b[end] !== Byte.CloseBrace) return otherShape
    let p = start
    let channelSeen = false
    let resultSeen = false
    while (p < end) {
      // At the brace or comma before a key.
      if (b[p + 1] !== Byte.Quote) return otherShape
      const key = p + 2
      if (isAt(b, key, channelKey)) {
        // A key that comes twice is left to the schema.
        if (channelSeen) return otherShape
        p = key + channelKey.length
        if (isWordAt(b, p, this.updateChannel)) p += this.updateChannel.length + 1
        else if (isWordAt(b, p, this.obuChannel)) p += this.obuChannel.length + 1
        else return otherShape
        channelSeen = true
      } else if (isAt(b, key, resultKey)) {
        if (!channelSeen || resultSeen) return otherShape
        p = key + resultKey.length
        if (b[p] !== Byte.OpenBrace) return otherShape
        p = this.reader.read(b, p, end)
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
    return this.reader.instrumentIndex === symbolUnknown ? gateioFrameKind.foreign : gateioFrameKind.book
  }
}
