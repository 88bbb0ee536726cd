import {
  Decimal,
  SeededRandom,
  asExchangeOrderId,
  createExchangeId,
  systemClock,
  type ExchangeId,
  type Instrument,
  type OrderRequest,
} from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { ComponentRegistry, RehearsalOrders } from '@cex-arbitrage/exchanges'
import { describe, expect, it } from 'vitest'
import { MemoryJournal } from '../execution/memory-journal.js'
import { createTestInstrument } from '../testing/create-instrument.js'
import type { RehearsalJournal } from './rehearsal-journal.js'
import { createRehearsalTerms } from './rehearsal-terms.js'
import { TradingRehearsal } from './trading-rehearsal.js'

class ReadableJournal extends MemoryJournal implements RehearsalJournal {
  readonly isRehearsal = true
}

const closed = { close: (): Promise<void> => Promise.resolve() }

/** An exchange whose gateway acknowledges everything, or refuses, as `take` says. */
function ordersOf(exchange: ExchangeId, take: (order: OrderRequest) => Promise<void>): RehearsalOrders {
  const registry = new ComponentRegistry()
  const key = { exchange, marketType: 'spot' } as const
  class Rest {
    readonly exchange = exchange
    readonly close = closed.close
  }
  class Stream {
    readonly exchange = exchange
    readonly connected = false
    readonly close = closed.close
  }
  class Account {
    readonly orders = {
      admitTrade: () => ({ release: () => undefined }),
      submitOrder: async (order: OrderRequest) => {
        await take(order)
        return { clientOrderId: order.clientOrderId, exchangeOrderId: asExchangeOrderId(`x-${order.clientOrderId}`) }
      },
    }
    readonly close = closed.close
    fetchBalances(): void {}
    fetchFees(): void {}
    fetchKeyRights(): void {}
  }
  for (const part of [Rest, Stream]) Object.assign(part.prototype, closed)
  Object.assign(Account.prototype, closed)
  registry.registerRestClient({ ...key, scope: 'private' }, Rest)
  registry.registerWebSocketClient({ ...key, scope: 'private' }, Stream)
  registry.registerComposite({ ...key, scope: 'private' }, Account as never)
  registry.registerRehearsal(key, () => undefined)
  return RehearsalOrders.create(registry, exchange, 'spot', { clock: systemClock, random: new SeededRandom(1) })!
}

async function setUp(take: (order: OrderRequest) => Promise<void> = () => Promise.resolve(), clock = systemClock) {
  const submitted: OrderRequest[] = []
  const legs = ['alpha', 'beta'].map((name, index) => {
    const exchange = createExchangeId(name)
    const instrument = createTestInstrument({
      exchange: name,
      ...(index === 1 && { tickSize: '0.1', minNotional: '5' }),
    })
    const orders = ordersOf(exchange, (order) => {
      submitted.push(order)
      return take(order)
    })
    return { instrument, orders }
  })
  const journal = new ReadableJournal()
  const [one, other] = legs as [(typeof legs)[0], (typeof legs)[0]]
  const rehearsal = await TradingRehearsal.create({ legs: [one, other], journal, clock, random: new SeededRandom(1) })
  return { rehearsal, journal, submitted }
}

describe('a rehearsal of trades', () => {
  it('goes the whole way from a frame to the end of a trade, on either side in turn, with ids that are nobody’s', async () => {
    const { rehearsal, journal, submitted } = await setUp()
    for (let round = 0; round < 4; round++) await rehearsal.rehearse()
    expect([rehearsal.rounds, rehearsal.isSound]).toEqual([4, true])
    const buys = submitted.filter(({ side }) => side === 'buy').map(({ instrument }) => instrument.exchange)
    expect(buys).toEqual(['alpha', 'beta', 'alpha', 'beta'])
    expect(submitted).toHaveLength(8)
    expect(submitted.every(({ clientOrderId }) => clientOrderId.startsWith('warm-'))).toBe(true)
    const ends = journal.records.flatMap((record) => (record.kind === 'trade_end' ? [record.end] : []))
    expect(ends).toEqual(['completed', 'completed', 'completed', 'completed'])
    await rehearsal.close()
    await rehearsal.rehearse()
    expect(submitted).toHaveLength(8)
  })

  it('keeps to its time, and stops at the first trade that does not end as planned', async () => {
    const { rehearsal } = await setUp(() => Promise.reject(new Error('refused')))
    void rehearsal.warmUp(60_000)
    await waitFor(() => !rehearsal.isSound, 'the end of rehearsing', 15_000)
    expect(rehearsal.rounds).toBe(0)
    await rehearsal.close()
    const { rehearsal: other } = await setUp()
    await other.warmUp(0)
    expect(other.rounds).toBe(0)
    await other.close()
  })

  it('goes on at an interval while there is nothing better to do, one trade at a time', async () => {
    const clock = new ManualClock()
    let isIdle = true
    const { rehearsal } = await setUp(undefined, clock)
    rehearsal.keepWarm(50, () => isIdle)
    await clock.advance(50)
    await waitFor(() => rehearsal.rounds === 1, 'the first')
    isIdle = false
    await clock.advance(500)
    isIdle = true
    await clock.advance(50)
    await waitFor(() => rehearsal.rounds === 2, 'the second')
    await rehearsal.close()
    await clock.advance(500)
    expect(rehearsal.rounds).toBe(2)
  })

  it('uses a price and a quantity that both exchanges take', () => {
    const one = createTestInstrument({ exchange: 'alpha', tickSize: '0.5' })
    const other = createTestInstrument({ exchange: 'beta', minNotional: '500' })
    const { price, quantity } = createRehearsalTerms([one, other])
    for (const instrument of [one, other] as Instrument[]) {
      expect(instrument.priceToTicks(price, 'exact')).toBeGreaterThan(0)
      expect(price.times(quantity).lessThan(instrument.minNotional.times(Decimal.of(2)))).toBe(false)
      expect(quantity.lessThan(instrument.minQuantity)).toBe(false)
    }
  })
})
