import { createExchangeId } from '@cex-arbitrage/common'

// Source of every number here: Gate API v4 documentation, REST and WebSocket, state of September 2026.

export const gateioExchangeId = createExchangeId('gateio')

/** Origin of REST, spot and futures. */
export const gateioRestUrl = 'https://api.gateio.ws'
export const gateioTestnetRestUrl = 'https://api-testnet.gateapi.io'
/** Prefix of every REST path; part of the signed text. */
export const apiPrefix = '/api/v4'
/** Spot streams and the WebSocket API share this address. */
export const gateioWebSocketUrl = 'wss://api.gateio.ws/ws/v4/'
export const gateioTestnetWebSocketUrl = 'wss://ws-testnet.gate.com/v4/ws/spot'

/** Client order ids carry this prefix on the wire, and at most 28 bytes after it. */
export const textPrefix = 't-'
export const maxTextLength = 28

/** A request's time may be so far from the server's, in milliseconds. */
export const maxTimestampSkewMs = 60_000

/** Milliseconds between application pings; the documentation advises 10 to 20 seconds. */
export const pingIntervalMs = 10_000
/** Milliseconds without any frame after which a connection is given up. */
export const maxSilenceMs = 30_000
/** Milliseconds to wait for a subscription to be acknowledged. */
export const acknowledgeTimeoutMs = 8_000
/** Milliseconds to wait for the answer to a WebSocket API call that is no order. */
export const apiTimeoutMs = 10_000

/** Deepest book a query answers; the answer comes from a cache that ages beyond 100 levels. */
export const maxSnapshotDepth = 100
/** Most rows of one page of own trades and of candles. */
export const maxPageRows = 1000
/** Most open orders of one page. */
export const openOrdersPageRows = 100
/** Shortest dead-man countdown, in seconds; 0 ends it. */
export const minCountdownSeconds = 5
/** Milliseconds after its end for which an order is surely found by client order id. */
export const clientOrderIdLookupMs = 3_600_000

/** Where the book of an instrument comes from. `obu` is self-contained: its first frame is the snapshot. */
export type GateioBookFeed = '100ms' | '20ms' | 'obu-400' | 'obu-50'
/** Levels a side that each feed keeps right. */
export const streamedDepthOf: Readonly<Record<GateioBookFeed, number>> = {
  '100ms': 100,
  '20ms': 20,
  'obu-400': 400,
  'obu-50': 50,
}

/** Whether a feed's snapshots are queried; `obu` streams bring theirs themselves. */
export const isBookQueried = (feed: GateioBookFeed): boolean => feed === '20ms' || feed === '100ms'

/** Subscriptions put on one connection; the exchange states no limit but one of 300 connections an address. */
export const maxSubscriptionsPerConnection = 100
/** Milliseconds between two looks at books that may have gone quiet. */
export const tendingIntervalMs = 250
/** An untrusted book for which nobody waits is taken care of after so long, in milliseconds. */
export const quietPairMs = 500
/** Any book without a frame for so long is doubted and queried, in milliseconds; a busy one is sooner. */
export const bookSilenceMs = 30_000
/** Fewest milliseconds between two snapshots: 200 in ten seconds are allowed. */
export const snapshotIntervalMs = 60
/** Pause before a snapshot that was too old is asked for again; the exchange's cache catches up within half a second. */
export const snapshotRetryMs = 150
export const snapshotRetryMaxMs = 2_000
/** Milliseconds to wait for the snapshot that a new `obu` subscription brings. */
export const obuSnapshotTimeoutMs = 1_500

/** A clock measurement is renewed after so long, in milliseconds. */
export const clockMeasurementMs = 300_000

/** The channels that push books. */
export const bookChannels = {
  spot: { update: 'spot.order_book_update', obu: 'spot.obu' },
  futures: { update: 'futures.order_book_update', obu: 'futures.obu' },
} as const

/** Channels of the spot WebSocket service. */
export const spotChannels = {
  trades: 'spot.trades',
  orders: 'spot.orders',
  userTrades: 'spot.usertrades',
  balances: 'spot.balances',
  ping: 'spot.ping',
  pong: 'spot.pong',
  system: 'spot.system',
  login: 'spot.login',
  orderPlace: 'spot.order_place',
  orderCancel: 'spot.order_cancel',
  orderCancelPair: 'spot.order_cancel_cp',
} as const
