/** Milliseconds between two looks at the orders while some are open. */
export const DEFAULT_ORDERS_INTERVAL_MS = 1_000
/** Milliseconds between two looks at a subscribed ticker. */
export const DEFAULT_TICKER_INTERVAL_MS = 1_000
/** Milliseconds between two searches for an order that has left the active list. */
export const DEFAULT_SEARCH_INTERVAL_MS = 5_000
/** Milliseconds for which a create whose answer was lost waits for its order to show up. */
export const DEFAULT_ADOPTION_MS = 30_000
/** Milliseconds after which an order that is nowhere is reported as missing. */
export const MISSING_AFTER_MS = 60_000
/** Milliseconds for which a cancelled or failed order is still watched for a late fill. */
export const CORRECTION_MS = 60_000
/** Milliseconds for which an ended order is remembered under its client order id. */
export const RETENTION_MS = 86_400_000
/** Milliseconds by which the upstream's clock may be behind the bridge's. */
export const CLOCK_TOLERANCE_MS = 1_000
/** Connections at once. */
export const DEFAULT_MAX_CONNECTIONS = 100
/** Frames that one connection may send in any second. */
export const DEFAULT_MAX_FRAMES_PER_SECOND = 100
/** Requests of one connection that may wait for their answer at once. */
export const DEFAULT_MAX_PENDING = 200
/** Milliseconds that a connection may take to authenticate. */
export const DEFAULT_AUTHENTICATION_MS = 10_000
/** Bytes that may wait for a slow client before it is cut. */
export const MAX_BUFFERED_BYTES = 16 * 1_048_576
/** Bytes of a client's frame. */
export const MAX_REQUEST_BYTES = 1_048_576
/** Milliseconds between two protocol pings to a client; one without pong until the next is cut. */
export const CLIENT_PING_MS = 30_000
/** Milliseconds that a stop waits for answers under way. */
export const DRAIN_MS = 5_000
/** Rows of one page. */
export const PAGE_SIZE = 1_000
/** Pages of one listing at most. */
export const MAX_PAGES = 20
/** Milliseconds for the answer to one upstream call; connectors wait for their exchange's limits inside. */
export const UPSTREAM_TIMEOUT_MS = 30_000
/** Shorter than the server's own limit for idle connections, 5 s, so that no order goes to a closing one. */
export const UPSTREAM_KEEP_ALIVE_MS = 3_000
/** Milliseconds without a frame after which the market data socket is replaced; it beats every 30 s. */
export const UPSTREAM_SILENCE_MS = 70_000
/** Milliseconds for the acknowledgement of a market data subscription; starting a feed takes long. */
export const FEED_START_MS = 30_000
/** Levels per side and seconds between pushes of a subscribed book. */
export const STREAM_DEPTH = 10
export const STREAM_INTERVAL_S = 1
/** What this bridge can beyond the original protocol. */
export const BRIDGE_CAPABILITIES = ['client_order_id', 'unsubscribe', 'channel:ticker', 'channel:orders'] as const
/** Close codes. */
export const POLICY_VIOLATION = 1008
export const GOING_AWAY = 1001
