import { RecordingException } from '@cex-arbitrage/common'
import { eventKinds, type EventKind, type RecordedEvent } from './recorded-event.js'

const numbers = new Map(eventKinds.map((kind, index) => [kind, index]))
const maxVarintBytes = 8
const eventHeadBytes = 1 + 3 * maxVarintBytes

/**
 * Events one after the other in one growing buffer:
 *
 *     +--------+------------------+----------------+---------------+------+
 *     | kind 8 | varint delta µs  | varint channel | varint length | data |
 *     +--------+------------------+----------------+---------------+------+
 */
export class EventEncoder {
  private bytes: Buffer
  private previousUs = 0
  length = 0
  count = 0
  firstUs = 0

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(capacity)
  }

  get lastUs(): number {
    return this.previousUs
  }

  add(kind: EventKind, atUs: number, channel: number, data: Uint8Array): void {
    this.reserve(eventHeadBytes + data.length)
    if (this.count === 0) this.firstUs = this.previousUs = atUs
    this.bytes[this.length++] = numbers.get(kind)!
    this.writeVarint(atUs - this.previousUs)
    this.writeVarint(channel)
    this.writeVarint(data.length)
    this.bytes.set(data, this.length)
    this.length += data.length
    this.previousUs = atUs
    this.count++
  }

  /** A copy of what was added; begins anew. */
  take(): Buffer {
    const taken = Buffer.from(this.bytes.subarray(0, this.length))
    this.length = 0
    this.count = 0
    return taken
  }

  private writeVarint(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.bytes[this.length++] = rest
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.length + more))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
}

/**
 * The events of one block.
 *
 * @param firstUs - Time of the first, from the block's header.
 * @throws {@link RecordingException} The bytes are no events.
 */
export function* decodeEvents(bytes: Buffer, firstUs: number): Generator<RecordedEvent, void, undefined> {
  let at = 0
  let atUs = firstUs
  const readVarint = (): number => {
    let value = 0
    let scale = 1
    for (let i = 0; i < maxVarintBytes && at < bytes.length; i++) {
      const byte = bytes[at++]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
    throw unreadable(at)
  }
  while (at < bytes.length) {
    const kind = eventKinds[bytes[at++]!]
    atUs += readVarint()
    const channel = readVarint()
    const end = readVarint() + at
    if (kind === undefined || end > bytes.length) throw unreadable(at)
    yield { atUs, kind, channel, data: bytes.subarray(at, end) }
    at = end
  }
}

const unreadable = (at: number): RecordingException =>
  new RecordingException({ message: `A block of the recording is damaged at byte ${at} of its events.` })
