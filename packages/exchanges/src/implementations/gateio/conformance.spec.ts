import { createGateioVenue } from '@cex-arbitrage/simulator'
import { describeConformance } from '../../conformance/describe-conformance.js'
import {
  conformancePerpetual,
  conformanceSymbol,
  createSimulatedConformanceVenue,
} from '../../testing/simulated-conformance-venue.js'
import { gateioExchangeId, registerExchange } from './index.js'

interface Variant {
  readonly orderEntry: 'rest' | 'websocket'
  readonly bookFeed: 'update' | 'obu'
  readonly streamIntervalMs: number
  readonly only?: 'orders' | 'market data'
}

const account = {
  id: 'trader',
  uid: 20_011,
  keys: [{ key: 'b5d8c9f0e1a24b36', secret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0', permission: 'trade' as const }],
  balances: { ABC: '1000', USDT: '100000' },
  wallet: { USDT: '10000' },
}

const variants: readonly Variant[] = [
  { orderEntry: 'rest', bookFeed: 'update', streamIntervalMs: 20 },
  { orderEntry: 'websocket', bookFeed: 'update', streamIntervalMs: 100, only: 'orders' },
  { orderEntry: 'rest', bookFeed: 'obu', streamIntervalMs: 20, only: 'market data' },
]

for (const { orderEntry, bookFeed, streamIntervalMs, only } of variants)
  describeConformance(
    `Gate.io spot, orders over ${orderEntry}, books by ${bookFeed} every ${streamIntervalMs} ms`,
    () =>
      createSimulatedConformanceVenue(
        createGateioVenue({ market: { kind: 'manual' }, symbols: [conformanceSymbol], accounts: [account] }),
        {
          exchange: gateioExchangeId,
          registerExchange,
          symbol: 'ABC/USDT',
          accountId: 'trader',
          bookChannel: bookFeed === 'obu' ? 'spot.obu' : 'spot.order_book_update',
          spellOrderId: (id) => `t-${id}`,
          placeRoute: orderEntry === 'rest' ? 'POST */spot/orders' : 'WS spot.order_place',
          options: { orderEntry, bookFeed, streamIntervalMs },
        },
      ),
    { ...(only && { only }) },
  )

// Books by `obu` are read as those of spot are.
const futures: readonly Variant[] = [
  { orderEntry: 'rest', bookFeed: 'update', streamIntervalMs: 20 },
  { orderEntry: 'websocket', bookFeed: 'update', streamIntervalMs: 100, only: 'orders' },
]

for (const { orderEntry, bookFeed, streamIntervalMs, only } of futures)
  describeConformance(
    `Gate.io perpetuals, orders over ${orderEntry}, books by ${bookFeed} every ${streamIntervalMs} ms`,
    () =>
      createSimulatedConformanceVenue(
        createGateioVenue({
          market: { kind: 'manual' },
          symbols: [conformanceSymbol],
          perpetuals: { specs: [conformancePerpetual], fundingIntervalMs: 1_000, fundingRate: '0' },
          accounts: [account],
        }),
        {
          exchange: gateioExchangeId,
          registerExchange,
          symbol: 'ABC/USDT',
          isPerpetual: true,
          accountId: 'trader',
          bookChannel: 'futures.order_book_update',
          spellOrderId: (id) => `t-${id}`,
          placeRoute: orderEntry === 'rest' ? 'POST */futures/usdt/orders' : 'WS futures.order_place',
          options: { orderEntry, bookFeed, streamIntervalMs },
        },
      ),
    { ...(only && { only }) },
  )
