import { Decimal } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  brokenNumber,
  copyDecodedBook,
  expectedLevel,
  numberText,
  type DecodedBook,
  type SpelledLevel,
} from '../../testing/decoded-book.js'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { GateioMarketDataDecoder, gateioFrameKind, type GateioFrameKind } from './market-data-decoder.js'

const grids = { tickSize: Decimal.parse('0.01'), lotSize: Decimal.parse('0.0001') }
const instruments = ['BTC_USDT', '币安人生_USDT', 'A_B'].map((exchangeSymbol) =>
  createTestInstrument({ exchangeSymbol, ...grids }),
)
const setUp = (): GateioMarketDataDecoder => {
  const decoder = new GateioMarketDataDecoder('spot')
  for (const each of instruments) decoder.addInstrument(each)
  return decoder
}

/** A JSON value by its text, so that numbers keep their spelling and members their order and repetitions. */
interface Written {
  readonly text: string
}
const written = (value: unknown): Written => ({ text: JSON.stringify(value) })
const list = (items: readonly Written[], gap: string): Written => ({
  text: `[${gap}${items.map((each) => each.text).join(`${gap},${gap}`)}${gap}]`,
})
const object = (members: readonly (readonly [string, Written])[], gap: string): Written => ({
  text: `{${gap}${members.map(([key, value]) => `${JSON.stringify(key)}${gap}:${gap}${value.text}`).join(`${gap},${gap}`)}${gap}}`,
})
/** Every UTF-16 unit by its number. */
const escaped = (value: string): Written => ({
  text: `"${value.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`,
})

const numberOrBroken = fc.oneof({ weight: 60, arbitrary: numberText }, { weight: 1, arbitrary: brokenNumber })
const level: fc.Arbitrary<Written> = fc
  .tuple(numberText, numberText, fc.integer({ min: 0, max: 40 }), numberOrBroken)
  .map(([price, quantity, spelling, odd]) => {
    const [p, s] = [written(price), written(quantity)]
    if (spelling === 0)
      return object(
        [
          ['p', p],
          ['s', s],
        ],
        '',
      )
    if (spelling === 1)
      return object(
        [
          ['s', { text: '12' }],
          ['p', p],
        ],
        '',
      )
    if (spelling === 2) return list([p, { text: '3.5' }], '')
    if (spelling === 3) return list([p, s, written('more')], '')
    if (spelling === 4) return list([written(odd), s], '')
    if (spelling === 5) return list([p, written(odd)], '')
    return list([p, s], '')
  })
const levels = fc.array(level, { maxLength: 6 })
const extra: fc.Arbitrary<readonly [string, Written]> = fc.tuple(
  fc.constantFrom('new', 'E', 'e', 'l', 'x"y', 'bb', '币', 'conn_id', '\\'),
  fc
    .oneof(
      fc.constantFrom(
        '0',
        '-1.5',
        '1e5',
        '1E-3',
        'true',
        'false',
        'null',
        '[]',
        '{}',
        '[[1,"]"],{"s":"x"}]',
        '{"u":7}',
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }).map((value) => JSON.stringify(value)),
    )
    .map((text) => ({ text })),
)
const symbol = fc.constantFrom('BTC_USDT', 'BTC_USDT', '币安人生_USDT', 'A_B', 'ETH_USDT')

/** A frame of a book channel, its members in any order, with and without what is new. */
const frame: fc.Arbitrary<string> = fc
  .record({
    channel: fc.constantFrom('spot.order_book_update', 'spot.obu', 'spot.trades'),
    event: fc.constantFrom(undefined, 'update', 'update', 'update', 'subscribe'),
    name: symbol,
    first: fc.integer({ min: 0, max: 1_000 }),
    span: fc.integer({ min: -1, max: 30 }),
    far: fc.constantFrom(0, 0, 0, 9_649_549_000, 2 ** 53 - 2_000, 2 ** 53),
    timeMs: fc.integer({ min: 0, max: 2 ** 41 }),
    full: fc.constantFrom(undefined, undefined, true, false, null),
    bids: fc.option(levels, { nil: undefined }),
    asks: fc.option(levels, { nil: undefined }),
    gap: fc.constantFrom('', '', '', '', '', ' ', '\n\t'),
    spelling: fc.constantFrom('plain', 'plain', 'plain', 'plain', 'escaped', 'text counters'),
    hasFirst: fc.integer({ min: 0, max: 20 }).map((n) => n > 0),
    extras: fc.array(extra, { maxLength: 2 }),
    outer: fc.array(extra, { maxLength: 2 }),
    order: fc.constantFrom('usual', 'usual', 'any'),
    seeds: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
  })
  .map((of) => {
    const number = (value: number): Written => ({
      text: of.spelling === 'text counters' ? `"${value}"` : String(value),
    })
    const name = of.channel === 'spot.obu' ? `ob.${of.name}.50` : of.name
    const result: (readonly [string, Written])[] = [
      ['t', number(of.timeMs)],
      ...(of.full === undefined ? [] : [['full', written(of.full)] as const]),
      ['s', of.spelling === 'escaped' ? escaped(name) : written(name)],
      ...(of.hasFirst ? [['U', number(of.first + of.far)] as const] : []),
      ['u', number(of.first + of.far + of.span)],
      ...(of.bids === undefined ? [] : [['b', list(of.bids, of.gap)] as const]),
      ...(of.asks === undefined ? [] : [['a', list(of.asks, of.gap)] as const]),
      ...of.extras,
    ]
    const envelope: (readonly [string, Written])[] = [
      ['time', { text: '1755000000' }],
      ['channel', written(of.channel)],
      ...(of.event === undefined ? [] : [['event', written(of.event)] as const]),
      ['result', object(shuffled(result, of), of.gap)],
      ...of.outer,
    ]
    return object(shuffled(envelope, of), of.gap).text
  })

