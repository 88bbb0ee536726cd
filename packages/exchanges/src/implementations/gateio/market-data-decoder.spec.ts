import { readdirSync, readFileSync } from 'node:fs'
import {
  type BookChanges,
  createAssetId,
  createExchangeId,
  Decimal,
  Instrument,
  parseSymbol,
} from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../decoding/lossless-json.js'
import { GateioMarketDataDecoder, gateioFrameKind } from './market-data-decoder.js'

const fixture = (name: string): Buffer =>
  Buffer.from(readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8').trim())

function instrumentOf(exchangeSymbol: string, priceDecimals: number, quantityDecimals: number): Instrument {
  const { symbol } = parseSymbol(exchangeSymbol.replace('_', '/'))
  return new Instrument({
    exchange: createExchangeId('gateio'),
    marketType: 'spot',
    symbol,
    base: createAssetId('B'),
    quote: createAssetId('Q'),
    exchangeSymbol,
    tickSize: Decimal.of(1n, priceDecimals),
    lotSize: Decimal.of(1n, quantityDecimals),
    fees: { maker: Decimal.zero, taker: Decimal.zero, assetRule: 'received' },
    status: 'trading',
  })
}

function decoderOf(market: 'spot' | 'futures', priceDecimals = 4, quantityDecimals = 4): GateioMarketDataDecoder {
  const decoder = new GateioMarketDataDecoder(market)
  for (const symbol of ['BTC_USDT', 'XRP_USDT', 'RDNT_USDT', '币安人生_USDT'])
    decoder.addInstrument(instrumentOf(symbol, priceDecimals, quantityDecimals))
  return decoder
}

const contentOf = (changes: BookChanges): unknown => ({
  bids: levels(changes, 0, changes.bidEnd),
  asks: levels(changes, changes.bidEnd, changes.askEnd),
  first: changes.firstSequence,
  last: changes.lastSequence,
  time: changes.exchangeTimeMs,
  isSnapshot: changes.isSnapshot,
})
const levels = (changes: BookChanges, from: number, to: number): number[][] =>
  Array.from({ length: to - from }, (_, i) => [changes.priceTicks[from + i]!, changes.quantityLots[from + i]!])

/** Decodes both ways, checks that they agree and that the fast path took it, and gives the content. */
function decodeBothWays(decoder: GateioMarketDataDecoder, frame: Buffer): unknown {
  const slowBefore = decoder.slowFrames
  const kind = decoder.decode(frame)
  expect(decoder.slowFrames).toBe(slowBefore)
  const index = decoder.instrumentIndex
  const content = kind === gateioFrameKind.book ? contentOf(decoder.changes) : undefined
  expect(decoder.decodeSlowly(frame)).toBe(kind)
  expect(decoder.instrumentIndex).toBe(index)
  if (kind === gateioFrameKind.book) expect(contentOf(decoder.changes)).toEqual(content)
  return content
}

const spotFrame = (result: string): Buffer =>
  Buffer.from(`{"time":1,"time_ms":1000,"channel":"spot.order_book_update","event":"update","result":${result}}`)
const futuresFrame = (result: string): Buffer =>
  Buffer.from(`{"time":1,"time_ms":1000,"channel":"futures.order_book_update","event":"update","result":${result}}`)

describe('GateioMarketDataDecoder', () => {
  it('reads a spot update', () => {
    expect(decodeBothWays(decoderOf('spot'), fixture('ws-book-update.json'))).toEqual({
      bids: [
        [191_377_400, 1],
        [190_883_700, 0],
      ],
      asks: [[191_377_500, 6135]],
      first: 48_776_301,
      last: 48_776_306,
      time: 1_606_294_781_123,
      isSnapshot: true,
    })
  })

  it('reads the snapshot and the increment of obu, spot and futures', () => {
    const decoder = decoderOf('spot')
    expect(decodeBothWays(decoder, fixture('ws-obu-full.json'))).toMatchObject({
      isSnapshot: true,
      last: 9_649_549_324,
    })
    expect(decoder.instrumentIndex).toBe(1)
    expect(decodeBothWays(decoder, fixture('ws-obu-update.json'))).toMatchObject({
      isSnapshot: false,
      first: 73_777_715_169,
      asks: [[1_040_272_000, 0]],
    })
    expect(decodeBothWays(decoderOf('futures'), fixture('ws-futures-obu-update.json'))).toMatchObject({ asks: [] })
  })

  it('reads futures levels in any order of keys, before the symbol, whole or as text', () => {
    const decoder = decoderOf('futures')
    expect(decodeBothWays(decoder, fixture('ws-futures-book-update.json'))).toMatchObject({ asks: [[2983, 0]] })
    const frame = futuresFrame(
      '{"U":7,"a":[{"s":16,"p":"0.3047"},{"p":"0.2992","s":"1.5"}],"b":[{"p":"0.29","s":3}],"s":"RDNT_USDT","t":5,"u":9}',
    )
    expect(decodeBothWays(decoder, frame)).toEqual({
      bids: [[2900, 30_000]],
      asks: [
        [3047, 160_000],
        [2992, 15_000],
      ],
      first: 7,
      last: 9,
      time: 5,
      isSnapshot: false,
    })
  })

  it('takes asks that stand before bids, and sides that are missing', () => {
    const decoder = decoderOf('spot')
    expect(
      decodeBothWays(decoder, spotFrame('{"t":5,"s":"BTC_USDT","U":1,"u":2,"a":[["3","1"]],"b":[["2","1"]]}')),
    ).toMatchObject({ bids: [[20_000, 10_000]], asks: [[30_000, 10_000]] })
    expect(decodeBothWays(decoder, spotFrame('{"t":5,"s":"BTC_USDT","U":1,"u":2,"a":[["3","1"]]}'))).toMatchObject({
      bids: [],
      asks: [[30_000, 10_000]],
    })
    expect(decodeBothWays(decoder, spotFrame('{"t":5,"s":"BTC_USDT","U":1,"u":2}'))).toMatchObject({
      bids: [],
      asks: [],
    })
  })

  it('passes over scalars that are new, and finds symbols that are not ASCII', () => {
    const decoder = decoderOf('spot')
    const frame = Buffer.from(
      '{"time":1,"conn":"x","error":null,"channel":"spot.order_book_update","event":"update","result":' +
        '{"new":-1.5,"t":5,"full":false,"n":true,"z":null,"s":"币安人生_USDT","U":1,"u":2,"b":[],"a":[]},"tail":7}',
    )
    expect(decodeBothWays(decoder, frame)).toMatchObject({ last: 2, isSnapshot: false })
    expect(decoder.instrumentIndex).toBe(3)
  })

  it('takes a shape that is new through the schema, and counts it', () => {
    const decoder = decoderOf('spot')
    for (const frame of [
      spotFrame('{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":[["2","1","extra"]],"a":[],"meta":{"x":[1]}}'),
      spotFrame('{ "t": 5, "s": "BTC_USDT", "U": 1, "u": 2, "b": [["2", "1"]], "a": [] }'),
      Buffer.from(
        '{"result":{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":[["2","1"]]},"event":"update","channel":"spot.order_book_update"}',
      ),
      spotFrame('{"t":"5","s":"BTC_USDT","U":"1","u":"2","b":[["2","1"]],"a":[]}'),
      spotFrame('{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":[["0.2e1","1"]],"a":[]}'),
      spotFrame('{"t":5,"s":"\\u0042TC_USDT","U":1,"u":2,"b":[["2","1"]],"a":[]}'),
      spotFrame('{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":[{"p":"2","s":1,"n":1}],"a":[],"x\\"y":1}'),
      spotFrame('{"t":5,"note":"a\\"b","s":"BTC_USDT","U":1,"u":2,"b":[["2","1"]],"a":[]}'),
    ]) {
      const before = decoder.slowFrames
      expect(decoder.decode(frame)).toBe(gateioFrameKind.book)
      expect(decoder.slowFrames).toBe(before + 1)
      expect(contentOf(decoder.changes)).toMatchObject({ bids: [[20_000, 10_000]], first: 1, last: 2 })
    }
    expect(decoder.corruptFrames).toBe(0)
  })

  it('hands out what is no book push', () => {
    const decoder = decoderOf('spot')
    const books = new Set(['ws-book-update.json', 'ws-obu-full.json', 'ws-obu-update.json'])
    const files = readdirSync(new URL('fixtures', import.meta.url)).filter((name) => name.startsWith('ws-'))
    for (const name of files.filter((each) => !books.has(each))) {
      expect(decoder.decode(fixture(name)), name).toBe(gateioFrameKind.message)
      expect(decoder.message).toEqual(parseJson(fixture(name).toString()))
    }
    expect(decoder.slowFrames).toBe(0)
  })

  it('tells a book of an instrument it does not follow', () => {
    const decoder = decoderOf('spot')
    expect(decodeBothWays(decoder, spotFrame('{"t":5,"s":"ETH_USDT","U":1,"u":2,"b":[["2.00001","1"]],"a":[]}'))).toBe(
      undefined,
    )
    expect(decoder.corruptFrames).toBe(0)
  })

  it.each([
    ['a price off the grid', '{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":[["2.00001","1"]],"a":[]}'],
    ['a futures price off the grid', '{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":[],"a":[{"p":"2.00001","s":1}]}'],
    ['a negative price', '{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":[["-2","1"]],"a":[]}'],
    ['a quantity that is no number', '{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":[["2","NaN"]],"a":[]}'],
    ['a counter beyond 2^53', '{"t":5,"s":"BTC_USDT","U":1,"u":9007199254740993,"b":[],"a":[]}'],
    ['a range that runs backwards', '{"t":5,"s":"BTC_USDT","U":3,"u":2,"b":[],"a":[]}'],
    ['no last counter', '{"t":5,"s":"BTC_USDT","U":1,"b":[],"a":[]}'],
    ['no first counter in an increment', '{"t":5,"s":"BTC_USDT","u":1,"b":[],"a":[]}'],
    ['an empty result', '{}'],
    ['a level cut short', '{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":[["2"]],"a":[]}'],
    ['sides that are no lists', '{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":7,"a":[]}'],
  ])('calls %s corrupt', (_, result) => {
    const decoder = decoderOf('spot')
    expect(decoder.decode(spotFrame(result))).toBe(gateioFrameKind.corrupt)
    expect(decoder.decodeSlowly(spotFrame(result))).toBe(gateioFrameKind.corrupt)
    expect(decoder.corruptFrames).toBe(2)
  })

  it('calls every truncation of a frame corrupt', () => {
    const frame = fixture('ws-book-update.json')
    const decoder = decoderOf('spot')
    for (let length = 0; length < frame.length; length++)
      expect(decoder.decode(frame.subarray(0, length))).toBe(gateioFrameKind.corrupt)
    expect(decoder.corruptFrames).toBe(frame.length)
  })

  it('never reads a damaged frame as another book than the schema does', () => {
    const frames = ['ws-book-update.json', 'ws-obu-update.json'].map(fixture)
    const futures = spotFrame('{"U":7,"a":[{"s":16,"p":"0.3047"}],"b":[],"s":"RDNT_USDT","t":5,"full":true,"u":9}')
    const decoder = decoderOf('spot')
    const wrong: string[] = []
    for (const frame of [...frames, futures])
      for (let at = 0; at < frame.length; at++)
        for (let byte = 32; byte < 127; byte++) {
          const damaged = Buffer.from(frame)
          damaged[at] = byte
          if (decoder.decode(damaged) !== gateioFrameKind.book) continue
          const content = JSON.stringify(contentOf(decoder.changes))
          const kind = decoder.decodeSlowly(damaged)
          if (kind !== gateioFrameKind.book || JSON.stringify(contentOf(decoder.changes)) !== content)
            wrong.push(`'${String.fromCharCode(byte)}' at ${at}: ${damaged.toString()}`)
        }
    expect(wrong).toEqual([])
  })

  it('takes nothing of what stands before and behind a frame for its own', () => {
    const decoder = decoderOf('spot')
    for (const frame of ['ws-book-update.json', 'ws-obu-update.json', 'ws-obu-full.json'].map(fixture)) {
      const among = Buffer.concat([frame, frame, frame])
      const start = frame.length
      expect(decoder.decode(frame)).toBe(gateioFrameKind.book)
      const content = contentOf(decoder.changes)
      expect(decoder.decode(among, start, 2 * start)).toBe(gateioFrameKind.book)
      expect(contentOf(decoder.changes)).toEqual(content)
      expect(decoder.slowFrames).toBe(0)
      for (let length = 0; length < frame.length; length++)
        expect(decoder.decode(among, start, start + length)).toBe(gateioFrameKind.corrupt)
    }
  })

  it('rounds a quantity that is finer than the grid down, and counts it', () => {
    const decoder = decoderOf('spot', 2, 3)
    decoder.decode(spotFrame('{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":[["2","0.00899999"]],"a":[]}'))
    expect(contentOf(decoder.changes)).toMatchObject({ bids: [[200, 8]] })
    expect(decoder.roundedQuantities).toBe(1)
  })

  it('refuses more levels than fit', () => {
    const many = `[${Array.from({ length: 9000 }, (_, i) => `["${i + 1}","1"]`).join(',')}]`
    const decoder = decoderOf('spot')
    expect(decoder.decode(spotFrame(`{"t":5,"s":"BTC_USDT","U":1,"u":2,"b":${many},"a":[]}`))).toBe(
      gateioFrameKind.corrupt,
    )
  })

  it('puts a queried book into the same scratch', () => {
    const decoder = decoderOf('spot')
    const { id, current, bids, asks } = JSON.parse(fixture('rest-order-book.json').toString()) as {
      readonly id: number
      readonly current: number
      readonly bids: [string, string][]
      readonly asks: [string, string][]
    }
    expect(decoder.loadSnapshot(0, { bids, asks }, id, current)).toBe(gateioFrameKind.book)
    expect(contentOf(decoder.changes)).toMatchObject({
      last: 123_456,
      isSnapshot: true,
      asks: [
        [15_200, 11_510],
        [15_300, 12_180],
      ],
    })
    expect(decoder.loadSnapshot(0, { bids: [['x', '1']], asks: [] }, 1, 1)).toBe(gateioFrameKind.corrupt)
    expect(decoder.loadSnapshot(0, { bids: [['1', 'x']], asks: [] }, 1, 1)).toBe(gateioFrameKind.corrupt)
  })
})
