import { ExchangeException, type OrderRequest } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import type { PositionDesk } from '../interfaces/position-desk.js'
import type { Position } from '../structs/position.js'
import type { ConformanceBench } from './conformance-bench.js'
import type { ConformancePerpetual } from './conformance-venue.js'
import type { WithBench } from './describe-conformance.js'
import { ended, expectTrueBalances, quote } from './order-truth.js'
import { inBase, plain } from './truth-checks.js'

type PositionTest = (bench: ConformanceBench, desk: PositionDesk, venue: ConformancePerpetual) => Promise<void>

/** Runs a test on an exchange whose market is perpetuals. */
const onPerpetuals =
  (test: PositionTest) =>
  async (bench: ConformanceBench): Promise<void> => {
    const { privateExchange, perpetual } = bench.venue
    const isPerpetual = privateExchange.marketType === 'futures'
    expect(privateExchange.positions !== undefined).toBe(isPerpetual)
    expect(bench.venue.publicExchange.funding !== undefined).toBe(isPerpetual)
    if (privateExchange.positions !== undefined) await test(bench, privateExchange.positions, perpetual!)
  }

const positionOf = async (bench: ConformanceBench, desk: PositionDesk): Promise<Position> =>
  (await desk.fetchPositions([bench.instrument]))[0]!

const words = (bench: ConformanceBench, { quantity, entryPrice }: Position): readonly (string | undefined)[] => [
  inBase(quantity, bench.instrument),
  entryPrice?.toString(),
]

const ioc = { timeInForce: 'ioc' } as const

/** Positions, leverage, reduce-only orders and funding, where the market is perpetuals. */
export function describePositions(withBench: WithBench): void {
  describe('positions', () => {
    it(
      'are flat at first, then what was traded, long and short, by query and by stream alike',
      withBench(
        onPerpetuals(async (bench, desk, venue) => {
          quote(bench)
          await bench.openAccount()
          expect(words(bench, await positionOf(bench, desk))).toEqual(['0', undefined])
          const buy = bench.limit('buy', '100.5', '2', ioc)
          await bench.submit(buy)
          await ended(bench, buy.clientOrderId, 'filled')
          const held = await positionOf(bench, desk)
          expect(words(bench, held)).toEqual(['2', '100.5'])
          expect(held.margin.sign).toBe(1)
          expect(held.markPrice!.sign).toBe(1)
          expect(held.leverage).toBe(Number(venue.position()!.leverage))
          await expectTrueBalances(bench)
          const sell = bench.limit('sell', '99', '4', ioc)
          await bench.submit(sell)
          await ended(bench, sell.clientOrderId, 'filled')
          const turned = await positionOf(bench, desk)
          const truth = venue.position()!
          expect(words(bench, turned)).toEqual([plain(truth.quantity), plain(truth.entryPrice!)])
          expect(truth.quantity).toBe('-2')
          await expectTrueBalances(bench)
          const isTold = (quantity: string): boolean =>
            bench.positions.some((each) => inBase(each.quantity, bench.instrument) === quantity)
          await bench.until(() => isTold('2') && isTold('-2'), 'the stream to tell both positions')
        }),
      ),
    )

    it(
      'have the leverage that was set, and no other than the exchange allows',
      withBench(
        onPerpetuals(async (bench, desk, venue) => {
          quote(bench)
          await desk.setLeverage(bench.instrument, 4)
          const order = bench.limit('buy', '100.5', '1', ioc)
          await bench.submit(order)
          await ended(bench, order.clientOrderId, 'filled')
          expect((await positionOf(bench, desk)).leverage).toBe(4)
          expect(venue.position()!.leverage).toBe('4')
          await expect(desk.setLeverage(bench.instrument, 100_000)).rejects.toBeInstanceOf(ExchangeException)
          expect(venue.position()!.leverage).toBe('4')
        }),
      ),
    )

    it(
      'are never opened or turned by a reduce-only order',
      withBench(
        onPerpetuals(async (bench, desk, venue) => {
          quote(bench)
          const reduce = (order: OrderRequest): OrderRequest => ({ ...order, reduceOnly: true })
          // Refused, or taken and ended without a fill.
          await bench.submit(reduce(bench.limit('sell', '99.5', '1', ioc))).catch((error: unknown) => {
            expect(error).toMatchObject({ recovery: 'reject' })
          })
          expect((await positionOf(bench, desk)).quantity.isZero).toBe(true)
          const open = bench.limit('buy', '100.5', '1', ioc)
          await bench.submit(open)
          await ended(bench, open.clientOrderId, 'filled')
          const less = reduce(bench.limit('sell', '99.5', '0.4', ioc))
          await bench.submit(less)
          await ended(bench, less.clientOrderId, 'filled')
          expect(words(bench, await positionOf(bench, desk))[0]).toBe('0.6')
          const tooMuch = reduce(bench.limit('sell', '99', '3', ioc))
          await bench.submit(tooMuch).catch((error: unknown) => expect(error).toMatchObject({ recovery: 'reject' }))
          expect((await positionOf(bench, desk)).quantity.sign).toBeGreaterThanOrEqual(0)
          expect(Number(venue.position()?.quantity ?? 0)).toBeGreaterThanOrEqual(0)
        }),
      ),
    )

    it(
      'pay and receive funding, at the rate that was told',
      withBench(
        onPerpetuals(async (bench, desk, venue) => {
          quote(bench)
          venue.setFundingRate('0.001')
          const { intervalMs, nextAtMs, rate, markPrice } = await bench.venue.publicExchange.funding!.fetchFundingRate(
            bench.instrument,
          )
          expect([rate.toString(), markPrice.sign, intervalMs > 0, nextAtMs > 0]).toEqual(['0.001', 1, true, true])
          const order = bench.limit('buy', '100.5', '2', ioc)
          await bench.submit(order)
          await ended(bench, order.clientOrderId, 'filled')
          await bench.until(() => Number(venue.position()!.funding) < 0, 'funding to be paid')
          venue.setFundingRate('0')
          const paid = async () => await desk.fetchFundingPayments({ instrument: bench.instrument, fromMs: 0 })
          const payments = (await paid()).filter(({ amount }) => !amount.isZero)
          expect(payments.every(({ asset, amount }) => asset === bench.instrument.quote && amount.sign < 0)).toBe(true)
          const sum = payments.reduce((total, { amount }) => total + amount.toNumber(), 0)
          expect(sum).toBeCloseTo(Number(venue.position()!.funding), 8)
          expect(new Set(payments.map(({ id }) => id)).size).toBe(payments.length)
          expect(payments.map(({ atMs }) => atMs)).toEqual(payments.map(({ atMs }) => atMs).toSorted((a, b) => a - b))
          const later = { instrument: bench.instrument, fromMs: payments.at(-1)!.atMs + 1 }
          expect((await desk.fetchFundingPayments(later)).every(({ amount }) => amount.isZero)).toBe(true)
          await expectTrueBalances(bench)
        }),
      ),
    )
  })
}
