import { createAssetId, Decimal, Instrument, OrderBook, type MarketType } from '@cex-arbitrage/common'
import type { CaptureRecord, CaptureReplay, ReplayedBook } from '../../interfaces/capture-replay.js'
import { BookSyncTally } from '../../synchronization/book-sync-tally.js'
import type { BookSynchronizer, BookSyncHost } from '../../synchronization/book-synchronizer.js'
import { readLevel, type GateioLevels } from './book-levels.js'
import { createGateioBookSync } from './book-sync.js'
import { bookChannels, gateioExchangeId, type GateioBookFeed } from './constants.js'
import { parseJson } from '../../decoding/lossless-json.js'
import { GateioMarketDataDecoder, gateioFrameKind } from './market-data-decoder.js'
import { gateioBookUpdateSchema, gateioFrameSchema, gateioOrderBookSchema } from './schemas.js'
import { parseGateioSymbol } from './symbols.js'

const usPerSecond = 1_000_000
/** The connection of a capture; it has one. */
const captureEpoch = 1

/** Decimals that the texts of one instrument show. */
interface ObservedGrid {
  priceDecimals: number
  quantityDecimals: number
  feed: GateioBookFeed
}

interface ReplayedInstrument {
  readonly book: OrderBook
  readonly sync: BookSynchronizer
  readonly tally: BookSyncTally
}

/** A queried book of a capture. */
interface CapturedSnapshot {
  readonly exchangeSymbol: string
  readonly sequence: number
  readonly exchangeTimeMs: number
  readonly levels: GateioLevels
}

/**
 * Replays recorded traffic of one market through the decoder and the book synchronisation that live feeds use.
 *
 * A capture has no instrument rows, so records are kept and read twice when the books are asked for: once for the
 * decimals that each instrument's texts show, once for the books. Queried books are taken as they come, also those that
 * nobody waits for, the way a recorder asked for them.
 */
export class GateioCaptureReplay implements CaptureReplay {
  private readonly records: CaptureRecord[] = []
  private replayed: readonly ReplayedBook[] | undefined
  private readonly market: 'spot' | 'futures'

  constructor(marketType: MarketType = 'spot') {
    this.market = marketType === 'futures' ? 'futures' : 'spot'
  }

  accept(record: CaptureRecord): void {
    if (record.dir !== 'in') return
    this.records.push(record)
    this.replayed = undefined
  }

  books(onBook?: (book: OrderBook) => void): readonly ReplayedBook[] {
    if (onBook !== undefined) return new Replay(this.market, this.records, onBook).run()
    return (this.replayed ??= new Replay(this.market, this.records).run())
  }
}

/** One run over all records. */
class Replay implements BookSyncHost {
  private readonly decoder: GateioMarketDataDecoder
  private readonly instruments: ReplayedInstrument[] = []

  constructor(
    private readonly market: 'spot' | 'futures',
    private readonly records: readonly CaptureRecord[],
    private readonly listener?: (book: OrderBook) => void,
  ) {
    this.decoder = new GateioMarketDataDecoder(market)
  }

  run(): readonly ReplayedBook[] {
    for (const [exchangeSymbol, grid] of this.observeGrids()) this.addInstrument(exchangeSymbol, grid)
    for (const record of this.records) {
      const receivedAtUs = record.ts * usPerSecond
      if (record.kind === 'http') this.replaySnapshot(record, receivedAtUs)
      else this.replayFrame(record, receivedAtUs)
    }
    return this.instruments.map(({ book, tally }) => ({
      book,
      applied: tally.applied,
      dropped: tally.dropped,
      gaps: tally.gaps,
    }))
  }

  /** Snapshots come when the recorder asked for them. */
  requestSnapshot(): void {}

  onBook(book: OrderBook): void {
    this.listener?.(book)
  }

  private addInstrument(exchangeSymbol: string, grid: ObservedGrid): void {
    const { symbol, base, quote } = parseGateioSymbol(exchangeSymbol)
    const instrument = new Instrument({
      exchange: gateioExchangeId,
      marketType: this.market,
      symbol,
      base: createAssetId(base),
      quote: createAssetId(quote),
      exchangeSymbol,
      tickSize: Decimal.of(1n, grid.priceDecimals),
      lotSize: Decimal.of(1n, grid.quantityDecimals),
      priceDecimals: grid.priceDecimals,
      quantityDecimals: grid.quantityDecimals,
      fees: { maker: Decimal.zero, taker: Decimal.zero, assetRule: 'received' },
      status: 'trading',
    })
    this.decoder.addInstrument(instrument)
    const book = new OrderBook(instrument)
    const tally = new BookSyncTally()
    const sync = createGateioBookSync(book, grid.feed, tally, this)
    sync.onConnected(captureEpoch)
    this.instruments.push({ book, sync, tally })
  }

  private replayFrame(record: CaptureRecord, receivedAtUs: number): void {
    const kind = this.decoder.decode(Buffer.from(record.body, 'utf8'))
    const sync = this.instruments[this.decoder.instrumentIndex]?.sync
    if (kind === gateioFrameKind.book) sync?.onChanges(this.decoder.changes, receivedAtUs)
    else if (kind === gateioFrameKind.corrupt) sync?.onCorrupt()
  }

