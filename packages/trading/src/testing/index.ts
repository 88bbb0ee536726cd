export { approveEverything } from './approve-everything.js'
export { createTestInstrument, type TestInstrumentSpec } from './create-instrument.js'
export { createTradingWorld, type TradingWorld } from './create-trading-world.js'
export { type TradingEngine } from './start-execution.js'
export { FixedAccountView } from './fixed-account-view.js'
export { clearFaults, runTrades, setRandomFaults } from './run-faulty-session.js'
export { SimulatedAccount } from './simulated-account.js'
export { SimulatedAccountFeed, type AccountEvent, type EventDelivery } from './simulated-account-feed.js'
export { SimulatedBook, type SimulatedLevel } from './simulated-book.js'
export { SimulatedExchange, type SimulatedExchangeOptions } from './simulated-exchange.js'
export { type CancelFault, type QueryFault, type SubmitFault } from './simulated-faults.js'
export { setBook, SimulatedMarketDataFeed, type TextLevels } from './simulated-market-data-feed.js'
export { SimulatedOrder } from './simulated-order.js'
export { SimulatedOrderGateway, type SimulatedOrderGatewayOptions } from './simulated-order-gateway.js'
export { SimulatedQuotes } from './simulated-quotes.js'
export { createTriangleWorld, type TriangleWorldOptions } from './triangle-world.js'
export {
  createTwoVenueWorld,
  testRiskLimits,
  testStrategyOptions,
  type TwoVenueWorld,
  type WorldVenue,
} from './two-venue-world.js'
