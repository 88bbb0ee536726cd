import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodeMessage } from '../../testing/protobuf-decoder.js'
import { pushSchema } from './message-schemas.js'
import { encodeMessage, type MessageFields } from './protobuf-encoder.js'

interface Vector {
  readonly name: string
  readonly bytes: number
  readonly hex: string
  readonly decoded: MessageFields
}

const vectors = JSON.parse(
  readFileSync(new URL('./fixtures/protobuf.json', import.meta.url), 'utf8'),
) as readonly Vector[]

/** Fields out of order and of unknown numbers, which a sender of this venue never writes. */
const foreign = 'robustness-order-and-unknown-fields'

describe('encodeMessage', () => {
  for (const { name, hex, bytes, decoded } of vectors.filter((vector) => vector.name !== foreign))
    it(`writes ${name} byte for byte`, () => {
      const frame = encodeMessage(pushSchema, decoded)
      expect(frame.toString('hex')).toBe(hex)
      expect(frame).toHaveLength(bytes)
    })

  it('writes back what the decoder of the specs read', () => {
    for (const { hex, decoded } of vectors) expect(decodeMessage(pushSchema, Buffer.from(hex, 'hex'))).toEqual(decoded)
  })

  it('leaves defaults out unless the field has explicit presence', () => {
    const frame = encodeMessage(pushSchema, {
      channel: '',
      symbol: '',
      privateOrders: { id: '', isMaker: false, status: 0, lastDealQuantity: '', state: 0 },
    })
    expect(decodeMessage(pushSchema, frame)).toEqual({ symbol: '', privateOrders: { lastDealQuantity: '', state: 0 } })
  })

  it('survives the way to the wire and back for any integer and text', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.string({ minLength: 1, unit: 'grapheme' }), (time, price) => {
        const deals = [{ price, time, tradeType: 2 }, { price }]
        const fields = { channel: price, sendTime: time, publicAggreDeals: { deals, eventType: 'x' } }
        const decoded = decodeMessage(pushSchema, encodeMessage(pushSchema, fields))
        const first = time === 0 ? { price, tradeType: 2 } : deals[0]
        expect(decoded).toEqual({ ...fields, publicAggreDeals: { deals: [first, { price }], eventType: 'x' } })
      }),
    )
  })

  it('refuses what no field can hold', () => {
    expect(() => encodeMessage(pushSchema, { sendTime: -1 })).toThrow(RangeError)
    expect(() => encodeMessage(pushSchema, { sendTime: 2 ** 53 })).toThrow(RangeError)
    expect(() => encodeMessage(pushSchema, { channel: [{ price: '1' }] })).toThrow(TypeError)
  })
})
