/** Host of the WebSocket protocol unless a caller names another. */
export const DEFAULT_HOST = 'localhost'
/** Port of the WebSocket protocol unless a caller names another; Hummingbot Gateway has the same default. */
export const DEFAULT_PORT = 15_888
/** Milliseconds that one attempt waits for its answer. */
export const DEFAULT_REQUEST_TIMEOUT_MS = 5_000
/** Attempts after the first. */
export const DEFAULT_RETRY_ATTEMPTS = 3
/** Requests whose answer is awaited at once (R2.1). */
export const DEFAULT_MAX_IN_FLIGHT = 10
/** Frames in any window of `DEFAULT_RATE_PERIOD_MS` (R2.2). */
export const DEFAULT_MAX_FRAMES = 20
export const DEFAULT_RATE_PERIOD_MS = 1_000
/** Milliseconds between two pings (R3.1). */
export const DEFAULT_PING_INTERVAL_MS = 30_000
/** A ping waits no longer than this, whatever the request timeout (R3.2). */
export const MAX_PING_TIMEOUT_MS = 10_000
/** Milliseconds for address and handshake. */
export const DEFAULT_CONNECT_TIMEOUT_MS = 10_000
/** Milliseconds before the second attempt; doubles with each further one (R1.2). */
export const RETRY_BASE_MS = 500
/** A server's `retry_after` is followed up to here (R1.13). */
export const MAX_RETRY_AFTER_MS = 60_000
/** Milliseconds before the second attempt to reconnect; the first goes at once (R3.5). */
export const RECONNECT_BASE_MS = 5_000
export const MAX_RECONNECT_MS = 60_000
/** A reconnect delay varies by up to this fraction either way. */
export const RECONNECT_JITTER = 0.2
/** Milliseconds that a connection must last for the reconnect delays to begin anew (R3.12). */
export const STABLE_AFTER_MS = 60_000
/** Milliseconds that `disconnect` waits for the closing handshake. */
export const MAX_DISCONNECT_MS = 1_000
export const DEFAULT_HISTORY_LIMIT = 50
export const DEFAULT_BOOK_DEPTH = 10
/** Largest `limit` and `depth`. */
export const MAX_PAGE_SIZE = 1_000
/** Largest frame that is taken, in bytes; a larger one closes with code 1009. */
export const MAX_FRAME_BYTES = 4 * 1_048_576
/** Characters of a frame that may appear in a log (R4.2). */
export const MAX_LOGGED_CHARACTERS = 100
/** Form of a client order id (A4). */
export const CLIENT_ORDER_ID_PATTERN = /^[A-Za-z0-9_-]{1,36}$/
/** Source of events that the server pushed or answered. */
export const SERVER_SOURCE = 'hummingbot'
/** Source of events about the client itself. */
export const CLIENT_SOURCE = 'hummingbot_client'
