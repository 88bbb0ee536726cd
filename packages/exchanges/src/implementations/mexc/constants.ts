import { createExchangeId, msPerHour, msPerMinute, msPerSecond } from '@cex-arbitrage/common'

// Source of every value: MEXC spot v3 documentation, edition of April 2026, and community measurements of autumn 2026,
// read 2026-10; see README.md for the quirks.

export const mexcExchangeId = createExchangeId('mexc')

/** Production origin of REST. */
export const mexcRestUrl = 'https://api.mexc.com'
/** Production address of the protobuf streams. */
export const mexcWebSocketUrl = 'wss://wbs-api.mexc.com/ws'

export const mexcBookChannel = 'spot@public.aggre.depth.v3.api.pb'
export const mexcTradeChannel = 'spot@public.aggre.deals.v3.api.pb'
export const mexcAccountChannel = 'spot@private.account.v3.api.pb'
export const mexcFillChannel = 'spot@private.deals.v3.api.pb'
export const mexcOrderChannel = 'spot@private.orders.v3.api.pb'

/** Subscriptions that one connection serves; a 31st stays silent. */
export const maxSubscriptionsPerConnection = 30
/** Longest message a client may send, in bytes. */
export const maxClientFrameBytes = 1024
/** Messages a client may send on a connection within `clientMessageIntervalMs`. */
export const maxClientMessages = 100
export const clientMessageIntervalMs = msPerSecond
/** How often PING is sent; a minute without it and without data ends the connection. */
export const pingIntervalMs = 15 * msPerSecond
/** A connection that has brought nothing for so long is dead, though no close frame came. */
export const maxSilenceMs = 60 * msPerSecond
/** A connection is replaced before it is 24 hours old. */
export const rotateAfterMs = 23 * msPerHour
export const rotateJitterMs = 30 * msPerMinute
/** Pauses between attempts to connect: short, for a book without a stream is worth nothing. */
export const reconnectBackoff = { initialMs: 100, maxMs: 5 * msPerSecond }
/** How long an answer to SUBSCRIPTION may take. */
export const subscriptionTimeoutMs = 5 * msPerSecond

/** A listen key lives an hour from its last renewal. */
export const listenKeyRenewalMs = 30 * msPerMinute
/** First pause after a renewal that failed without saying that the key is gone. */
export const listenKeyRetryMs = 10 * msPerSecond
/** Listen keys that an account may have. */
export const maxListenKeys = 60

/** Levels a side that a snapshot serves, whatever limit is asked for. */
export const maxSnapshotDepth = 2000
/** Fewest levels a side asked for: a thin snapshot would have to be renewed too often. */
export const minSnapshotDepth = 500
/** A quiet pair sends no update; its first snapshot is fetched after so long without one. */
export const quietPairMs = 2 * msPerSecond
/** A book without an update for so long is doubted and fetched again. */
export const bookSilenceMs = 60 * msPerSecond
/** A topic that was served before and is refused now is asked for again after so many milliseconds. */
export const refusedTopicRetryMs = msPerSecond
/** Fewest milliseconds between two snapshots: about ten a second stay below the firewall. */
export const snapshotIntervalMs = 100
export const snapshotRetryMs = 200
export const snapshotRetryMaxMs = 2 * msPerSecond

/** Pause after the firewall has answered with an HTML page; it names no time. */
export const firewallPauseMs = 60 * msPerSecond
/** How long a request stays valid, and the most that can be asked for. */
export const defaultRecvWindowMs = 5 * msPerSecond
export const maxRecvWindowMs = 60 * msPerSecond
/** How far ahead of the exchange's clock a timestamp may be, exclusive. */
export const maxClockAheadMs = msPerSecond
/** A clock measurement is renewed after so long. */
export const clockMeasurementMs = 5 * msPerMinute

/** Longest client order id, of `A-Z a-z 0-9 _ -`. */
export const maxClientOrderIdLength = 32
/** Rows that a query of own trades answers at most. */
export const maxFillsPerPage = 100
/** An order may be unknown to queries for a moment after its acknowledgement, and its trades for longer. */
export const lookupAttempts = 4
export const lookupPauseMs = 250