  private replaySnapshot(record: CaptureRecord, receivedAtUs: number): void {
    const snapshot = readSnapshot(record, this.market)
    if (snapshot === undefined) return
    const { exchangeSymbol, levels, sequence, exchangeTimeMs } = snapshot
    const index = this.decoder.indexOf(exchangeSymbol)
    const sync = this.instruments[index]!.sync
    // A quiet market may have sent no frame that asks for the snapshot.
    sync.onQuiet()
    const kind = this.decoder.loadSnapshot(index, levels, sequence, exchangeTimeMs)
    if (kind === gateioFrameKind.book) sync.onSnapshot(this.decoder.changes, receivedAtUs)
  }

  /** Instruments in order of appearance, with the finest decimals of their texts. */
  private observeGrids(): Map<string, ObservedGrid> {
    const grids = new Map<string, ObservedGrid>()
    for (const record of this.records) {
      if (record.kind === 'http') {
        const snapshot = readSnapshot(record, this.market)
        if (snapshot !== undefined) observe(grids, snapshot.exchangeSymbol, snapshot.levels, undefined)
        continue
      }
      const update = readUpdate(record.body, this.market)
      if (update !== undefined) observe(grids, update.exchangeSymbol, update.levels, update.feed)
    }
    return grids
  }
}

function observe(
  grids: Map<string, ObservedGrid>,
  exchangeSymbol: string,
  levels: GateioLevels,
  feed: GateioBookFeed | undefined,
): void {
  const grid = grids.get(exchangeSymbol) ?? { priceDecimals: 0, quantityDecimals: 0, feed: '100ms' }
  if (feed !== undefined) grid.feed = feed
  for (const side of [levels.bids, levels.asks]) {
    for (const level of side) {
      const [price, quantity] = readLevel(level)
      grid.priceDecimals = Math.max(grid.priceDecimals, decimalsOf(price))
      grid.quantityDecimals = Math.max(grid.quantityDecimals, decimalsOf(quantity))
    }
  }
  grids.set(exchangeSymbol, grid)
}

/** Decimals of a number's text; 0 where it is none, which the decoder refuses later. */
const decimalsOf = (text: string): number => Decimal.tryParse(text)?.decimals ?? 0

function readUpdate(
  body: string,
  market: 'spot' | 'futures',
): { readonly exchangeSymbol: string; readonly levels: GateioLevels; readonly feed: GateioBookFeed } | undefined {
  const frame = gateioFrameSchema.safeParse(parseOrUndefined(body))
  if (!frame.success || (frame.data.event ?? 'update') !== 'update') return undefined
  const { update, obu } = bookChannels[market]
  if (frame.data.channel !== update && frame.data.channel !== obu) return undefined
  const parsed = gateioBookUpdateSchema.safeParse(frame.data.result)
  if (!parsed.success) return undefined
  const { s, b, a, l } = parsed.data
  const levels = { bids: b ?? [], asks: a ?? [] }
  const isObu = frame.data.channel === obu
  const exchangeSymbol = isObu ? s.slice('ob.'.length, s.lastIndexOf('.')) : s
  if (!isSymbol(exchangeSymbol)) return undefined
  if (!isObu) return { exchangeSymbol, levels, feed: l === '20' ? '20ms' : '100ms' }
  return { exchangeSymbol, levels, feed: s.endsWith('.50') ? 'obu-50' : 'obu-400' }
}

function readSnapshot(record: CaptureRecord, market: 'spot' | 'futures'): CapturedSnapshot | undefined {
  const url = URL.canParse(record.url) ? new URL(record.url) : undefined
  if (url === undefined || !url.pathname.endsWith('/order_book')) return undefined
  if (url.pathname.includes('/futures/') !== (market === 'futures')) return undefined
  const exchangeSymbol = url.searchParams.get(market === 'futures' ? 'contract' : 'currency_pair')
  const parsed = gateioOrderBookSchema.safeParse(parseOrUndefined(record.body))
  if (exchangeSymbol === null || !isSymbol(exchangeSymbol) || !parsed.success) return undefined
  const { id, bids, asks, update } = parsed.data
  const exchangeTimeMs =
    update === undefined || update === null ? record.ts * 1000 : market === 'futures' ? update * 1000 : update
  return { exchangeSymbol, sequence: id, exchangeTimeMs: Math.round(exchangeTimeMs), levels: { bids, asks } }
}

const isSymbol = (text: string): boolean => /^.+_[^_]+$/.test(text)

function parseOrUndefined(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** The replay of spot captures. */
export class GateioSpotCaptureReplay extends GateioCaptureReplay {
  constructor() {
    super('spot')
  }
}

/** The replay of futures captures; quantities are contracts. */
export class GateioFuturesCaptureReplay extends GateioCaptureReplay {
  constructor() {
    super('futures')
  }
}
