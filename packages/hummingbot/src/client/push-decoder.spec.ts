import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePush } from './push-decoder.js'
import { orderBookEventSchema } from './schemas.js'

describe('the quick way of books', () => {
  const text = fc.oneof(
    fc.double({ min: 0, max: 1e12, noNaN: true }).map(String),
    fc.constantFrom('1.50', '0.0', '007', '.5', '5.', '1e-7', '-1', 'x', ''),
  )
  const side = fc.array(fc.tuple(text, fc.oneof(text, fc.double({ min: 0, max: 9, noNaN: true }))), { maxLength: 5 })

  it('gives what the schema gives', () => {
    fc.assert(
      fc.property(side, side, (bids, asks) => {
        const data = { symbol: 'ETH-USD', exchange: 'binance', bids, asks, timestamp: 1 }
        const expected = orderBookEventSchema.safeParse(data)
        const decoded = decodePush('order_book_update', { type: 'order_book_update', data })
        expect(decoded.kind).toBe(expected.success ? 'event' : 'corrupt')
        if (decoded.kind === 'event' && expected.success)
          expect(decoded.data).toEqual({ ...expected.data, kind: 'order_book' })
      }),
    )
  })

  it('takes data of another kind as corrupt and an unknown type as such', () => {
    expect(decodePush('info', { data: [1] })).toMatchObject({ kind: 'corrupt' })
    expect(decodePush('toString', {})).toEqual({ kind: 'unknown' })
  })
})
