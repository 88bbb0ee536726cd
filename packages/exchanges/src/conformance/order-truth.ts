import { asClientOrderId, type OrderUpdate } from '@cex-arbitrage/common'
import { expect } from 'vitest'
import { type ConformanceBench } from './conformance-bench.js'
import type { ExchangeCapabilities } from '../structs/exchange-capabilities.js'
import type { TrueOrder } from './conformance-venue.js'
import { plain } from './truth-checks.js'

/** Puts two levels on each side of 100. */
export function quote({ venue }: ConformanceBench): void {
  venue.placeHouseOrder('buy', '99.5', '2')
  venue.placeHouseOrder('buy', '99', '3')
  venue.placeHouseOrder('sell', '100.5', '2')
  venue.placeHouseOrder('sell', '101', '3')
}

/** The order as the venue answers it by our id, once it says `status`. */
export async function ended(bench: ConformanceBench, id: string, status: OrderUpdate['status']): Promise<OrderUpdate> {
  const { orders } = bench.venue.privateExchange
  let found: OrderUpdate | undefined
  await bench.until(async () => {
    found = await orders.fetchOrder({ instrument: bench.instrument, clientOrderId: asClientOrderId(id) })
    return found?.status === status
  }, `order ${id} to be ${status}`)
  return found!
}

/** The venue never took it, or ended it without a fill. */
export const isWithoutEffect = (truth: TrueOrder | undefined): boolean =>
  truth === undefined || (!truth.isOpen && plain(truth.filledQuantity) === '0')

/** Runs a test for an exchange that claims to be able to. */
export const whereClaimed =
  (claim: (capabilities: ExchangeCapabilities) => boolean, test: (bench: ConformanceBench) => Promise<void>) =>
  async (bench: ConformanceBench): Promise<void> => {
    if (claim(bench.venue.privateExchange.capabilities)) await test(bench)
  }

/** What the venue holds for the trader, and what the connector answers, to the last unit. */
export async function expectTrueBalances(bench: ConformanceBench): Promise<void> {
  const answered = await bench.venue.privateExchange.fetchBalances()
  const words = answered.map(
    ({ asset, free, locked }) => `${asset} ${free.toString()} free, ${locked.toString()} locked`,
  )
  const truth = Object.entries(bench.venue.truth.balances()).map(
    ([asset, { free, locked }]) => `${asset} ${plain(free)} free, ${plain(locked)} locked`,
  )
  const held = (each: string): boolean => !each.endsWith(' 0 free, 0 locked')
  expect(new Set(words.filter(held))).toEqual(new Set(truth.filter(held)))
}
