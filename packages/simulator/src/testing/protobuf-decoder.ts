import type { FieldSchema, MessageSchema } from '../venues/mexc/message-schemas.js'

/** A decoded message by field name; absent fields are absent. */
export type DecodedMessage = { [name: string]: string | number | boolean | DecodedMessage | DecodedMessage[] }

/**
 * Reads a protobuf message of MEXC's streams; fields that the schema does not know are skipped.
 *
 * @throws RangeError when a field runs past the end.
 */
export function decodeMessage(schema: MessageSchema, bytes: Buffer): DecodedMessage {
  const message: DecodedMessage = {}
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('A varint runs past the end of the frame.')
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const field = schema.find(({ number }) => number === Math.floor(tag / 8))
    if (tag % 8 === 0) {
      const value = varint()
      if (field !== undefined) message[field.name] = field.type === 'bool' ? value === 1 : value
      continue
    }
    if (tag % 8 === 1 || tag % 8 === 5) {
      at += tag % 8 === 1 ? 8 : 4
      continue
    }
    if (tag % 8 !== 2) throw new RangeError(`Wire type ${tag % 8} is no wire type of proto3.`)
    const length = varint()
    const body = bytes.subarray(at, at + length)
    if (body.length < length) throw new RangeError('A field runs past the end of the frame.')
    at += length
    if (field !== undefined) put(message, field, body)
  }
  return message
}

function put(message: DecodedMessage, field: FieldSchema, body: Buffer): void {
  const value = typeof field.type === 'string' ? body.toString('utf8') : decodeMessage(field.type, body)
  if (field.presence !== 'repeated') message[field.name] = value
  else message[field.name] = [...((message[field.name] ?? []) as DecodedMessage[]), value as DecodedMessage]
}
