import {
  asExchangeOrderId,
  asFillId,
  createAssetId,
  Decimal,
  InvariantBrokenException,
  type Fill,
} from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-instrument.js'
import { createFillEntries, positionIn, transferEntries } from './fill-entries.js'
import { Ledger } from './ledger.js'

const [btc, usdt, mx] = [createAssetId('BTC'), createAssetId('USDT'), createAssetId('MX')]
const instrument = createTestInstrument()

const createFill = (fields: Partial<Fill> = {}): Fill => ({
  fillId: asFillId('f1'),
  instrumentId: instrument.id,
  exchangeOrderId: asExchangeOrderId('x1'),
  clientOrderId: undefined,
  side: 'buy',
  price: Decimal.parse('100.5'),
  quantity: Decimal.parse('0.2'),
  fee: Decimal.parse('0.0201'),
  feeAsset: usdt,
  role: 'taker',
  exchangeTimeMs: 0,
  ...fields,
})

describe('Ledger', () => {
  it('books a fill with its fee so that every asset sums to zero', () => {
    const ledger = new Ledger()
    ledger.post(createFillEntries(createFill(), instrument, 'trading', ledger))
    expect(ledger.balance('venue:alpha', btc).toString()).toBe('0.2')
    expect(ledger.balance('venue:alpha', usdt).toString()).toBe('-20.1201')
    expect(ledger.balance('trading', usdt).toString()).toBe('20.1')
    expect(ledger.balance('fees', usdt).toString()).toBe('0.0201')
    expect(ledger.sum(btc).isZero && ledger.sum(usdt).isZero).toBe(true)
    expect(ledger.postings).toBe(1)
  })

  it('takes a fee from whichever asset paid it, and a rebate back into it', () => {
    const ledger = new Ledger()
    ledger.post(
      createFillEntries(
        createFill({ side: 'sell', fee: Decimal.parse('1.5'), feeAsset: mx }),
        instrument,
        'legging',
        ledger,
      ),
    )
    ledger.post(createFillEntries(createFill({ fee: Decimal.parse('-0.01') }), instrument, 'foreign', ledger))
    ledger.post(createFillEntries(createFill({ fee: Decimal.zero }), instrument, 'trading', ledger))
    expect(ledger.balance('venue:alpha', mx).toString()).toBe('-1.5')
    expect(ledger.balance('fees', usdt).toString()).toBe('-0.01')
    expect(ledger.balance('legging', btc).toString()).toBe('0.2')
    expect(ledger.balance('foreign', btc).toString()).toBe('-0.2')
  })

  it('keeps a futures fill as a position and moves only the fee at the exchange', () => {
    const futures = createTestInstrument({ marketType: 'futures', contractSize: '0.001' })
    const ledger = new Ledger()
    ledger.post(createFillEntries(createFill({ quantity: Decimal.of(3) }), futures, 'trading', ledger))
    expect(ledger.balance('position:alpha:futures:BTC/USDT', btc).toString()).toBe('0.003')
    expect(ledger.balance('position:alpha:futures:BTC/USDT', usdt).toString()).toBe('-0.3015')
    expect(ledger.balance('venue:alpha:futures', usdt).toString()).toBe('-0.0201')
  })

  it('pays the result of a position out at its average price as it is closed, all of it by the end', () => {
    const futures = createTestInstrument({ marketType: 'futures', contractSize: '0.001' })
    const ledger = new Ledger()
    const take = (side: 'buy' | 'sell', contracts: number, price: string): string => {
      const before = ledger.balance('venue:alpha:futures', usdt)
      const fill = createFill({ side, quantity: Decimal.of(contracts), price: Decimal.parse(price), fee: Decimal.zero })
      ledger.post(createFillEntries(fill, futures, 'trading', ledger))
      return ledger.balance('venue:alpha:futures', usdt).minus(before).toString()
    }
    expect([take('sell', 2, '100'), take('sell', 1, '103'), take('buy', 1, '100'), take('buy', 2, '90')]).toEqual([
      '0',
      '0',
      '0.001',
      '0.022',
    ])
    const closed = positionIn(ledger, futures)
    expect(closed.base.isZero && closed.quote.isZero).toBe(true)
    expect([take('buy', 3, '100'), take('sell', 5, '101')]).toEqual(['0', '0.003'])
    expect(positionIn(ledger, futures).base.toString()).toBe('-0.002')
    expect(positionIn(ledger, futures).quote.toString()).toBe('0.202')
  })

  it('refuses entries that do not balance and posts none of them', () => {
    const ledger = new Ledger()
    const [first] = transferEntries('equity:transfer', 'venue:alpha', btc, Decimal.one)
    expect(() => ledger.post([first])).toThrow(InvariantBrokenException)
    expect(ledger.entries()).toEqual([])
  })

  it('sums to zero after any postings and lists balances in a stable order', () => {
    const posting = fc.tuple(
      fc.constantFrom('venue:a', 'venue:b', 'trading', 'fees', 'equity:opening'),
      fc.constantFrom('venue:a', 'funding:a:futures:B/Q', 'legging'),
      fc.constantFrom(btc, usdt, mx),
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
    )
    fc.assert(
      fc.property(fc.array(posting, { maxLength: 30 }), (postings) => {
        const ledger = new Ledger()
        for (const [from, to, asset, amount] of postings)
          ledger.post(transferEntries(from, to, asset, Decimal.of(amount, 3)))
        for (const asset of [btc, usdt, mx]) expect(ledger.sum(asset).isZero).toBe(true)
        const names = ledger.entries().map(({ account, asset }) => `${account} ${asset}`)
        expect(names).toEqual([...new Set(names)])
      }),
    )
  })
})
