import { Decimal, type Instrument } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFixture } from '../../testing/read-fixture.js'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { MexcMarketDataDecoder, mexcFrameKind } from './market-data-decoder.js'
import { createPushFrame, type PushedBook } from './fixtures/push-frame.js'

interface Vectors {
  readonly protobuf: readonly {
    readonly name: string
    readonly hex: string
    readonly decoded: Record<string, unknown>
  }[]
  readonly protobufNegative: readonly { readonly name: string; readonly hex?: string; readonly text?: string }[]
}

const { protobuf: vectors, protobufNegative } = readFixture<Vectors>(import.meta.url, './fixtures/vectors.json')
const btc = createTestInstrument()
const mx = createTestInstrument({
  exchangeSymbol: 'MXUSDT',
  tickSize: Decimal.parse('0.0001'),
  lotSize: Decimal.parse('0.01'),
})
const setUp = (): MexcMarketDataDecoder => {
  const decoder = new MexcMarketDataDecoder()
  decoder.addInstrument(btc)
  decoder.addInstrument(mx)
  return decoder
}

const readBook = (decoder: MexcMarketDataDecoder, instrument: Instrument) => {
  const { changes } = decoder
  const level = (i: number): readonly [string, string] => [
    instrument.ticksToPrice(changes.priceTicks[i]!).toString(),
    instrument.lotsToQuantity(changes.quantityLots[i]!).toString(),
  ]
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => level(from + i))
  return {
    bids: range(0, changes.bidEnd),
    asks: range(changes.bidEnd, changes.askEnd),
    firstSequence: changes.firstSequence,
    lastSequence: changes.lastSequence,
    exchangeTimeMs: changes.exchangeTimeMs,
  }
}

