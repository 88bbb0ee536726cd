/** A scalar wire type, the fields of a nested message, or a repeated one in a one-element list. */
export type FieldType = 'string' | 'integer' | 'bool' | MessageFields | readonly [MessageFields]
/** Field number to name and type. */
export type MessageFields = Readonly<Record<number, readonly [name: string, type: FieldType]>>
/** A decoded message. Fields that were not on the wire are absent. */
export type DecodedMessage = Record<string, unknown>

const varintWire = 0
const eightByteWire = 1
const lengthWire = 2
const fourByteWire = 5
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Decodes a protobuf message by a table of its fields, in any order of fields, passing over what it does not know.
 *
 * @throws RangeError when a length runs past the end, an integer exceeds 2^53, or a field has another wire type.
 * @throws TypeError when a text is no UTF-8.
 */
export function decodeMessage(bytes: Uint8Array, fields: MessageFields): DecodedMessage {
  return new MessageReader(bytes).read(fields, bytes.length)
}

class MessageReader {
  private position = 0

  constructor(private readonly bytes: Uint8Array) {}

  read(fields: MessageFields, end: number): DecodedMessage {
    const message: DecodedMessage = {}
    while (this.position < end) {
      const tag = this.varint(end)
      const wire = tag & 7
      const field = fields[Math.floor(tag / 8)]
      if (field === undefined) this.skip(wire, end)
      else this.assign(message, field[0], field[1], wire, end)
    }
    return message
  }

  private assign(message: DecodedMessage, name: string, type: FieldType, wire: number, end: number): void {
    const isScalar = type === 'integer' || type === 'bool'
    if (wire !== (isScalar ? varintWire : lengthWire))
      throw new RangeError(`Field ${name} has wire type ${wire}, which is not its own.`)
    if (isScalar) {
      const value = this.varint(end)
      message[name] = type === 'bool' ? value !== 0 : value
      return
    }
    const until = this.lengthEnd(end)
    if (type === 'string') {
      message[name] = utf8.decode(this.bytes.subarray(this.position, until))
      this.position = until
    } else if (isRepeated(type)) {
      const items = (message[name] ??= []) as DecodedMessage[]
      items.push(this.read(type[0], until))
    } else message[name] = this.read(type, until)
  }

  private lengthEnd(end: number): number {
    const length = this.varint(end)
    if (this.position + length > end) throw new RangeError('A length runs past the end of the frame.')
    return this.position + length
  }

  private varint(end: number): number {
    let value = 0
    let factor = 1
    for (;;) {
      if (this.position >= end) throw new RangeError('A number runs past the end of the frame.')
      const byte = this.bytes[this.position++]!
      value += (byte & 0x7f) * factor
      if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('A number is beyond 2^53.')
      if (byte < 0x80) return value
      factor *= 128
    }
  }

  private skip(wire: number, end: number): void {
    if (wire === varintWire) {
      while (this.position < end && this.bytes[this.position]! >= 0x80) this.position++
      this.position++
    } else if (wire === lengthWire) this.position = this.lengthEnd(end)
    else if (wire === eightByteWire) this.position += 8
    else if (wire === fourByteWire) this.position += 4
    else throw new RangeError(`Wire type ${wire} is not known.`)
    if (this.position > end) throw new RangeError('A field runs past the end of the frame.')
  }
}

const isRepeated = (type: MessageFields | readonly [MessageFields]): type is readonly [MessageFields] =>
  Array.isArray(type)
