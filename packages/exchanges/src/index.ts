export { TradeAdmissions, type TradeCall, type TradeCallCosts } from './admission/trade-admissions.js'
export { GridReader, gridRead } from './decoding/grid-reader.js'
export { readScaledDecimal, scaledCut, scaledExact, scaledInvalid } from './decoding/scaled-decimal.js'
export { SymbolTable } from './decoding/symbol-table.js'
export { BaseExchangeFactory } from './factory/base-exchange-factory.js'
export {
  ComponentRegistry,
  type CaptureReplayClass,
  type ComponentKey,
  type ComponentScope,
  type ExchangeFactoryClass,
  type ExchangeParts,
  type PrivateCompositeClass,
  type PublicCompositeClass,
  type RestClientClass,
  type WebSocketClientClass,
} from './factory/component-registry.js'
export { asPart } from './factory/exchange-parts.js'
export { FactoryManager, type ModuleLoader, type RegisterExchange } from './factory/factory-manager.js'
export { type ExchangeContext, type ExchangeCredentials, type ExchangeNetwork } from './factory/exchange-context.js'
export {
  BaseRestClient,
  privateRead,
  publicRead,
  type RestCallOptions,
  type RestDialect,
  type RestEndpointCall,
  type RestParameters,
} from './transport/base-rest-client.js'
export { createStreamOptions, type StreamNeeds } from './transport/stream-options.js'
export { type NetworkTuning, type RestTuning, type WebSocketTuning } from './transport/network-tuning.js'
export { type AccountFeed, type AccountListener } from './interfaces/account-feed.js'
export { type CaptureRecord, type CaptureReplay, type ReplayedBook } from './interfaces/capture-replay.js'
export { type FundingDesk } from './interfaces/funding-desk.js'
export { type MarketDataFeed, type MarketDataListener } from './interfaces/market-data-feed.js'
export {
  type FillQuery,
  type OrderGateway,
  type OrderPurpose,
  type RatePermit,
  type SubmitOptions,
  type TradeRateNeed,
} from './interfaces/order-gateway.js'
export { type FundingPaymentQuery, type PositionDesk } from './interfaces/position-desk.js'
export { type PrivateExchange } from './interfaces/private-exchange.js'
export { type CandleQuery, type PublicExchange } from './interfaces/public-exchange.js'
export { type ExchangeRestClient } from './interfaces/rest-client.js'
export { type ExchangeWebSocketClient } from './interfaces/websocket-client.js'
export { RehearsalOrders, type RehearsalSources } from './rehearsal/rehearsal-orders.js'
export { ExchangeEnum, MarketTypeEnum, OrderType } from './structs/enums.js'
export { type ExchangeCapabilities, type OrderEntryTransport } from './structs/exchange-capabilities.js'
export { type BookSyncCounters, type FeedHealth } from './structs/feed-health.js'
export { type FundingPayment, type FundingRate } from './structs/funding.js'
export { type KeyRights } from './structs/key-rights.js'
export { type Position } from './structs/position.js'
export { type ServerTime } from './structs/server-time.js'
export { BookKeeper, type BookKeeperOptions, type KeptBook } from './synchronization/book-keeper.js'
export { BookSyncTally } from './synchronization/book-sync-tally.js'
export { BookSynchronizer, type BookSyncHost } from './synchronization/book-synchronizer.js'
export { type SequenceRules, type SnapshotNeed } from './synchronization/sequence-rules.js'
export { ServerClock } from './synchronization/server-clock.js'
export { SnapshotScheduler, type SnapshotSchedulerOptions } from './synchronization/snapshot-scheduler.js'
export { StreamLiveness } from './synchronization/stream-liveness.js'