describe('MexcMarketDataDecoder', () => {
  const books = vectors.filter(({ decoded }) => 'publicAggreDepths' in decoded)

  it.each(books)('reads $name from its bytes as the schema does', ({ hex, decoded }) => {
    const frame = Buffer.from(hex, 'hex')
    const instrument = decoded['symbol'] === 'MXUSDT' ? mx : btc
    const fast = setUp()
    const slow = setUp()
    expect(fast.decode(frame)).toBe(mexcFrameKind.book)
    expect(slow.decodeSlowly(frame)).toBe(mexcFrameKind.book)
    expect(fast.slowFrames).toBe(0)
    expect(slow.slowFrames).toBe(1)
    expect(fast.instrumentIndex).toBe(slow.instrumentIndex)
    expect(readBook(fast, instrument)).toEqual(readBook(slow, instrument))
    const body = decoded['publicAggreDepths'] as PushedBook
    const trimmed = (levels: PushedBook['asks'] = []) =>
      levels.map(({ price, quantity }) => [Decimal.parse(price).toString(), Decimal.parse(quantity).toString()])
    expect(readBook(fast, instrument)).toEqual({
      bids: trimmed(body.bids),
      asks: trimmed(body.asks),
      firstSequence: Number(body.fromVersion),
      lastSequence: Number(body.toVersion),
      exchangeTimeMs: decoded['sendTime'],
    })
  })

  it.each(vectors.filter(({ decoded }) => !('publicAggreDepths' in decoded) && !('publicAggreDeals' in decoded)))(
    'passes over $name',
    ({ hex }) => {
      const decoder = setUp()
      expect(decoder.decode(Buffer.from(hex, 'hex'))).toBe(mexcFrameKind.foreign)
      expect(decoder.corruptFrames).toBe(0)
    },
  )

  it('reads trades with the side of the taker', () => {
    const decoder = setUp()
    const { hex } = vectors.find(({ name }) => name === 'aggre-deals')!
    expect(decoder.decode(Buffer.from(hex, 'hex'))).toBe(mexcFrameKind.trades)
    expect(JSON.parse(JSON.stringify(decoder.trades))).toEqual([
      {
        instrumentId: btc.id,
        tradeId: '731579883561406466X0_731579883561406467X0',
        side: 'sell',
        price: '93220',
        quantity: '0.04438243',
        exchangeTimeMs: 1736409765051,
      },
      { instrumentId: btc.id, side: 'buy', price: '93220.01', quantity: '0.5', exchangeTimeMs: 1736409765052 },
    ])
    expect(decoder.slowFrames).toBe(0)
  })

  it.each(protobufNegative)('is not fooled by $name', ({ hex, text }) => {
    const decoder = setUp()
    const kind = decoder.decode(hex === undefined ? Buffer.from(text!) : Buffer.from(hex, 'hex'))
    expect(kind).toBe(hex === undefined ? mexcFrameKind.control : mexcFrameKind.corrupt)
  })

  const book: PushedBook = {
    asks: [{ price: '101.5', quantity: '2' }],
    bids: [{ price: '101.25', quantity: '0.00000001' }],
    fromVersion: '7',
    toVersion: '9',
  }

  it('keeps the index of an instrument whose grid is given anew', () => {
    const decoder = setUp()
    expect(decoder.addInstrument(createTestInstrument({ tickSize: Decimal.parse('0.1') }))).toBe(0)
    expect(decoder.decode(createPushFrame('BTCUSDT', book))).toBe(mexcFrameKind.corrupt)
  })

  it('reads nothing for a pair that was never added', () => {
    expect(setUp().decode(createPushFrame('ETHUSDT', book))).toBe(mexcFrameKind.foreign)
  })

  it('reads unknown fields and a body before its symbol at full speed', () => {
    const decoder = setUp()
    const frame = createPushFrame('BTCUSDT', book, { unknownFields: true, bodyFirst: true })
    expect(decoder.decode(frame)).toBe(mexcFrameKind.book)
    expect(decoder.slowFrames).toBe(0)
    expect(readBook(decoder, btc)).toMatchObject({ bids: [['101.25', '0.00000001']], asks: [['101.5', '2']] })
  })

  it.each([
    ['an exponent', { ...book, asks: [{ price: '1015e-1', quantity: '2' }] }],
    ['a price of many digits', { ...book, asks: [{ price: `101.5${'0'.repeat(130)}`, quantity: '2' }] }],
  ])('reads %s by the schema, and counts it', (_, pushed) => {
    const decoder = setUp()
    expect(decoder.decode(createPushFrame('BTCUSDT', pushed))).toBe(mexcFrameKind.book)
    expect(decoder.slowFrames).toBe(1)
    expect(readBook(decoder, btc).asks).toEqual([['101.5', '2']])
  })

  it('rounds a quantity finer than its grid down, and counts it', () => {
    const decoder = setUp()
    const fine = { ...book, asks: [{ price: '2.5', quantity: '1.239' }], bids: [] }
    expect(decoder.decode(createPushFrame('MXUSDT', fine))).toBe(mexcFrameKind.book)
    expect(readBook(decoder, mx).asks).toEqual([['2.5', '1.23']])
    expect(decoder.roundedQuantities).toBe(1)
  })

  it.each([
    ['a price off its grid', { ...book, asks: [{ price: '101.255', quantity: '2' }] }],
    ['a negative price', { ...book, asks: [{ price: '-1', quantity: '2' }] }],
    ['a quantity that is no number', { ...book, asks: [{ price: '1', quantity: 'NaN' }] }],
    ['a version beyond 2^53', { ...book, toVersion: '9007199254740993' }],
    ['a version that is no number', { ...book, fromVersion: '7a' }],
    ['no version', { ...book, fromVersion: '' }],
    ['versions that run backwards', { ...book, fromVersion: '10' }],
    ['a level without a price', { ...book, asks: [{ price: '', quantity: '2' }] }],
  ])('calls %s corrupt and names the instrument', (_, pushed) => {
    const decoder = setUp()
    expect(decoder.decode(createPushFrame('BTCUSDT', pushed))).toBe(mexcFrameKind.corrupt)
    expect(decoder.instrumentIndex).toBe(0)
    expect(decoder.corruptFrames).toBe(1)
  })

  it('grows with a frame of unusual size, and calls an absurd one corrupt', () => {
    const decoder = setUp()
    const levels = (length: number) => Array.from({ length }, (_, i) => ({ price: String(i + 1), quantity: '1' }))
    const large = createPushFrame('BTCUSDT', { ...book, asks: levels(2_000) })
    expect(decoder.decode(large)).toBe(mexcFrameKind.book)
    expect(decoder.decode(large)).toBe(mexcFrameKind.book)
    expect(decoder.changes.askEnd).toBe(2_001)
    expect(decoder.slowFrames).toBe(1)
    expect(decoder.decode(createPushFrame('BTCUSDT', { ...book, asks: levels(65_536) }))).toBe(mexcFrameKind.corrupt)
  })

  it('gives on cut and changed frames what the schema gives, and never throws', () => {
    const frame = createPushFrame('BTCUSDT', book, { unknownFields: true })
    const fast = setUp()
    const slow = setUp()
    fc.assert(
      fc.property(fc.nat(frame.length), fc.nat(frame.length - 1), fc.nat(255), (length, at, byte) => {
        const broken = Buffer.from(frame.subarray(0, length))
        if (at < length) broken[at] = byte
        const kind = fast.decode(broken)
        if (kind !== mexcFrameKind.book) return
        // Only the wrapper's texts are read more leniently: what is no UTF-8 there is of no consequence.
        if (slow.decodeSlowly(broken) === mexcFrameKind.book) expect(readBook(fast, btc)).toEqual(readBook(slow, btc))
      }),
      { numRuns: 3_000 },
    )
  })

  it('takes nothing of what stands before and behind a frame for its own', () => {
    const frame = createPushFrame('BTCUSDT', book, { unknownFields: true })
    const among = Buffer.concat([frame, frame, frame])
    const [inside, alone] = [setUp(), setUp()]
    for (let length = 0; length <= frame.length; length++) {
      const kind = alone.decode(Buffer.from(frame.subarray(0, length)))
      expect(inside.decode(among, frame.length, frame.length + length)).toBe(kind)
      if (kind === mexcFrameKind.book) expect(readBook(inside, btc)).toEqual(readBook(alone, btc))
    }
    expect(inside.slowFrames).toBe(alone.slowFrames)
    expect(inside.decode(Buffer.from('{'), 0, 0)).toBe(alone.decode(Buffer.alloc(0)))
  })

  it('reads every number as exact decimals do', () => {
    const price = fc
      .tuple(fc.nat(999_999_999), fc.nat(99))
      .map(([whole, cents]) => `${whole}.${String(cents).padStart(2, '0')}`)
    const quantity = fc
      .tuple(fc.nat(9_999_999), fc.nat(99_999_999))
      .map(([whole, rest]) => `${whole}.${String(rest).padStart(8, '0')}`)
    fc.assert(
      fc.property(price, quantity, (p, q) => {
        const decoder = setUp()
        const frame = createPushFrame('BTCUSDT', { ...book, bids: [{ price: p, quantity: q }], asks: [] })
        expect(decoder.decode(frame)).toBe(mexcFrameKind.book)
        const expected = [btc.priceToTicks(Decimal.parse(p), 'exact'), btc.quantityToLots(Decimal.parse(q), 'exact')]
        expect([decoder.changes.priceTicks[0], decoder.changes.quantityLots[0]]).toEqual(expected)
      }),
    )
  })
})
