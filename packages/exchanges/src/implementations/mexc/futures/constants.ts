import { msPerHour, msPerSecond } from '@cex-arbitrage/common'

// Source: MEXC futures documentation, edition of 2026, and community measurements of autumn 2026, read 2026-10.

/** Address of the JSON streams of contracts, public and private. REST is where that of spot is. */
export const mexcFuturesWebSocketUrl = 'wss://contract.mexc.com/edge'

/** How often the service is pinged; it closes a minute after the last ping, even while data flows. */
export const pingIntervalMs = 15 * msPerSecond
/** A connection that has brought nothing for so long is dead. */
export const maxSilenceMs = 30 * msPerSecond
/** Contracts that share a connection; more than a thousand subscriptions were served on one. */
export const maxSubscriptionsPerConnection = 200
/** How long the answer to a subscription or a login may take. */
export const answerTimeoutMs = 5 * msPerSecond

/** Levels a side that a snapshot serves at most. */
export const maxSnapshotDepth = 1500
/** Fewest milliseconds between two snapshots: four a second passed the limit in practice. */
export const snapshotIntervalMs = 250

/** Seconds that a request stays valid. */
export const recvWindowSeconds = 10

/** Most rows of one answer of trades and of candles. */
export const maxTradeRows = 100
export const maxCandleRows = 2000

/** Rows of one page of orders, fills and settlements; settlements have no more. */
export const accountPageRows = 100
/** How far back settlements are asked for at a time, and at most. */
export const longestQueryMs = 30 * 24 * msPerHour

/** Channels of the futures WebSocket service. */
export const mexcFuturesChannels = {
  book: 'push.depth',
  trades: 'push.deal',
  error: 'rs.error',
  login: 'rs.login',
  order: 'push.personal.order',
  fill: 'push.personal.order.deal',
  asset: 'push.personal.asset',
  position: 'push.personal.position',
  positionMode: 'push.personal.position.mode',
} as const