function shuffled<T>(
  items: readonly T[],
  of: { readonly order: string; readonly seeds: readonly number[] },
): readonly T[] {
  if (of.order === 'usual') return items
  return items
    .map((item, i) => ({ item, by: of.seeds[i % 20]! }))
    .toSorted((a, b) => a.by - b.by)
    .map(({ item }) => item)
}

interface Expected {
  readonly kind: GateioFrameKind
  readonly book?: DecodedBook
}

/** The slow way, by `JSON.parse` and exact arithmetic alone; for frames whose counters are below 2^53. */
function readSlowly(text: string): Expected {
  const { channel, event, result } = JSON.parse(text) as {
    readonly channel: string
    readonly event?: string
    readonly result: Readonly<Record<string, unknown>>
  }
  if (channel === 'spot.trades' || (event ?? 'update') !== 'update') return { kind: gateioFrameKind.message }
  const name = String(result['s'])
  const instrument = instruments.find((each) => each.exchangeSymbol === name.replace(/^ob\.(.*)\.50$/, '$1'))
  if (instrument === undefined) return { kind: gateioFrameKind.foreign }
  const isSnapshot = result['full'] === true
  const last = Number(result['u'])
  const first = result['U'] === undefined && isSnapshot ? last : Number(result['U'])
  if (!Number.isSafeInteger(last) || !Number.isSafeInteger(first) || first > last || last < 0) return corrupt
  const sides = ['b', 'a'].map((side) =>
    ((result[side] ?? []) as readonly (readonly unknown[] | Readonly<Record<'p' | 's', unknown>>)[]).map((each) => {
      const [price, quantity] = 'p' in each ? [each.p, each.s] : each
      return expectedLevel(instrument, [String(price), String(quantity)] as SpelledLevel)
    }),
  )
  if (sides.flat().includes(undefined)) return corrupt
  const [bids, asks] = sides as unknown as [DecodedBook['bids'], DecodedBook['asks']]
  const book = { bids, asks, first, last, timeMs: Number(result['t']), isSnapshot }
  return { kind: gateioFrameKind.book, book }
}
const corrupt: Expected = { kind: gateioFrameKind.corrupt }

function read(decoder: GateioMarketDataDecoder, bytes: Buffer, start = 0, end = bytes.length): Expected {
  const kind = decoder.decode(bytes, start, end)
  return kind === gateioFrameKind.book ? { kind, book: copyDecodedBook(decoder.changes) } : { kind }
}

const runs = { numRuns: 2_000, seed: 20_261_124 }

describe('the decoder of Gate.io', () => {
  it('reads what JSON and exact arithmetic read, whatever the frame looks like', () => {
    const decoder = setUp()
    fc.assert(
      fc.property(frame, (text) => {
        const expected = readSlowly(text)
        const given = read(decoder, Buffer.from(text))
        // A frame of nobody's book that is damaged besides is of no concern either way.
        if (expected.kind === gateioFrameKind.foreign && given.kind === gateioFrameKind.corrupt) return
        expect(given).toEqual(expected)
      }),
      runs,
    )
    expect(decoder.slowFrames).toBeGreaterThan(0)
  })

  it('reads a frame of a run of others as it reads it alone', () => {
    const decoder = setUp()
    fc.assert(
      fc.property(fc.array(frame, { minLength: 2, maxLength: 6 }), (texts) => {
        const bytes = Buffer.from(texts.join(''))
        let start = 0
        for (const text of texts) {
          const end = start + Buffer.byteLength(text)
          expect(read(decoder, bytes, start, end)).toEqual(read(setUp(), Buffer.from(text)))
          start = end
        }
      }),
      { ...runs, numRuns: 300 },
    )
  })

  it('takes no part of a frame for a book', () => {
    const decoder = setUp()
    fc.assert(
      fc.property(frame, fc.nat(), (text, at) => {
        const bytes = Buffer.from(text)
        const given = read(decoder, bytes, 0, at % bytes.length)
        expect(given.kind).toBe(gateioFrameKind.corrupt)
      }),
      runs,
    )
  })

  it('takes a member that comes twice as JSON does: the last counts', () => {
    const decoder = setUp()
    const members = ['"t":5', '"full":true', '"s":"BTC_USDT"', '"U":3', '"u":4', '"b":[["2","1"]]', '"a":[["3","1"]]']
    const others = ['"t":6', '"full":false', '"s":"A_B"', '"U":2', '"u":5', '"b":[["1","1"]]', '"a":[["4","1"]]']
    const outer = ['"channel":"spot.order_book_update"', '"event":"update"']
    const others2 = ['"channel":"spot.obu"', '"channel":"spot.trades"', '"event":"subscribe"', '"event":"update"']
    for (const other of others)
      for (const result of [
        [...members, other],
        [other, ...members],
      ]) {
        const text = `{${outer.join(',')},"result":{${result.join(',')}}}`
        expect(read(decoder, Buffer.from(text)), text).toEqual(readSlowly(text))
      }
    for (const other of others2)
      for (const envelope of [
        [...outer, other],
        [other, ...outer],
      ]) {
        const text = `{${envelope.join(',')},"result":{${members.join(',')}}}`
        expect(read(decoder, Buffer.from(text)), text).toEqual(readSlowly(text))
        const behind = `{${outer.join(',')},"result":{${members.join(',')}},${other}}`
        expect(read(decoder, Buffer.from(behind)), behind).toEqual(readSlowly(behind))
      }
  })
})
