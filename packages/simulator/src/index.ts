export {
  Account,
  AccountBook,
  feeAccountId,
  houseAccountId,
  outsideAccountId,
  type AccountOptions,
  type ApiKey,
  type AssetBalance,
  type BalanceChange,
  type BalanceReason,
  type FeeRates,
} from './accounts/account-book.js'
export { type FeeRule, type FeeSubstitute } from './accounts/funds.js'
export {
  type FeeAmount,
  type OrderFunds,
  type SettledShare,
  type SettledSide,
  type SettledTrade,
} from './accounts/order-funds.js'
export { FaultEngine } from './faults/fault-engine.js'
export {
  faultKinds,
  strangeAnswers,
  type ActiveFault,
  type FaultKind,
  type FaultOccasion,
  type FaultRule,
} from './faults/fault-rule.js'
export { parseFaultRule } from './faults/parse-fault-rule.js'
export { Candles, type CandleBar } from './market/candles.js'
export { CaptureMarket, type CaptureMarketOptions } from './market/capture-market.js'
export { defaultSymbols } from './market/default-symbols.js'
export { type MarketDriver } from './market/market-driver.js'
export { type LadderOptions } from './market/quoting-bot.js'
export { parseQuoteCapture, readQuoteCapture, type CapturedQuote } from './market/quote-capture.js'
export {
  ReferenceMarket,
  defaultDislocations,
  type DislocationOptions,
  type ReferenceMarketOptions,
} from './market/reference-market.js'
export { SyntheticMarket, type SyntheticMarketOptions } from './market/synthetic-market.js'
export { ExchangeCore, type ExchangeRules, type OrderInterceptor, type PlaceResult } from './matching/exchange-core.js'
export {
  type BookChange,
  type ExchangeListener,
  type OrderEvent,
  type PublicTrade,
} from './matching/exchange-listener.js'
export { MatchingEngine, type SelfTradeAction } from './matching/matching-engine.js'
export { TradingSymbol, type SymbolSpec } from './matching/trading-symbol.js'
export { VenueOrder, type EndReason, type OrderInput, type OrderKind, type VenueFill } from './matching/venue-order.js'
export { LatencyModel, type LatencyKind, type LatencyOptions } from './server/latency-model.js'
export { RateLimiter, type RateRule, type RateVerdict } from './server/rate-limiter.js'
export { type RestHandler, type RestRequest, type RestResponse } from './server/rest-exchange.js'
export { type RawRequest } from './server/rest-endpoint.js'
export { encodeResponse, type RestReply } from './server/rest-reply.js'
export { type PerpetualOptions } from './perpetuals/create-perpetual-market.js'
export { PerpetualMarket } from './perpetuals/perpetual-market.js'
export { type BasisOptions } from './perpetuals/perpetual-reference.js'
export { perpetualOf, type PerpetualSpec } from './perpetuals/perpetual-spec.js'
export { RestRouter, type RouteMatch } from './server/rest-router.js'
export { type ServerSocket, type SocketHandshake } from './server/server-socket.js'
export { StreamSession, type FrameInfo } from './server/stream-session.js'
export { type ServerOptions } from './server/venue-server.js'
export { type GroundTruth } from './truth/ground-truth.js'
export {
  type TruePerpetuals,
  type TruePosition,
  type TrueWallet,
  type TrueWalletEntry,
} from './truth/perpetual-truth.js'
export { type TrueBook, type TrueFill, type TrueOrder } from './truth/true-orders.js'
export { VenueHost } from './venue/venue-host.js'
export {
  type MarketOptions,
  type SyntheticMarketChoice,
  type VenueAddress,
  type VenueOptions,
} from './venue/venue-options.js'
export { type VenueProtocol, type VenueSurface } from './venue/venue-protocol.js'
export {
  createMexcVenue,
  defaultMexcRateLimits,
  defaultMexcStreamLimits,
  mexcSymbols,
  type ListenKeyLimits,
  type MexcKeyOptions,
  type MexcRateLimits,
  type MexcSettings,
  type MexcSettingsInput,
  type MexcStreamLimits,
  type MexcSymbolOptions,
  type MexcVenueOptions,
} from './venues/mexc/index.js'
export { createGateioVenue, type GateioVenueOptions } from './venues/gateio/index.js'
export {
  createHummingbotVenue,
  type HummingbotSettings,
  type HummingbotVenueOptions,
  type TrafficReport,
} from './venues/hummingbot/index.js'
export { createVenue, isVenueName, venueNames, type VenueName } from './venues/create-venue.js'
