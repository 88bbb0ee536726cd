import type { ExchangeCore } from '../matching/exchange-core.js'
import type { OrderInput, VenueOrder } from '../matching/venue-order.js'
import { ManualClock } from '@cex-arbitrage/common/testing'

import { createGateioVenue, type GateioVenueOptions } from '../venues/gateio/create-gateio-venue.js'
import type { VenueHost } from '../venue/venue-host.js'
import type { VenueAddress } from '../venue/venue-options.js'
import { GateioClient } from './gateio-client.js'

export interface GateioBench {
  readonly venue: VenueHost
  readonly clock: ManualClock
  readonly address: VenueAddress
  readonly client: GateioClient
  /** Places a house order: price and quantity in ticks and lots of BTC/USDT (0.1 and 0.00001). */
  readonly quote: (side: 'buy' | 'sell', priceTicks: number, quantityLots: number) => VenueOrder
  /** The same of the perpetual: ticks of 0.1 and contracts of 0.0001. */
  readonly quoteContracts: (side: 'buy' | 'sell', priceTicks: number, contracts: number) => VenueOrder
}

/** A started venue with empty books and a clock that stands still. For specs; close `venue` afterwards. */
export async function startGateioBench(options: GateioVenueOptions = {}): Promise<GateioBench> {
  const clock = new ManualClock()
  const accounts = [
    {
      id: 'trader',
      uid: 7001,
      keys: [
        { key: 'trade-key', secret: 'trade-secret', permission: 'trade' as const },
        { key: 'read-key', secret: 'read-secret', permission: 'read' as const },
      ],
      balances: { USDT: '10000', BTC: '1', ETH: '5' },
      wallet: { USDT: '10000' },
    },
    {
      id: 'other',
      uid: 7002,
      keys: [{ key: 'other-key', secret: 'other-secret', permission: 'trade' as const }],
      balances: { USDT: '1000' },
      wallet: { USDT: '1000' },
    },
  ]
  const venue = createGateioVenue({ clock, market: { kind: 'manual' }, accounts, ...options })
  const address = await venue.start()
  const client = new GateioClient({ ...address, nowMs: () => clock.nowMs() })
  const place = (
    core: ExchangeCore,
    symbol: string,
    side: 'buy' | 'sell',
    priceTicks: number,
    quantityLots: number,
  ): VenueOrder => {
    const input: OrderInput = {
      accountId: 'house',
      symbol,
      side,
      kind: 'limit',
      timeInForce: 'gtc',
      priceTicks,
      quantityLots,
    }
    const result = core.place(input)
    if ('refusal' in result) throw new Error(result.refusal)
    return result.order
  }
  return {
    venue,
    clock,
    address,
    client,
    quote: (...args) => place(venue.core, 'BTC/USDT', ...args),
    quoteContracts: (...args) => place(venue.perpetuals!.core, 'BTC/USDT:USDT', ...args),
  }
}
