import {
  Decimal,
  SeededRandom,
  silentLogger,
  systemClock,
  systemRandom,
  type BookSide,
  type Instrument,
  type OrderBook,
  type Side,
} from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import {
  createMexcVenue,
  type FaultRule,
  type MexcVenueOptions,
  type VenueHost,
  type VenueOrder,
} from '@cex-arbitrage/simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { ComponentRegistry } from '../../factory/component-registry.js'
import { FactoryManager } from '../../factory/factory-manager.js'
import { createSpoilingNetwork } from '../../testing/spoiling-network.js'
import type { NetworkTuning } from '../../transport/network-tuning.js'
import { mexcExchangeId, registerExchange } from './index.js'

/** The venue's books at any counter, from its own account of what happened. */
class BookHistory {
  private readonly start: Readonly<Record<Side, Map<string, string>>>
  private readonly changes: {
    readonly side: Side
    readonly price: string
    readonly quantity: string
    readonly sequence: number
  }[] = []
  private sides: Readonly<Record<Side, Map<string, string>>>
  private applied = 0

  constructor(venue: VenueHost, name: string) {
    const { tickSize, lotSize } = venue.core.symbols.get(name)!
    const { bids, asks } = venue.truth().books[name]!
    const exact = (levels: readonly (readonly [string, string])[]) =>
      new Map(levels.map(([price, quantity]) => [Decimal.parse(price).toString(), Decimal.parse(quantity).toString()]))
    this.start = { buy: exact(bids), sell: exact(asks) }
    this.sides = { buy: new Map(this.start.buy), sell: new Map(this.start.sell) }
    venue.core.listen({
      onBookChange: ({ symbol, side, priceTicks, lots, sequence }) => {
        if (symbol !== name) return
        const price = tickSize.times(Decimal.of(priceTicks)).toString()
        this.changes.push({ side, price, quantity: lotSize.times(Decimal.of(lots)).toString(), sequence })
      },
    })
  }

  at(sequence: number): Readonly<Record<Side, ReadonlyMap<string, string>>> {
    const last = this.changes[this.applied - 1]
    if (last !== undefined && last.sequence > sequence) {
      this.sides = { buy: new Map(this.start.buy), sell: new Map(this.start.sell) }
      this.applied = 0
    }
    for (; this.changes[this.applied] && this.changes[this.applied]!.sequence <= sequence; this.applied++) {
      const { side, price, quantity } = this.changes[this.applied]!
      if (quantity === '0') this.sides[side].delete(price)
      else this.sides[side].set(price, quantity)
    }
    return this.sides
  }
}

const levelsOf = (side: BookSide, instrument: Instrument): Map<string, string> =>
  new Map(
    Array.from({ length: side.depth }, (_, i) => [
      instrument.ticksToPrice(side.priceTicksAt(i)).toString(),
      instrument.lotsToQuantity(side.quantityLotsAt(i)).toString(),
    ]),
  )

/** Fills the book around 60,000 and changes it every few milliseconds. */
function moveBook(venue: VenueHost): () => void {
  const random = new SeededRandom(11)
  const resting: VenueOrder[] = []
  const place = (): void => {
    const side = random.next() < 0.5 ? 'buy' : 'sell'
    const away = random.integer(1, 40)
    const priceTicks = 6_000_000 + (side === 'buy' ? -away : away)
    const quantityLots = random.integer(1, 5_000)
    const order = { accountId: 'house', symbol: 'BTC/USDT', side, kind: 'limit', timeInForce: 'gtc' } as const
    const placed = venue.core.place({ ...order, priceTicks, quantityLots })
    if ('order' in placed) resting.push(placed.order)
  }
  for (let i = 0; i < 60; i++) place()
  const timer = setInterval(() => {
    place()
    place()
    while (resting.length > 80) venue.core.cancel(resting.splice(random.integer(0, resting.length - 1), 1)[0]!)
  }, 4)
  return () => clearInterval(timer)
}

