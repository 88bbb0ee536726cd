/** What `GET /history/…` answers, for the page: types, and what gives words to them. */
export type {
  EquityPoint as StoredEquityPoint,
  JournalRow,
  TradeDayRow,
  TradeDetail,
  TradeRow as StoredTrade,
} from '@cex-arbitrage/storage'
export { describeStoredRoute } from './describe-stored-route.js'
