import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { readFixture } from '../../../testing/read-fixture.js'
import { decodeMessage } from './protobuf-message.js'
import { decodePushData, pushDataFields } from './push-data.js'

interface Vectors {
  readonly protobuf: readonly { readonly name: string; readonly hex: string; readonly decoded: object }[]
}

const { protobuf: vectors } = readFixture<Vectors>(import.meta.url, '../fixtures/vectors.json')
const schema = readFileSync(new URL('push-data.proto', import.meta.url), 'utf8')
const wrapper = protobuf.parse(schema, { keepCase: true }).root.lookupType('PushDataV3ApiWrapper')

describe('decodePushData', () => {
  it.each(vectors)('decodes the vector $name', ({ hex, decoded }) => {
    expect(decodePushData(Buffer.from(hex, 'hex'))).toEqual(decoded)
  })

  it('has every body that the schema has', () => {
    const bodies = wrapper.oneofs['body']!.fieldsArray.map(({ name, id }) => [id, name])
    const table = Object.entries(pushDataFields).map(([id, [name]]) => [Number(id), name])
    expect(table).toEqual(expect.arrayContaining(bodies))
    expect(table.length).toBe(bodies.length + 5)
  })

  it('agrees with the schema file on random pushes', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 })
    const time = fc.integer({ min: 1, max: 2 ** 50 })
    const level = fc.record({ price: text, quantity: text })
    const levels = fc.array(level, { minLength: 1, maxLength: 5 })
    const push = fc.record({
      channel: text,
      symbol: text,
      sendTime: time,
      publicAggreDepths: fc.record({ asks: levels, bids: levels, fromVersion: text, lastOrderCreateTime: time }),
    })
    fc.assert(
      fc.property(push, (message) => {
        expect(decodePushData(wrapper.encode(wrapper.fromObject(message)).finish())).toEqual(message)
      }),
      { numRuns: 100 },
    )
  })
})

describe('decodeMessage', () => {
  const fields = { 1: ['name', 'string'], 2: ['count', 'integer'], 3: ['on', 'bool'] } as const

  it.each([
    ['a length past the end', '0a05ff'],
    ['a number past the end', '10ff'],
    ['a number beyond 2^53', '10ffffffffffffffff7f'],
    ['another wire type than its own', '0801'],
    ['a wire type that does not exist', '3b'],
    ['eight bytes that are not there', '3901'],
    ['no UTF-8', '0a01ff'],
  ])('refuses %s', (_, hex) => {
    expect(() => decodeMessage(Buffer.from(hex, 'hex'), fields)).toThrow()
  })

  it('passes over unknown fields of every wire type', () => {
    const hex = '389601' + '390102030405060708' + '3a0141' + '3d01020304' + '0a0161' + '1005' + '1801'
    expect(decodeMessage(Buffer.from(hex, 'hex'), fields)).toEqual({ name: 'a', count: 5, on: true })
  })
})