describe('the MEXC feed against a local venue', () => {
  const closers: (() => Promise<void>)[] = []

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  const start = async (options: MexcVenueOptions = {}, tuning: NetworkTuning = {}) => {
    const venue = createMexcVenue({ seed: 7, market: { kind: 'manual' }, ...options })
    const address = await venue.start()
    closers.push(() => venue.close())
    const stopMoving = moveBook(venue)
    closers.push(() => Promise.resolve(stopMoving()))
    const manager = new FactoryManager(new ComponentRegistry(), () => ({
      clock: systemClock,
      network: createSpoilingNetwork(systemClock, systemRandom),
      random: systemRandom,
      logger: silentLogger,
      restUrl: address.origin,
      webSocketUrl: address.ws,
      tuning,
    }))
    closers.push(() => manager.close())
    manager.register(registerExchange)
    const exchange = manager.publicExchange(mexcExchangeId, 'spot')
    const instruments = await exchange.fetchInstruments()
    const instrument = instruments.find(({ symbol }) => symbol === 'BTC/USDT')!
    const history = new BookHistory(venue, 'BTC/USDT')
    const checked = { trusted: 0, wrong: [] as string[] }
    exchange.marketData.addListener({
      onBook: (book: OrderBook) => {
        if (book.trust !== 'trusted') return
        checked.trusted++
        const truth = history.at(book.sequence)
        for (const [side, held] of [
          ['buy', levelsOf(book.bids, instrument)],
          ['sell', levelsOf(book.asks, instrument)],
        ] as const)
          for (const [price, quantity] of new Map([...held, ...truth[side]]))
            if (held.get(price) !== truth[side].get(price))
              checked.wrong.push(`${side} ${price} ${quantity} at ${book.sequence}`)
      },
    })
    await exchange.marketData.subscribe([instrument])
    return { venue, feed: exchange.marketData, instrument, checked }
  }

  it('follows the books of the venue to the last level', async () => {
    const { feed, checked } = await start()
    await waitFor(() => checked.trusted >= 60, 'sixty right books', 12_000)
    expect(checked.wrong).toEqual([])
    expect(feed.health).toMatchObject({ slowFrames: 0, corruptFrames: 0, books: { gaps: 0, quarantines: 0 } })
  })

  it('reads pushes with fields that no schema knows at full speed', async () => {
    const { feed, checked } = await start({ mexc: { unknownFields: true } })
    await waitFor(() => checked.trusted >= 20, 'twenty right books', 12_000)
    expect(checked.wrong).toEqual([])
    expect(feed.health.slowFrames).toBe(0)
  })

  it('leaves a connection that is half open, and comes back when it is let in again', async () => {
    const webSocket = { maxSilenceMs: 400, reconnectBackoff: { initialMs: 20, maxMs: 50 } }
    const { venue, feed, instrument, checked } = await start({}, { webSocket })
    await waitFor(() => checked.trusted >= 5, 'a right book', 12_000)
    venue.faults.add({ kind: 'refuse_connection', count: 3 })
    venue.faults.add({ kind: 'half_open' })
    await waitFor(() => (venue.truth().faults.injected['refuse_connection'] ?? 0) >= 3, 'refusals', 12_000)
    expect(feed.book(instrument.id)!.trust).not.toBe('trusted')
    venue.faults.clear()
    const before = checked.trusted
    await waitFor(() => checked.trusted >= before + 5, 'a healed book', 12_000)
    expect(checked.wrong).toEqual([])
    expect(feed.health.reconnects).toBeGreaterThan(0)
  }, 40_000)

  const faults: readonly (readonly [string, FaultRule])[] = [
    ['dropped', { kind: 'drop', channel: '*depth*', probability: 0.2 }],
    ['repeated', { kind: 'duplicate', channel: '*depth*', probability: 0.3 }],
    ['out of order', { kind: 'reorder', channel: '*depth*', probability: 0.2 }],
    ['late', { kind: 'delay', channel: '*depth*', probability: 0.2, delayMs: 60 }],
    ['cut short', { kind: 'truncate', channel: '*depth*', probability: 0.1 }],
    ['followed by a break', { kind: 'disconnect', count: 3, everyMs: 400 }],
  ]

  it.each(faults)(
    'never trusts a wrong book when frames are %s',
    async (_, rule) => {
      const { venue, feed, instrument, checked } = await start()
      venue.faults.add(rule)
      await waitFor(() => (venue.truth().faults.injected[rule.kind] ?? 0) >= 3, `faults: ${rule.kind}`, 12_000)
      const before = checked.trusted
      await waitFor(() => checked.trusted >= before + 10, 'ten right books after faults', 12_000)
      venue.faults.clear()
      await waitFor(() => feed.book(instrument.id)!.trust === 'trusted', 'a healed book', 12_000)
      expect(checked.wrong).toEqual([])
    },
    40_000,
  )
})
