import {
  asExchangeOrderId,
  ExchangeCapabilityException,
  ExchangeException,
  InsufficientFundsException,
  OrderNotFoundException,
} from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import type { WithBench } from './describe-conformance.js'
import { ended, expectTrueBalances, isWithoutEffect, quote, whereClaimed } from './order-truth.js'
import { inBase, plain } from './truth-checks.js'

/** Every kind of order, its queries, its fills, and what becomes of the money. */
export function describeOrders(withBench: WithBench): void {
  describe('orders', () => {
    it(
      'rests a limit order, finds it by both ids and cancels it',
      withBench(async (bench) => {
        quote(bench)
        const { orders } = bench.venue.privateExchange
        await bench.openAccount()
        const order = bench.limit('buy', '98', '1')
        const ack = await bench.submit(order)
        expect(ack.clientOrderId).toBe(order.clientOrderId)
        expect(ack.exchangeOrderId).toBe(bench.venue.truth.order(order.clientOrderId)!.id)
        const { instrument } = bench
        const byOurs = await orders.fetchOrder({ instrument, clientOrderId: order.clientOrderId })
        const byTheirs = await orders.fetchOrder({ instrument, exchangeOrderId: ack.exchangeOrderId })
        expect(byOurs).toEqual(byTheirs)
        expect(byOurs).toMatchObject({ status: 'open', side: 'buy', clientOrderId: order.clientOrderId })
        expect([String(byOurs!.price), inBase(byOurs!.quantity!, instrument), String(byOurs!.filledQuantity)]).toEqual([
          '98',
          '1',
          '0',
        ])
        expect((await orders.fetchOpenOrders(instrument)).map((each) => each.exchangeOrderId)).toEqual([
          ack.exchangeOrderId,
        ])
        await expectTrueBalances(bench)
        await orders.cancelOrder({ instrument, clientOrderId: order.clientOrderId })
        expect((await ended(bench, order.clientOrderId, 'cancelled')).filledQuantity.isZero).toBe(true)
        await bench.until(() => bench.orders.some((each) => each.status === 'cancelled'), 'the stream to tell the end')
        expect(await orders.fetchOpenOrders(instrument)).toEqual([])
        await expectTrueBalances(bench)
      }),
    )

    it(
      'cancels by the exchange id, and everything at once',
      withBench(async (bench) => {
        quote(bench)
        const { orders } = bench.venue.privateExchange
        const first = await bench.submit(bench.limit('buy', '98', '1'))
        await orders.cancelOrder({ instrument: bench.instrument, exchangeOrderId: first.exchangeOrderId })
        for (const price of ['97', '96']) await bench.submit(bench.limit('buy', price, '1'))
        await bench.submit(bench.limit('sell', '103', '1'))
        await orders.cancelAllOrders(bench.instrument)
        await bench.until(() => bench.venue.truth.openOrders() === 0, 'no order to rest')
        await orders.cancelAllOrders(bench.instrument)
      }),
    )

    it(
      'fills a crossing order with the fees, by query and by stream alike',
      withBench(async (bench) => {
        quote(bench)
        await bench.openAccount()
        const order = bench.limit('buy', '101', '3')
        await bench.submit(order)
        const final = await ended(bench, order.clientOrderId, 'filled')
        const truth = bench.venue.truth.order(order.clientOrderId)!
        expect([inBase(final.filledQuantity, bench.instrument), final.filledNotional.toString()]).toEqual([
          plain(truth.filledQuantity),
          plain(truth.filledNotional),
        ])
        await bench.until(() => bench.fills.length >= truth.fills.length, 'the fills of the stream')
        const { orders } = bench.venue.privateExchange
        const queried = await orders.fetchFills({
          instrument: bench.instrument,
          exchangeOrderId: final.exchangeOrderId,
        })
        const words = (fill: (typeof queried)[number]): string =>
          [fill.price, inBase(fill.quantity, bench.instrument), fill.fee, fill.feeAsset, fill.role, fill.side]
            .map(String)
            .join(' ')
        const expected = truth.fills.map((fill) =>
          [plain(fill.price), plain(fill.quantity), plain(fill.fee), fill.feeAsset, fill.role, 'buy'].join(' '),
        )
        expect(new Set(queried.map(words))).toEqual(new Set(expected))
        expect(queried).toHaveLength(expected.length)
        expect(new Set(bench.fills.map(words))).toEqual(new Set(expected))
        expect(new Set([...queried, ...bench.fills].map((fill) => fill.fillId)).size).toBe(truth.fills.length)
        expect(
          queried.every((fill) => fill.clientOrderId === undefined || fill.clientOrderId === order.clientOrderId),
        ).toBe(true)
        await expectTrueBalances(bench)
        for (const asset of [bench.instrument.base, bench.instrument.quote]) {
          const held = bench.venue.truth.balances()[asset]
          // The wallet of perpetuals has no base.
          if (held === undefined) continue
          const { free, locked } = held
          await bench.until(() => bench.balances.get(asset)?.free.toString() === plain(free), `the stream's ${asset}`)
          expect(bench.balances.get(asset)!.locked.toString()).toBe(plain(locked))
        }
      }),
    )

    it(
      'tells a resting order that another one fills in parts',
      withBench(async (bench) => {
        await bench.openAccount()
        const order = bench.limit('sell', '100', '2')
        await bench.submit(order)
        bench.venue.placeHouseOrder('buy', '100', '0.5')
        const part = await ended(bench, order.clientOrderId, 'partially_filled')
        expect(inBase(part.filledQuantity, bench.instrument)).toBe('0.5')
        bench.venue.placeHouseOrder('buy', '100', '1.5')
        await ended(bench, order.clientOrderId, 'filled')
        await bench.until(() => bench.orders.some((each) => each.status === 'filled'), 'the stream to tell the end')
        await bench.until(() => bench.fills.length === 2, 'two fills')
        expect(bench.fills.map((fill) => fill.role)).toEqual(['maker', 'maker'])
      }),
    )

    it(
      'takes what is there and cancels the rest of an ioc order',
      withBench(
        whereClaimed(
          (can) => can.timesInForce.includes('ioc'),
          async (bench) => {
            quote(bench)
            const order = bench.limit('buy', '100.5', '5', { timeInForce: 'ioc' })
            await bench.submit(order)
            const final = await ended(bench, order.clientOrderId, 'cancelled')
            expect(inBase(final.filledQuantity, bench.instrument)).toBe('2')
            const none = bench.limit('buy', '98', '1', { timeInForce: 'ioc' })
            await bench.submit(none)
            expect((await ended(bench, none.clientOrderId, 'cancelled')).filledQuantity.isZero).toBe(true)
          },
        ),
      ),
    )

    it(
      'fills a fok order whole or not at all',
      withBench(
        whereClaimed(
          (can) => can.timesInForce.includes('fok'),
          async (bench) => {
            quote(bench)
            const whole = bench.limit('buy', '101', '4', { timeInForce: 'fok' })
            await bench.submit(whole)
            await ended(bench, whole.clientOrderId, 'filled')
            const tooMuch = bench.limit('buy', '101', '40', { timeInForce: 'fok' })
            await bench.submit(tooMuch).catch((error: unknown) => expect(error).toMatchObject({ recovery: 'reject' }))
            const truth = bench.venue.truth.order(tooMuch.clientOrderId)
            expect(isWithoutEffect(truth)).toBe(true)
          },
        ),
      ),
    )

    it(
      'lets a post-only order rest and never take',
      withBench(
        whereClaimed(
          (can) => can.postOnly,
          async (bench) => {
            quote(bench)
            const rests = bench.limit('buy', '99.6', '1', { timeInForce: 'gtc', postOnly: true })
            await bench.submit(rests)
            expect(bench.venue.truth.order(rests.clientOrderId)!.isOpen).toBe(true)
            const crosses = bench.limit('buy', '100.5', '1', { timeInForce: 'gtc', postOnly: true })
            await bench.submit(crosses).catch((error: unknown) => expect(error).toMatchObject({ recovery: 'reject' }))
            const truth = bench.venue.truth.order(crosses.clientOrderId)
            expect(isWithoutEffect(truth)).toBe(true)
          },
        ),
      ),
    )

    it(
      'buys for an amount of money and sells a quantity at market',
      withBench(
        whereClaimed(
          (can) => can.marketOrders,
          async (bench) => {
            quote(bench)
            const buy = bench.marketBuy('150.75')
            await bench.submit(buy)
            const bought = await ended(bench, buy.clientOrderId, 'filled')
            const truth = bench.venue.truth.order(buy.clientOrderId)!
            expect([bought.filledQuantity, bought.filledNotional].map(String)).toEqual([
              plain(truth.filledQuantity),
              plain(truth.filledNotional),
            ])
            // A venue that takes fees in quote may keep some of the money for them.
            expect(bought.filledQuantity.toNumber()).toBeGreaterThan(1.4)
            expect(bought.filledNotional.toNumber()).toBeLessThanOrEqual(150.75)
            expect(bought.price).toBeUndefined()
            const sell = bench.marketSell('1')
            await bench.submit(sell)
            const sold = await ended(bench, sell.clientOrderId, 'filled')
            expect([sold.filledQuantity, sold.filledNotional].map(String)).toEqual(['1', '99.5'])
            await expectTrueBalances(bench)
          },
        ),
      ),
    )

    it(
      'refuses what the venue refuses, with nothing left behind',
      withBench(async (bench) => {
        quote(bench)
        const tooDear = bench.limit('buy', '99', '2000')
        expect(await bench.refusal(tooDear)).toBeInstanceOf(InsufficientFundsException)
        expect(bench.venue.truth.openOrders()).toBe(0)
        await expectTrueBalances(bench)
        if (bench.instrument.minNotional.isZero) return
        const tooSmall = bench.limit('buy', '99', '0.01')
        const refused = (await bench.refusal(tooSmall)) as ExchangeException
        expect(refused).toBeInstanceOf(ExchangeException)
        expect(refused.recovery).toBe('reject')
        expect(bench.venue.truth.openOrders()).toBe(0)
        await expectTrueBalances(bench)
      }),
    )

    it(
      'says of an order that never was that there is none',
      withBench(async (bench) => {
        const { orders } = bench.venue.privateExchange
        const { instrument } = bench
        const missing = { instrument, clientOrderId: bench.mintId() }
        expect(await orders.fetchOrder(missing)).toBeUndefined()
        await expect(orders.cancelOrder(missing)).rejects.toBeInstanceOf(OrderNotFoundException)
        expect(await orders.fetchOrder({ instrument, exchangeOrderId: asExchangeOrderId('1') })).toBeUndefined()
      }),
    )

    it(
      'knows the account: fees, and that the key is right',
      withBench(async (bench) => {
        const fees = await bench.venue.privateExchange.fetchFees(bench.instrument)
        expect(fees.assetRule).toBe(bench.venue.privateExchange.capabilities.feeAssetRule)
        expect(fees.taker.sign).toBeGreaterThanOrEqual(0)
        await bench.venue.privateExchange.fetchKeyRights()
      }),
    )

    it(
      'admits trades as long as they fit and gives back what is released',
      withBench((bench) => {
        const { orders } = bench.venue.privateExchange
        const need = { orders: 2, cancels: 1, queries: 2 }
        const permits = []
        for (let permit = orders.admitTrade(need); permit !== undefined; permit = orders.admitTrade(need))
          permits.push(permit)
        expect(permits.length).toBeGreaterThan(0)
        permits[0]!.release()
        permits[0]!.release()
        const again = orders.admitTrade(need)
        expect(again).toBeDefined()
        for (const permit of [...permits, again!]) permit.release()
      }),
    )

    it(
      'counts down to the cancel of everything where the venue can',
      withBench(async (bench) => {
        const { orders, capabilities } = bench.venue.privateExchange
        if (!capabilities.deadManSwitch) {
          await expect(orders.renewDeadManSwitch(10_000)).rejects.toBeInstanceOf(ExchangeCapabilityException)
          return
        }
        await orders.renewDeadManSwitch(10_000)
        await orders.renewDeadManSwitch(0)
      }),
    )
  })
}
