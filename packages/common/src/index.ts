export { type Balance } from './types/balance.js'
export { BookChanges } from './types/book-changes.js'
export { BookSide } from './types/book-side.js'
export { type Brand } from './types/brand.js'
export { sleep, type Clock, type Timer } from './types/clock.js'
export { Decimal } from './types/decimal.js'
export { type Fill, type LiquidityRole } from './types/fill.js'
export { type IdSource } from './types/id-source.js'
export {
  asClientOrderId,
  asCorrelationId,
  asExchangeOrderId,
  asFillId,
  createAssetId,
  createExchangeId,
  type AssetId,
  type ClientOrderId,
  type CorrelationId,
  type ExchangeId,
  type ExchangeOrderId,
  type FillId,
  type InstrumentId,
} from './types/ids.js'
export {
  Instrument,
  createInstrumentId,
  type FeeAssetRule,
  type FeeSchedule,
  type InstrumentSpec,
  type MarketType,
  type PriceBand,
  type TradingStatus,
} from './types/instrument.js'
export { silentLogger, type LogFields, type Logger } from './types/logger.js'
export {
  type BookLevel,
  type BookSnapshot,
  type Candle,
  type CandleInterval,
  type Ticker,
  type Trade,
} from './types/market-data.js'
export { OrderBook, type BookDistrust, type BookTrust } from './types/order-book.js'
export {
  isFinalOrderStatus,
  type LimitOrderRequest,
  type MarketBuyRequest,
  type MarketSellRequest,
  type OrderAcknowledgement,
  type OrderReference,
  type OrderRequest,
  type OrderStatus,
  type OrderUpdate,
  type TimeInForce,
} from './types/order.js'
export { type Random } from './types/random.js'
export { type RiskApproved } from './types/risk-approved.js'
export { type Rounding } from './types/rounding.js'
export { oppositeSide, type Side } from './types/side.js'
export { createSymbol, parseSymbol, type Symbol } from './types/symbol.js'
export { CexArbitrageException, type ExceptionOptions } from './exceptions/cex-arbitrage-exception.js'
export { ConfigurationException, type ConfigurationProblem } from './exceptions/configuration-exception.js'
export {
  DatabaseException,
  DuplicateComponentException,
  EngineUnreachableException,
  InvariantBrokenException,
  JournalException,
  LedgerMismatchException,
  MissingComponentException,
  RecordingException,
  ReplayDivergedException,
  RiskRefusedException,
  ShuttingDownException,
} from './exceptions/engine-exceptions.js'
export { errorCodes, type ErrorCode } from './exceptions/error-codes.js'
export {
  AuthenticationException,
  CircuitOpenException,
  ClockSkewException,
  ExchangeCapabilityException,
  ExchangeConnectionException,
  ExchangeDataException,
  ExchangeException,
  ExchangeRequestException,
  ExchangeUnavailableException,
  MarketClosedException,
  PermissionException,
  RateLimitException,
  SymbolException,
  type ExchangeExceptionOptions,
} from './exceptions/exchange-exceptions.js'
export {
  InsufficientFundsException,
  OrderNotFoundException,
  OrderOutcomeUnknownException,
  OrderRejectedException,
  OrderWouldTakeException,
} from './exceptions/order-exceptions.js'
export { type Recovery } from './exceptions/recovery.js'
export { toCexArbitrageException } from './exceptions/to-exception.js'
export { builtInExchanges, maxClientOrderIdLength } from './constants/exchange-constants.js'
export { loopbackAddress, maxPort, minPort } from './constants/network-constants.js'
export {
  exitCode,
  msPerDay,
  msPerHour,
  msPerMinute,
  msPerSecond,
  secondsPerMinute,
  usPerMs,
} from './constants/system-constants.js'
export { bpsPerUnit, clientOrderIdPrefix } from './constants/trading-constants.js'
export { backoffDelayMs, type BackoffOptions } from './utils/backoff.js'
export { ObjectPool } from './utils/object-pool.js'
export { RingBuffer } from './utils/ring-buffer.js'
export { SeededRandom } from './utils/seeded-random.js'
export { systemClock } from './utils/system-clock.js'
export { systemRandom } from './utils/system-random.js'
export { UniqueIdSource } from './utils/unique-id-source.js'
export { VirtualClock, settle } from './utils/virtual-clock.js'
