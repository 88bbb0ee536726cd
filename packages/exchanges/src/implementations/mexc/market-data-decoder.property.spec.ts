import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import {
  brokenNumber,
  copyDecodedBook,
  expectedLevel,
  numberText,
  type DecodedBook,
} from '../../testing/decoded-book.js'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { MexcMarketDataDecoder, mexcFrameKind, type MexcFrameKind } from './market-data-decoder.js'

const schema = readFileSync(new URL('wire/push-data.proto', import.meta.url), 'utf8')
const wrapper = protobuf.parse(schema, { keepCase: true }).root.lookupType('PushDataV3ApiWrapper')

const instruments = ['BTCUSDT', '币安人生USDT'].map((exchangeSymbol) => createTestInstrument({ exchangeSymbol }))
const setUp = (): MexcMarketDataDecoder => {
  const decoder = new MexcMarketDataDecoder()
  for (const each of instruments) decoder.addInstrument(each)
  return decoder
}

/** A varint in `padding` more bytes than it needs. */
function varint(value: bigint, padding = 0): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  for (let i = 0; i < padding && bytes.length < 10; i++) {
    bytes[bytes.length - 1]! |= 0x80
    bytes.push(0)
  }
  return Buffer.from(bytes)
}

interface Padding {
  readonly tag: number
  readonly length: number
}
const plain: Padding = { tag: 0, length: 0 }

const field = (number: number, payload: Buffer | string, padding = plain): Buffer => {
  const bytes = Buffer.from(payload as string)
  const tag = varint(BigInt(number * 8 + 2), padding.tag)
  return Buffer.concat([tag, varint(BigInt(bytes.length), padding.length), bytes])
}
const integer = (number: number, value: bigint, padding = plain): Buffer =>
  Buffer.concat([varint(BigInt(number * 8), padding.tag), varint(value, padding.length)])

const padding: fc.Arbitrary<Padding> = fc.oneof(
  { weight: 30, arbitrary: fc.constant(plain) },
  { weight: 1, arbitrary: fc.record({ tag: fc.nat(3), length: fc.nat(3) }) },
)

/** A field that no schema knows, of any wire type. */
const unknown: fc.Arbitrary<Buffer> = fc
  .tuple(fc.constantFrom(7, 15, 16, 99, 300, 2_047, 100_000), fc.nat(4), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n))
  .map(([number, kind, value]) => {
    if (kind === 0) return integer(number, value)
    if (kind === 1) return Buffer.concat([varint(BigInt(number * 8 + 1)), Buffer.alloc(8, Number(value & 0xffn))])
    if (kind === 2) return Buffer.concat([varint(BigInt(number * 8 + 5)), Buffer.alloc(4, Number(value & 0xffn))])
    // Packed numbers look like a text, and a text may look like fields of ours.
    if (kind === 3) return field(number, Buffer.concat([varint(value), varint(1n), varint(-1n)]))
    return field(number, field(1, '1.5'))
  })

const number = fc.oneof({ weight: 80, arbitrary: numberText }, { weight: 1, arbitrary: brokenNumber })
const level: fc.Arbitrary<Buffer> = fc
  .tuple(number, number, padding, fc.integer({ min: 0, max: 60 }), unknown)
  .map(([price, quantity, pad, shape, extra]) => {
    const [p, q] = [field(1, price, pad), field(2, quantity)]
    if (shape === 0) return Buffer.concat([q, p])
    if (shape === 1) return Buffer.concat([p, extra, q])
    if (shape === 2) return p
    if (shape === 3) return Buffer.concat([field(1, '7'), p, q])
    return Buffer.concat([p, q])
  })
const version = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1_000, max: 100_000 }).map(String) },
  { weight: 10, arbitrary: fc.constantFrom('10589632359', '9007199254740991', '007') },
  { weight: 1, arbitrary: fc.constantFrom('9007199254740992', '', '1a', '-1', '18446744073709551615') },
)

