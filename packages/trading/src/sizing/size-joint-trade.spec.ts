import { Decimal, type Instrument } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createSizingRequest, decimal, type SizingWorld } from '../testing/sizing-world.js'
import { PairTerms } from './pair-terms.js'
import { sizeJointTrade } from './size-joint-trade.js'
import type { SizedPair, SizingRefusal, SizingRequest } from './sizing-request.js'

function sized(world: SizingWorld): SizedPair {
  const pair = sizeJointTrade(createSizingRequest(world))
  if (typeof pair === 'string') throw new Error(`refused: ${pair}`)
  return pair
}

const refusalOf = (world: SizingWorld): SizingRefusal | SizedPair => sizeJointTrade(createSizingRequest(world))

describe('joint sizing', () => {
  it('takes as much as both books pay for', () => {
    const pair = sized({
      buyBook: [
        [['99.9', '9']],
        [
          ['100', '1'],
          ['100.5', '2'],
          ['102', '5'],
        ],
      ],
      sellBook: [[['101', '9']], [['101.1', '9']]],
    })
    expect([pair.buyLots, pair.sellLots]).toEqual([30_000, 30_000])
    expect(pair.buyNotional.toString()).toBe('301')
    expect(pair.sellNotional.toString()).toBe('303')
    expect(pair.profit.toString()).toBe(
      decimal('303')
        .times(decimal('0.999'))
        .minus(decimal('301').times(decimal('1.001')))
        .toString(),
    )
    expect([pair.buyLimitTicks, pair.sellLimitTicks]).toEqual([10_050, 10_100])
  })

  it('leaves out the levels that do not bring the required edge', () => {
    const world: SizingWorld = {
      buyBook: [
        [['99.9', '9']],
        [
          ['100', '1'],
          ['100.5', '2'],
        ],
      ],
    }
    expect(sized({ ...world, requiredEdgeBps: 70 }).sellLots).toBe(10_000)
    expect(refusalOf({ ...world, requiredEdgeBps: 90 })).toBe('thin_depth')
  })

  it('buys more than it sells where the fee is taken from what arrives', () => {
    const pair = sized({ buy: { feeAssetRule: 'received', takerFee: '0.002' }, funds: ['100000', '1', '100000'] })
    expect(pair.sellLots).toBe(10_000)
    expect(pair.buyLots).toBe(10_021)
    expect(pair.surplus.toString()).toBe(decimal('1.0021').times(decimal('0.998')).minus(decimal('1')).toString())
    expect(pair.surplusPrice.toString()).toBe(decimal('99.9').times(decimal('0.998')).toString())
  })

  it('buys what it sells where a rebate is paid in quote', () => {
    const pair = sized({ buy: { takerFee: '-0.0001' } })
    expect(pair.buyLots).toBe(pair.sellLots)
  })

  it('does not spend a rebate before it has come', () => {
    expect(sized({ buy: { takerFee: '-0.01' }, funds: ['100', '5', '100000'] }).buyLots).toBe(10_000)
  })

  it('keeps to the coarser of two lots and wastes less than one of the finer', () => {
    const pair = sized({ buy: { lotSize: '0.5' }, sell: { lotSize: '0.0001' }, funds: ['100000', '1.7', '100000'] })
    expect([pair.buyLots, pair.sellLots]).toEqual([15, 15_000])
    expect(pair.surplus.isZero).toBe(true)
  })

  it('refuses to leave more over than the bound on residuals', () => {
    const world: SizingWorld = { buy: { lotSize: '1' }, funds: ['100000', '0.6', '100000'] }
    expect(sized(world).surplus.toString()).toBe('0.4')
    expect(refusalOf({ ...world, limits: { maxSurplusNotional: decimal('10') } })).toBe('rounding')
  })

  it.each([
    ['base to sell', { funds: ['100000', '2.5', '100000'] }, 25_000],
    ['quote to buy with, fee included', { funds: ['100.1', '1000', '100000'] }, 10_000],
    ['the largest notional of the strategy', { limits: { maxNotional: decimal('202') } }, 20_000],
    ['the largest quantity of a venue', { sell: { maxQuantity: '0.75' } }, 7_500],
    ['what can be bought back where it was sold', { sellBook: [[['101', '5']], [['101.1', '0.4']]] }, 4_000],
    ['what can be sold back where it was bought', { buyBook: [[['99.9', '0.3']], [['100', '5']]] }, 3_000],
  ] satisfies [string, SizingWorld, number][])('is bounded by %s', (_, world, lots) => {
    const { sellLots } = sized(world)
    expect(sellLots).toBeLessThanOrEqual(lots)
    expect(sellLots).toBeGreaterThan(lots * 0.999)
  })

  it.each([
    ['nothing is held to sell', { funds: ['100000', '0', '0'] }, 'balance'],
    ['nothing is there to buy with', { funds: ['0', '5', '0'] }, 'balance'],
    ['buying back needs quote that is not there', { funds: ['100000', '5', '0'] }, 'unwind'],
    ['depth is below the least notional', { buy: { minNotional: '1000' } }, 'thin_depth'],
    [
      'the least notional is above the largest',
      { buy: { minNotional: '300' }, limits: { maxNotional: decimal('200') } },
      'below_minimum',
    ],
    ['the least quantity is not held', { sell: { minQuantity: '3' }, funds: ['100000', '2', '100000'] }, 'balance'],
    ['prices leave the band', { limits: { maxPriceDeviation: decimal('0.0001') } }, 'price_band'],
    ['books do not cross', { sellBook: [[['100', '5']], [['100.1', '5']]] }, 'thin_depth'],
  ] satisfies [string, SizingWorld, SizingRefusal][])('refuses when %s', (_, world, refusal) => {
    expect(refusalOf(world)).toBe(refusal)
  })

  it('refuses a size whose unwind falls below the least notional once prices are worse by the margin', () => {
    const world: SizingWorld = { buy: { minNotional: '99' }, funds: ['100000', '1', '100000'] }
    expect(sized({ ...world, limits: { unwindMargin: decimal('0.005') } }).sellLots).toBe(10_000)
    expect(refusalOf(world)).toBe('balance')
  })

  it('keeps the larger quantity of a buy with its fee in base below the largest of its venue', () => {
    const pair = sized({ buy: { feeAssetRule: 'received', maxQuantity: '1' } })
    expect(pair.buyLots).toBeLessThanOrEqual(10_000)
    expect(pair.sellLots).toBe(9_990)
  })

  it('counts the least notional of a sale at its own limit, which lies on a coarser grid than the bids', () => {
    const world: SizingWorld = {
      sell: { tickSize: '1', priceDecimals: 1, minNotional: '101.5' },
      sellBook: [[['101.9', '5']], [['102', '5']]],
      funds: ['100000', '1', '100000'],
      limits: { unwindMargin: Decimal.zero },
    }
    expect(refusalOf(world)).toBe('balance')
    expect(sized({ ...world, funds: ['100000', '1.01', '100000'] }).sellLimitTicks).toBe(1010)
  })

  it('does not trade where a venue takes no orders of a side, nor where it would take no unwind', () => {
    const request = createSizingRequest({})
    const withStatus = (side: 'buy' | 'sell', status: Instrument['status']): SizingRequest => {
      const instrument = Object.assign(Object.create(Object.getPrototypeOf(request.terms[side])), request.terms[side], {
        status,
      }) as Instrument
      const terms =
        side === 'buy' ? new PairTerms(instrument, request.terms.sell) : new PairTerms(request.terms.buy, instrument)
      return { ...request, terms }
    }
    expect(sizeJointTrade(withStatus('buy', 'halted'))).toBe('instrument_status')
    expect(sizeJointTrade(withStatus('sell', 'buy_only'))).toBe('instrument_status')
    expect(sizeJointTrade(withStatus('buy', 'buy_only'))).toBe('unwind')
    expect(sizeJointTrade(withStatus('sell', 'sell_only'))).toBe('unwind')
  })

  it('loosens both limits by its share of the profit, and still pays at the worst', () => {
    const tight = sized({ funds: ['100000', '1', '100000'] })
    const loose = sized({ funds: ['100000', '1', '100000'], limits: { slackShare: decimal('0.5') } })
    expect(loose.buyLimitTicks).toBeGreaterThan(tight.buyLimitTicks)
    expect(loose.sellLimitTicks).toBeLessThan(tight.sellLimitTicks)
    const worst = decimal('0.999')
      .times(Decimal.of(loose.sellLimitTicks, 2))
      .minus(decimal('1.001').times(Decimal.of(loose.buyLimitTicks, 2)))
    expect(worst.toNumber()).toBeGreaterThanOrEqual(tight.profit.toNumber() / 2)
  })

  it('never lets a loosened limit cost more than there is', () => {
    const pair = sized({ funds: ['100.15', '1', '100000'], limits: { slackShare: Decimal.one } })
    expect([pair.buyLots, pair.buyLimitTicks]).toEqual([10_000, 10_004])
  })

  it('sizes within a thousandth where there are more steps than can be tried', () => {
    const many = Array.from({ length: 40 }, (_, i): [string, string] => [(100 + i / 100).toFixed(2), '0.5'])
    const pair = sized({
      buyBook: [[['99.9', '99']], many],
      sellBook: [[['102', '99']], [['102.1', '99']]],
      limits: { maxNotional: decimal('1000') },
    })
    const atLimit = (pair.buyLimitTicks / 100) * (pair.buyLots / 10_000)
    expect(Math.max(atLimit, pair.sellNotional.toNumber())).toBeGreaterThan(998.9)
    expect(Math.max(atLimit, pair.sellNotional.toNumber())).toBeLessThanOrEqual(1000)
  })
})
