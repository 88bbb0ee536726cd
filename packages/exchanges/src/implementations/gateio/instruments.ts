import {
  createAssetId,
  createSymbol,
  Decimal,
  Instrument,
  msPerSecond,
  type TradingStatus,
} from '@cex-arbitrage/common'
import { gateioExchange } from './constants.js'
import type { GateioPair } from './schemas.js'

const percent = Decimal.of(1n, 2)
/** The rate of an account without any discount, where a row states none. */
const standardFee = Decimal.of(2n, 3)
/** Books show amounts with up to so many decimals, whatever the precision of orders. */
const finestBookDecimals = 8
/**
 * Price and amount decimals of a book together. Cheap coins have many price decimals and amounts in the billions, which
 * must stay below 2^53 lots; dear coins the reverse.
 */
const bookDecimalsTogether = 12

/** A row of `GET /spot/currency_pairs` as an instrument, its status as of `nowMs`. */
export function mapGateioInstrument(pair: GateioPair, nowMs: number): Instrument {
  const fee = pair.fee?.times(percent) ?? standardFee
  return new Instrument({
    exchange: gateioExchange,
    marketType: 'spot',
    symbol: createSymbol(createAssetId(pair.base), createAssetId(pair.quote)),
    base: createAssetId(pair.base),
    quote: createAssetId(pair.quote),
    exchangeSymbol: pair.id,
    tickSize: Decimal.of(1n, pair.precision),
    lotSize: Decimal.of(1n, pair.amount_precision),
    priceDecimals: pair.precision,
    quantityDecimals: bookQuantityDecimals(pair.precision, pair.amount_precision),
    ...(pair.min_base_amount && { minQuantity: pair.min_base_amount }),
    ...(pair.max_base_amount && { maxQuantity: pair.max_base_amount }),
    ...(pair.min_quote_amount && { minNotional: pair.min_quote_amount }),
    ...(pair.max_quote_amount && { maxNotional: pair.max_quote_amount }),
    fees: { maker: fee, taker: fee, assetRule: 'received' },
    status: tradingStatus(pair, nowMs),
    ...(pair.up_rate &&
      pair.down_rate &&
      !pair.up_rate.isZero &&
      !pair.down_rate.isZero && { priceBand: { buyAboveRatio: pair.up_rate, sellBelowRatio: pair.down_rate } }),
  })
}

/** Decimals of the amounts in a book, at least those of orders. */
export function bookQuantityDecimals(pricePrecision: number, amountPrecision: number): number {
  return Math.max(amountPrecision, Math.min(finestBookDecimals, bookDecimalsTogether - pricePrecision))
}

/** Both the status word and the opening times count; nothing else says that a spot market is closed. */
function tradingStatus(pair: GateioPair, nowMs: number): TradingStatus {
  const opened = (seconds: number | null | undefined): boolean => (seconds ?? 0) * msPerSecond <= nowMs
  const delistedAt = pair.delisting_time ?? 0
  if (delistedAt > 0 && delistedAt * msPerSecond <= nowMs) return 'halted'
  const canBuy = (pair.trade_status === 'tradable' || pair.trade_status === 'buyable') && opened(pair.buy_start)
  const canSell = (pair.trade_status === 'tradable' || pair.trade_status === 'sellable') && opened(pair.sell_start)
  if (canBuy && canSell) return 'trading'
  if (canBuy) return 'buy_only'
  return canSell ? 'sell_only' : 'halted'
}
