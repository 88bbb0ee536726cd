export { type ExchangeContext, type ExchangeCredentials } from './factory/exchange-context.js'
export { type AccountFeed, type AccountListener } from './interfaces/account-feed.js'
export { type CaptureRecord, type CaptureReplay, type ReplayedBook } from './interfaces/capture-replay.js'
export { type MarketDataFeed, type MarketDataListener } from './interfaces/market-data-feed.js'
export {
  type FillQuery,
  type OrderGateway,
  type OrderPurpose,
  type RatePermit,
  type SubmitOptions,
  type TradeRateNeed,
} from './interfaces/order-gateway.js'
export { type PrivateExchange } from './interfaces/private-exchange.js'
export { type CandleQuery, type PublicExchange } from './interfaces/public-exchange.js'
export { type ExchangeRestClient } from './interfaces/rest-client.js'
export { type ExchangeWebSocketClient } from './interfaces/websocket-client.js'
export { ExchangeEnum, MarketTypeEnum, OrderType } from './structs/enums.js'
export { type ExchangeCapabilities, type OrderEntryTransport } from './structs/exchange-capabilities.js'
export { type BookSyncCounters, type FeedHealth } from './structs/feed-health.js'
export { type KeyRights } from './structs/key-rights.js'
export { type ServerTime } from './structs/server-time.js'
