import { OrderOutcomeUnknownException, RateLimitException } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { defaultSubmit } from './conformance-bench.js'
import type { ConformanceFault } from './conformance-venue.js'
import type { WithBench } from './describe-conformance.js'
import { ended, quote } from './order-truth.js'

const patience = { ackTimeoutMs: 400, purpose: 'open' } as const

const lostAnswers: readonly ConformanceFault[] = [
  { kind: 'lost_acknowledgement', mode: 'cut' },
  { kind: 'lost_acknowledgement', mode: 'hang' },
  { kind: 'error_after_accept' },
]

/** Orders without an answer, refusals that prove that nothing happened, and streams that break. */
export function describeOutcomes(withBench: WithBench): void {
  describe('outcomes', () => {
    it.each(lostAnswers)('calls an order unknown after $kind $mode, and finds it by our id', (fault) =>
      withBench(async (bench) => {
        quote(bench)
        await bench.openAccount()
        await bench.submit(bench.limit('buy', '98', '2'))
        bench.venue.inject(fault)
        const order = bench.limit('buy', '98', '1')
        const error = (await bench.refusal(order, patience)) as OrderOutcomeUnknownException
        expect(error).toBeInstanceOf(OrderOutcomeUnknownException)
        expect(error.recovery).toBe('reconcile')
        expect(error.correlationId).toBe(order.correlationId)
        const found = await ended(bench, order.clientOrderId, 'open')
        expect(found.exchangeOrderId).toBe(bench.venue.truth.order(order.clientOrderId)!.id)
        expect(bench.venue.truth.openOrders()).toBe(2)
      })(),
    )

    it(
      'passes on a refusal for frequency, which proves that nothing rests',
      withBench(async (bench) => {
        quote(bench)
        await bench.openAccount()
        bench.venue.inject({ kind: 'rate_limited' })
        const order = bench.limit('buy', '98', '1')
        expect(await bench.refusal(order, defaultSubmit)).toBeInstanceOf(RateLimitException)
        expect(bench.venue.truth.order(order.clientOrderId)).toBeUndefined()
      }),
    )

    it(
      'tells when the account stream breaks and when it stands again',
      withBench(async (bench) => {
        quote(bench)
        await bench.openAccount()
        expect(bench.connections).toBe(1)
        bench.venue.inject({ kind: 'disconnect', scope: 'private' })
        await bench.until(() => bench.disconnections === 1, 'the break to be told')
        bench.venue.clearFaults()
        await bench.until(() => bench.connections === 2, 'the stream to stand again')
        const order = bench.limit('buy', '98', '1')
        await bench.submit(order)
        await bench.until(
          () => bench.orders.some((each) => each.clientOrderId === order.clientOrderId),
          'the order on the stream',
        )
      }),
    )

    it(
      'keeps working when the venue’s clock is far ahead',
      withBench(async (bench) => {
        quote(bench)
        bench.venue.inject({ kind: 'clock_skew', offsetMs: 45_000 })
        const order = bench.limit('buy', '98', '1')
        await bench.submit(order)
        expect(bench.venue.truth.order(order.clientOrderId)!.isOpen).toBe(true)
      }),
    )

    it(
      'places orders again soon after the venue has set its clock',
      withBench(async (bench) => {
        quote(bench)
        await bench.submit(bench.limit('buy', '98', '1'))
        for (const offsetMs of [45_000, 0, -45_000]) {
          bench.venue.clearFaults()
          bench.venue.inject({ kind: 'clock_skew', offsetMs })
          const isTaken = (): Promise<boolean> =>
            bench.submit(bench.limit('buy', '98', '1')).then(
              () => true,
              () => false,
            )
          await bench.until(isTaken, `an order with the clock at ${offsetMs} ms`)
        }
      }),
    )
  })
}
