import type { FieldKind, FieldSchema, MessageSchema } from './message-schemas.js'

/** Values of a message by field name; an absent name is an absent field. int64 values are integers below 2^53. */
export interface MessageFields {
  readonly [name: string]: string | number | boolean | MessageFields | readonly MessageFields[] | undefined
}

const varintWire = 0
const lengthWire = 2
const seven = 128

/**
 * Writes a message as plain protobuf: fields in ascending number order, proto3 defaults (empty text, zero, false) left
 * out unless the field has explicit presence, no length prefix around the whole.
 *
 * @throws RangeError when an integer is negative, fractional or beyond 2^53, which no field of these messages can be.
 */
export function encodeMessage(schema: MessageSchema, fields: MessageFields): Buffer {
  const bytes: number[] = []
  writeMessage(bytes, schema, fields)
  return Buffer.from(bytes)
}

function writeMessage(bytes: number[], schema: MessageSchema, fields: MessageFields): void {
  for (const field of schema) {
    const value = fields[field.name]
    if (value === undefined) continue
    if (Array.isArray(value)) for (const item of value as readonly MessageFields[]) writeNested(bytes, field, item)
    else if (typeof value === 'object') writeNested(bytes, field, value as MessageFields)
    else if (field.presence === 'optional' || !isDefault(value)) writeScalar(bytes, field, value)
  }
}

const isDefault = (value: string | number | boolean): boolean => value === '' || value === 0 || value === false

function writeNested(bytes: number[], field: FieldSchema, item: MessageFields): void {
  if (typeof field.type === 'string') throw new TypeError(`Field ${field.name} is a ${field.type}, not a message.`)
  const body: number[] = []
  writeMessage(body, field.type, item)
  writeTag(bytes, field, lengthWire)
  writeVarint(bytes, body.length)
  for (const byte of body) bytes.push(byte)
}

function writeScalar(bytes: number[], field: FieldSchema, value: string | number | boolean): void {
  const kind = field.type as FieldKind
  if (kind === 'string') {
    const text = Buffer.from(String(value), 'utf8')
    writeTag(bytes, field, lengthWire)
    writeVarint(bytes, text.length)
    for (const byte of text) bytes.push(byte)
    return
  }
  writeTag(bytes, field, varintWire)
  writeVarint(bytes, Number(value))
}

const writeTag = (bytes: number[], field: FieldSchema, wire: number): void =>
  writeVarint(bytes, field.number * 8 + wire)

/** Base-128 groups, lowest first. Arithmetic instead of shifts, for shifts end at 32 bits. */
function writeVarint(bytes: number[], value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} cannot be written as a varint.`)
  let rest = value
  while (rest >= seven) {
    bytes.push((rest % seven) + seven)
    rest = Math.floor(rest / seven)
  }
  bytes.push(rest)
}