/** A push of a book, its fields in any order and spelling that protobuf allows. */
const push: fc.Arbitrary<Buffer> = fc
  .record({
    symbol: fc.constantFrom('BTCUSDT', 'BTCUSDT', '币安人生USDT', 'ETHUSDT'),
    asks: fc.array(fc.tuple(level, padding), { maxLength: 5 }),
    bids: fc.array(fc.tuple(level, padding), { maxLength: 5 }),
    versions: fc.tuple(version, version),
    sendTime: fc.option(fc.bigInt(0n, 2n ** 41n), { nil: undefined }),
    createTime: fc.option(fc.bigInt(0n, 2n ** 41n), { nil: undefined }),
    bodyExtras: fc.array(unknown, { maxLength: 2 }),
    extras: fc.array(unknown, { maxLength: 2 }),
    paddings: fc.array(padding, { minLength: 6, maxLength: 6 }),
    order: fc.constantFrom('usual', 'usual', 'any'),
    seeds: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
  })
  .map((of) => {
    const shuffled = (fields: readonly Buffer[]): Buffer => {
      if (of.order === 'usual') return Buffer.concat(fields)
      const ordered = fields.map((each, i) => ({ each, by: of.seeds[i % 12]! })).toSorted((a, b) => a.by - b.by)
      return Buffer.concat(ordered.map(({ each }) => each))
    }
    const [channel, name, time, body, from, to] = of.paddings as [Padding, Padding, Padding, Padding, Padding, Padding]
    const depths = shuffled([
      ...of.asks.map(([each, pad]) => field(1, each, pad)),
      ...of.bids.map(([each, pad]) => field(2, each, pad)),
      field(3, 'spot@public.aggre.depth.v3.api.pb@100ms'),
      field(4, of.versions[0], from),
      field(5, of.versions[1], to),
      ...of.bodyExtras,
    ])
    return shuffled([
      field(1, `spot@public.aggre.depth.v3.api.pb@100ms@${of.symbol}`, channel),
      field(3, of.symbol, name),
      ...(of.createTime === undefined ? [] : [integer(5, of.createTime)]),
      ...(of.sendTime === undefined ? [] : [integer(6, of.sendTime, time)]),
      ...of.extras,
      field(313, depths, body),
    ])
  })

interface Expected {
  readonly kind: MexcFrameKind
  readonly book?: DecodedBook
}
const corrupt: Expected = { kind: mexcFrameKind.corrupt }

interface Depths {
  readonly asks?: readonly { readonly price?: string; readonly quantity?: string }[]
  readonly bids?: readonly { readonly price?: string; readonly quantity?: string }[]
  readonly fromVersion?: string
  readonly toVersion?: string
}

/** The slow way, by protobufjs and exact arithmetic alone. */
function readSlowly(frame: Buffer): Expected {
  const message = wrapper.toObject(wrapper.decode(frame), { longs: Number }) as {
    readonly symbol?: string
    readonly sendTime?: number
    readonly publicAggreDepths: Depths
  }
  const { asks = [], bids = [], fromVersion = '', toVersion = '' } = message.publicAggreDepths
  const instrument = instruments.find((each) => each.exchangeSymbol === message.symbol)
  if (instrument === undefined) return { kind: mexcFrameKind.foreign }
  const [first, last] = [Number(fromVersion), Number(toVersion)]
  const isVersion = (text: string): boolean => /^\d+$/.test(text) && Number.isSafeInteger(Number(text))
  if (!isVersion(fromVersion) || !isVersion(toVersion) || first > last) return corrupt
  const read = (side: typeof asks) =>
    side.map(({ price = '', quantity = '' }) => expectedLevel(instrument, [price, quantity]))
  const sides = { bids: read(bids), asks: read(asks) }
  if ([...sides.bids, ...sides.asks].includes(undefined)) return corrupt
  const book = { ...sides, first, last, timeMs: message.sendTime ?? 0, isSnapshot: false } as DecodedBook
  return { kind: mexcFrameKind.book, book }
}

function read(decoder: MexcMarketDataDecoder, bytes: Buffer, start = 0, end = bytes.length): Expected {
  const kind = decoder.decode(bytes, start, end)
  return kind === mexcFrameKind.book ? { kind, book: copyDecodedBook(decoder.changes) } : { kind }
}

/** What is nobody's book may be found damaged or not. */
function expectSame(given: Expected, expected: Expected): void {
  if (expected.kind === mexcFrameKind.foreign && given.kind === mexcFrameKind.corrupt) return
  expect(given).toEqual(expected)
}

const runs = { numRuns: 2_000, seed: 20_261_124 }

describe('the decoder of MEXC', () => {
  it('reads what protobufjs and exact arithmetic read, whatever the frame looks like', () => {
    const decoder = setUp()
    fc.assert(
      fc.property(push, (frame) => expectSame(read(decoder, frame), readSlowly(frame))),
      runs,
    )
    expect(decoder.slowFrames).toBeGreaterThan(0)
  })

  it('reads a frame of a run of others as it reads it alone', () => {
    const decoder = setUp()
    fc.assert(
      fc.property(fc.array(push, { minLength: 2, maxLength: 6 }), (frames) => {
        const bytes = Buffer.concat(frames)
        let start = 0
        for (const frame of frames) {
          expect(read(decoder, bytes, start, start + frame.length)).toEqual(read(setUp(), frame))
          start += frame.length
        }
      }),
      { ...runs, numRuns: 300 },
    )
  })

  it('reads a frame that ends too soon as protobufjs does, or refuses it', () => {
    const decoder = setUp()
    fc.assert(
      fc.property(push, fc.nat(), (frame, at) => {
        const part = frame.subarray(0, at % frame.length)
        const given = read(decoder, part)
        if (given.kind !== mexcFrameKind.book) return
        expect(given).toEqual(readSlowly(part))
      }),
      runs,
    )
  })
})
