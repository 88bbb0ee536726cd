// What brings book pushes to a best bid and ask: the engine's decoder and synchroniser, and what it is compared with.
import { BookChanges, Decimal, OrderBook } from '@cex-arbitrage/common'
import { BookSyncTally, BookSynchronizer } from '@cex-arbitrage/exchanges'

/** @typedef {import('./book-traffic.mjs').BookState} BookState */
/** @typedef {{ frames: Buffer[], snapshots: BookState[] }} Traffic */

/**
 * Decoder and synchroniser of an exchange. The books of the traffic are wider than a channel's window, so nothing is cut.
 *
 * @param {{ decoder: object, bookKind: number, instrument: import('@cex-arbitrage/common').Instrument, traffic: Traffic }} options
 */
export function createEngineContender({ decoder, bookKind, instrument, traffic: { frames, snapshots } }) {
  decoder.addInstrument(instrument)
  const rules = { streamedDepth: undefined, snapshotDepth: undefined, crossedFramesTolerated: 1, maxBufferedFrames: 9 }
  const host = { requestSnapshot: () => undefined, onBook: () => undefined }
  const changes = snapshots.map((snapshot) => toChanges(snapshot, instrument))
  let sync
  let sum = 0
  return {
    name: 'decoder and synchroniser',
    prepare(segment) {
      sync = new BookSynchronizer(new OrderBook(instrument), rules, new BookSyncTally(), host)
      sync.onConnected(1)
      sync.onQuiet()
      sync.onSnapshot(changes[segment], 1)
    },
    run(index) {
      if (decoder.decode(frames[index]) !== bookKind) throw new Error(`frame ${index} was not read`)
      sync.onChanges(decoder.changes, index)
      sum += sync.book.bids.priceTicksAt(0) + sync.book.asks.priceTicksAt(0)
    },
    read() {
      const { bids, asks, trust } = sync.book
      if (trust !== 'trusted' || Number.isNaN(sum) || decoder.slowFrames > 0) throw new Error('the book is not right')
      const levels = (side) =>
        Array.from({ length: side.depth }, (_, i) => [
          side.priceTicksAt(i) / 10 ** instrument.priceDecimals,
          side.quantityLotsAt(i) / 10 ** instrument.quantityDecimals,
        ])
      return { bids: levels(bids), asks: levels(asks) }
    },
  }
}

/**
 * A handler of ccxt pro on the same pushes.
 *
 * @param {{ name: string, exchange: object, toData: (frame: Buffer) => unknown, traffic: Traffic }} options
 */
export function createCcxtContender({ name, exchange, toData, traffic: { frames, snapshots } }) {
  const symbol = 'BTC/USDT'
  const client = exchange.client('wss://127.0.0.1:1/')
  let sum = 0
  return {
    name,
    prepare(segment) {
      const { sequence, bids, asks } = snapshots[segment]
      const snapshot = { symbol, nonce: sequence, bids: toNumbers(bids), asks: toNumbers(asks) }
      exchange.orderbooks[symbol] = exchange.orderBook(snapshot, Number.MAX_SAFE_INTEGER)
    },
    run(index) {
      client.onMessage({ data: toData(frames[index]) })
      const book = exchange.orderbooks[symbol]
      sum += book.bids[0][0] + book.asks[0][0]
    },
    read() {
      if (Number.isNaN(sum)) throw new Error('the book is empty')
      const { bids, asks } = exchange.orderbooks[symbol]
      return { bids: bids.map(([p, q]) => [p, q]), asks: asks.map(([p, q]) => [p, q]) }
    },
  }
}

/** A loop that does nothing but read every byte: what touching a frame costs at least. */
export function createByteLoop({ frames }) {
  let sum = 0
  return {
    name: 'loop that only reads every byte',
    prepare: () => undefined,
    run(index) {
      const frame = frames[index]
      for (let i = 0; i < frame.length; i++) sum = (sum + frame[i]) | 0
    },
  }
}

/** After a segment, a contender's book must be the generator's, level by level. */
export function assertSameBook({ name, prepare, run, read }, { snapshots }, perSegment) {
  prepare(0)
  for (let i = 0; i < perSegment; i++) run(i)
  const held = read()
  for (const side of ['bids', 'asks'])
    for (const [i, [price, quantity]] of snapshots[1][side].entries())
      if (held[side][i]?.[0] !== Number(price) || held[side][i]?.[1] !== Number(quantity))
        throw new Error(`${name}: ${side} differ at level ${i}`)
}

export const toNumbers = (levels) => levels.map(([price, quantity]) => [Number(price), Number(quantity)])

function toChanges({ sequence, bids, asks }, instrument) {
  const changes = new BookChanges(bids.length + asks.length)
  for (const [i, [price, quantity]] of [...bids, ...asks].entries()) {
    changes.priceTicks[i] = instrument.priceToTicks(Decimal.parse(price), 'exact')
    changes.quantityLots[i] = instrument.quantityToLots(Decimal.parse(quantity), 'exact')
  }
  changes.bidEnd = bids.length
  changes.askEnd = bids.length + asks.length
  changes.firstSequence = sequence
  changes.lastSequence = sequence
  return changes
}
