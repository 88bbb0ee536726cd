export {
  type BridgeLimits,
  type HummingbotBridgeOptions,
  type UpstreamOptions,
  type UpstreamPlace,
} from './bridge/bridge-options.js'
export { HummingbotBridge, type BridgeAddress } from './bridge/hummingbot-bridge.js'
export { type OrderRecord } from './bridge/order-record.js'
export { FileOrderStore, MemoryOrderStore, type OrderStore } from './bridge/order-store.js'
export { createClientUrl, type ClientConnection, type HummingbotClientOptions } from './client/client-options.js'
export { type HummingbotConnectionStatus } from './client/connection-status.js'
export { readDecimal, toDecimalText, type PlainDecimal } from './client/decimal-text.js'
export {
  categorizeByBaseRules,
  categorizeError,
  HummingbotErrorCategory,
  isRetriableCategory,
} from './client/error-category.js'
export {
  createHummingbotEvent,
  HummingbotEventEngine,
  HummingbotEventType,
  isSameHummingbotEvent,
  type HummingbotEvent,
  type HummingbotEventEngineOptions,
  type HummingbotEventListener,
  type HummingbotEventSink,
} from './client/event-engine.js'
export { HummingbotClient } from './client/hummingbot-client.js'
export {
  type HummingbotHistoryQuery,
  type HummingbotMarket,
  type HummingbotOrderReference,
} from './client/market-queries.js'
export {
  HummingbotException,
  hummingbotExchangeId,
  HummingbotValidationException,
  type HummingbotExceptionOptions,
} from './client/hummingbot-exception.js'
export { type HummingbotOrderRequest } from './client/order-request.js'
export { DEFAULT_HOST, DEFAULT_PORT } from './client/protocol-constants.js'
export {
  isOwnTrade,
  type HummingbotBalances,
  type HummingbotCancelResult,
  type HummingbotEnvelope,
  type HummingbotOrder,
  type HummingbotOrderFill,
  type HummingbotOrderBook,
  type HummingbotOrderBookUpdate,
  type HummingbotOrderStatus,
  type HummingbotTicker,
  type HummingbotTrade,
} from './client/schemas.js'
export { hummingbotChannels, type HummingbotChannel, type HummingbotSubscription } from './client/subscription-set.js'
export {
  type HummingbotApiOrder,
  type HummingbotApiOrderBook,
  type HummingbotApiPlacedOrder,
  type HummingbotApiPortfolio,
  type HummingbotApiTrade,
  type HummingbotApiTradingRule,
} from './direct/api-schemas.js'
export { type HummingbotApiOptions } from './direct/api-transport.js'
export { HummingbotApiClient } from './direct/hummingbot-api-client.js'
export {
  HummingbotApiStream,
  type HummingbotApiStreamFrame,
  type HummingbotApiStreamOptions,
  type HummingbotApiSubscription,
} from './direct/hummingbot-api-stream.js'
export { iteratePages, type HummingbotApiPage } from './direct/pages.js'
export { toHummingbotPair } from './direct/trading-pair.js'
export {
  type AwaitAcknowledgedOptions,
  type HummingbotApiOrderQuery,
  type HummingbotApiOrderRequest,
} from './direct/trading-api.js'
export { createHummingbotCapabilities } from './plugin/capabilities.js'
export { hummingbotPluginOptionsSchema, type HummingbotPluginOptions } from './plugin/plugin-options.js'
export { registerExchange, registerHummingbotVenue } from './plugin/register-exchange.js'
export {
  type HummingbotBotEvent,
  type HummingbotBotLog,
  type HummingbotBotPerformance,
  type HummingbotHistoryTrade,
} from './mqtt/bot-messages.js'
export { HummingbotBotOrders, type HummingbotBotOrderChange, type HummingbotBotOrderState } from './mqtt/bot-orders.js'
export { HummingbotBot } from './mqtt/hummingbot-bot.js'
export { type HummingbotBotListener, type HummingbotBotName } from './mqtt/bot-publications.js'
export { HummingbotMqttClient, type HummingbotMqttOptions } from './mqtt/hummingbot-mqtt-client.js'
