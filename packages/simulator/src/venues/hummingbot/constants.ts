/** Account that hummingbot-api answers for unless told otherwise. */
export const defaultAccountName = 'master_account'
/** Exchange behind Hummingbot: the `exchange` of the WebSocket protocol and the connector of hummingbot-api. */
export const defaultConnector = 'binance'
/** What the `authenticate` answer says the server can. */
export const defaultCapabilities = ['client_order_id', 'unsubscribe', 'channel:ticker', 'channel:orders'] as const
/** Form of a client order id. */
export const clientOrderIdPattern = /^[A-Za-z0-9_-]{1,36}$/
/** Largest `limit` and `depth`. */
export const maxPageSize = 1_000
export const defaultHistoryLimit = 50
export const defaultDepth = 10
/** Levels per side of a pushed book. */
export const streamDepth = 20
/** Milliseconds between two pushes of one book while it changes. */
export const defaultBookIntervalMs = 100
/** Milliseconds between two looks at a ticker. */
export const tickerIntervalMs = 1_000
/** Milliseconds that a response held back by `reorder` waits for one to follow it. */
export const maxHoldMs = 250
/** Close code after a refused authentication. */
export const policyViolation = 1008
/** Close code of hummingbot-api's sockets after a refused authentication. */
export const unauthorizedClose = 4001
/** Close code after a frame that hummingbot-api cannot read. */
export const internalErrorClose = 1011
/** Milliseconds between an answer 201 and the moment in which the exchange sees the order. */
export const defaultConnectorDelayMs = 10
/** Milliseconds for which `POST /portfolio/state` answers from its cache. */
export const portfolioCacheMs = 300_000
/** Milliseconds between two heartbeats on hummingbot-api's sockets. */
export const heartbeatIntervalMs = 30_000
export const dayMs = 86_400_000
export const hourMs = 3_600_000
