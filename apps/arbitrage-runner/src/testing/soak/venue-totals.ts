import { Decimal } from '@cex-arbitrage/common'
import type { VenueHost } from '@cex-arbitrage/simulator'
import type { LocalVenues } from '../local-venues.js'

/** Orders that carry our prefix. */
export const ownOrders = (host: VenueHost) =>
  host.truth().orders.filter(({ clientOrderId }) => clientOrderId !== null && clientOrderId.includes('arb'))

/** What the engine's accounts hold over all venues, by asset. */
export function totals(venues: LocalVenues): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>()
  for (const host of venues.hosts.values())
    for (const balances of Object.values(host.truth().accounts))
      for (const [asset, { free, locked }] of Object.entries(balances)) {
        const held = Decimal.parse(free).plus(Decimal.parse(locked))
        sums.set(asset, (sums.get(asset) ?? Decimal.zero).plus(held))
      }
  return sums
}

/** The best bid of an asset on the first exchange that has one, in USDT. */
export function priceOf(venues: LocalVenues, asset: string): Decimal {
  for (const host of venues.hosts.values()) {
    const [bid] = host.truth().books[`${asset}/USDT`]?.bids ?? []
    if (bid !== undefined) return Decimal.parse(bid[0])
  }
  return Decimal.zero
}
