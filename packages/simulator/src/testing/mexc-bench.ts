import { ManualClock } from '@cex-arbitrage/common/testing'

import type { SymbolSpec } from '../matching/trading-symbol.js'
import type { VenueAddress } from '../venue/venue-options.js'
import type { VenueHost } from '../venue/venue-host.js'
import { createMexcVenue, type MexcVenueOptions } from '../venues/mexc/create-mexc-venue.js'
import { MexcClient, type MexcSocket } from './mexc-client.js'

const fees = { makerFee: '0', takerFee: '0.0005' }

/** Two pairs with coarse steps, so that numbers in specs are easy to follow. */
export const benchSymbols: readonly SymbolSpec[] = [
  {
    base: 'BTC',
    quote: 'USDT',
    tickSize: '0.01',
    lotSize: '0.000001',
    minNotional: '1',
    maxNotional: '4000000',
    referencePrice: 60_000,
    ...fees,
  },
  {
    base: 'MX',
    quote: 'USDT',
    tickSize: '0.0001',
    lotSize: '0.01',
    minNotional: '1',
    referencePrice: 2,
    ...fees,
  },
]

/** A MEXC venue with empty books on a clock that moves when told, its accounts, and clients for them. */
export interface MexcBench {
  readonly venue: VenueHost
  readonly clock: ManualClock
  readonly address: VenueAddress
  /** Trades; account `alice`, 100 000 USDT, 10 BTC, 100 MX. */
  readonly alice: MexcClient
  /** Trades; account `bob`, the same. */
  readonly bob: MexcClient
  /** Reads only; account `alice`. */
  readonly reader: MexcClient
  /** A house order that rests: `rest('sell', 60000.5, 0.2)`. */
  rest(side: 'buy' | 'sell', price: number, quantity: number, symbol?: string): void
  /** Opens a socket on a new listen key of alice's, subscribed to all private channels. */
  openPrivate(): Promise<MexcSocket>
  close(): Promise<void>
}

const balances = { USDT: '100000', BTC: '10', MX: '100' }

const accounts = [
  {
    id: 'alice',
    uid: 1001,
    keys: [
      { key: 'mx0vAlice', secret: 'alice-secret', permission: 'trade' },
      { key: 'mx0vReader', secret: 'reader-secret', permission: 'read' },
      { key: 'mx0vElsewhere', secret: 'elsewhere-secret', permission: 'trade', ipWhitelist: ['203.0.113.9'] },
    ],
    balances,
    wallet: { USDT: '10000' },
  },
  { id: 'bob', uid: 1002, keys: [{ key: 'mx0vBob', secret: 'bob-secret', permission: 'trade' }], balances },
] as const

/** Starts a bench; close it after the spec. */
export async function startMexcBench(options: MexcVenueOptions = {}): Promise<MexcBench> {
  const clock = new ManualClock()
  const venue = createMexcVenue({ clock, market: { kind: 'manual' }, symbols: benchSymbols, accounts, ...options })
  const address = await venue.start()
  const clientOf = (apiKey: string, secret: string) => new MexcClient({ ...address, apiKey, secret }, venue.clock)
  const alice = clientOf('mx0vAlice', 'alice-secret')
  const sockets: MexcSocket[] = []
  return {
    venue,
    clock,
    address,
    alice,
    bob: clientOf('mx0vBob', 'bob-secret'),
    reader: clientOf('mx0vReader', 'reader-secret'),
    rest(side, price, quantity, symbol = 'BTC/USDT') {
      const { tickSize, lotSize } = venue.core.symbols.get(symbol)!
      const priceTicks = Math.round(price / tickSize.toNumber())
      const quantityLots = Math.round(quantity / lotSize.toNumber())
      const order = { accountId: 'house', symbol, side, kind: 'limit', timeInForce: 'gtc' } as const
      venue.core.place({ ...order, priceTicks, quantityLots })
    },
    async openPrivate() {
      const created = await alice.signedCall('POST', '/api/v3/userDataStream')
      const socket = await alice.connect((created.body as { listenKey: string }).listenKey)
      sockets.push(socket)
      const channels = ['account', 'deals', 'orders'].map((name) => `spot@private.${name}.v3.api.pb`)
      const answered = socket.nextText()
      socket.subscribe(...channels)
      await answered
      return socket
    },
    async close() {
      for (const socket of sockets) socket.close()
      await venue.close()
    },
  }
}
