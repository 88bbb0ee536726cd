import type { CandleBar } from '../../../market/candles.js'
import type { PublicTrade } from '../../../matching/exchange-listener.js'
import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import { marketSlipRatio, maxFuturesOpenOrders } from '../constants.js'
import { viewTicker } from '../market-view.js'
import { pairOf } from '../pairs.js'
import { type SizeStyle, writeSize } from './sizes.js'

/** Unix seconds with three decimals. */
export const fineSeconds = (ms: number): number => Number((ms / 1000).toFixed(3))

/** A row of `contracts`. */
export function viewContract(
  market: PerpetualMarket,
  symbol: TradingSymbol,
  style: SizeStyle,
): Record<string, unknown> {
  const spec = market.spec(symbol)
  const rate = market.funding.rate(symbol).toString()
  const { maxLeverage } = spec
  const mark = market.prices.markPrice(symbol).toString()
  return {
    name: pairOf(symbol),
    type: 'direct',
    quanto_multiplier: symbol.contractSize.toString(),
    order_price_round: symbol.tickSize.toString(),
    mark_price_round: symbol.tickSize.toString(),
    order_size_min: writeSize(1, style),
    order_size_max: writeSize(spec.maxContracts, style),
    enable_decimal: false,
    market_order_size_max: '0',
    market_order_slip_ratio: marketSlipRatio,
    order_price_deviate: spec.priceDeviation,
    orders_limit: maxFuturesOpenOrders,
    leverage_min: '1',
    leverage_max: String(maxLeverage),
    cross_leverage_default: '10',
    maintenance_rate: spec.maintenanceRate,
    mark_type: 'index',
    mark_price: mark,
    index_price: market.prices.indexPrice(symbol).toString(),
    last_price: lastPrice(market, symbol) ?? mark,
    maker_fee_rate: symbol.makerFee.toString(),
    taker_fee_rate: symbol.takerFee.toString(),
    funding_rate: rate,
    funding_rate_indicative: rate,
    funding_interval: market.funding.intervalMs / 1000,
    funding_next_apply: market.funding.nextAtMs / 1000,
    funding_offset: 0,
    funding_rate_limit: '0.02',
    funding_cap_ratio: '1',
    funding_impact_value: '7000',
    interest_rate: '0.0003',
    risk_limit_base: '1000000',
    risk_limit_step: '1000000',
    risk_limit_max: '10000000',
    ref_discount_rate: '0',
    ref_rebate_rate: '0.2',
    in_delisting: !symbol.tradable,
    status: symbol.tradable ? 'trading' : 'delisting',
    is_pre_market: false,
    enable_bonus: false,
    enable_credit: false,
    enable_circuit_breaker: false,
    contract_type: '',
    voucher_leverage: '0',
    launch_time: 1_700_000_000,
    create_time: 1_700_000_000,
    config_change_time: 1_700_000_000,
    orderbook_id: market.core.engine(symbol.name).sequence,
    trade_id: market.core.trades(symbol.name).at(-1)?.tradeId ?? 0,
    trade_size: writeSize(0, style),
    position_size: writeSize(market.positions.openInterest(symbol.name), style),
    long_users: 0,
    short_users: 0,
  }
}

/** What a ticker says about one contract, all text; `size` members are contracts in every style. */
export function viewFuturesTicker(market: PerpetualMarket, symbol: TradingSymbol): Record<string, string> {
  const spot = viewTicker(market, symbol)
  const { asks, bids } = market.core.engine(symbol.name)
  const rate = market.funding.rate(symbol).toString()
  const last = Number(spot['last'])
  const contracts = Number(spot['base_volume'])
  const base = contracts * symbol.contractSize.toNumber()
  return {
    contract: pairOf(symbol),
    last: spot['last']!,
    low_24h: spot['low_24h']!,
    high_24h: spot['high_24h']!,
    change_percentage: spot['change_percentage']!,
    change_price: String(Number(((last * Number(spot['change_percentage'])) / 100).toFixed(symbol.priceDecimals))),
    total_size: String(market.positions.openInterest(symbol.name)),
    volume_24h: String(contracts),
    volume_24h_base: base.toFixed(4),
    volume_24h_quote: (base * last).toFixed(4),
    volume_24h_settle: (base * last).toFixed(4),
    mark_price: market.prices.markPrice(symbol).toString(),
    index_price: market.prices.indexPrice(symbol).toString(),
    funding_rate: rate,
    funding_rate_indicative: rate,
    highest_bid: spot['highest_bid']!,
    highest_size: bids.best ? String(bids.best.totalLots) : '0',
    lowest_ask: spot['lowest_ask']!,
    lowest_size: asks.best ? String(asks.best.totalLots) : '0',
    quanto_base_rate: '',
  }
}

/** A ticker as `futures.tickers` pushes it: no best prices, but the end of the running funding interval. */
export function viewPushedTicker(market: PerpetualMarket, symbol: TradingSymbol): Record<string, unknown> {
  const {
    highest_bid: _bid,
    highest_size: _bidSize,
    lowest_ask: _ask,
    lowest_size: _askSize,
    ...ticker
  } = viewFuturesTicker(market, symbol)
  return {
    ...ticker,
    change_from: '24h',
    price_type: 'last',
    funding_interval: market.funding.intervalMs / 1000,
    funding_next_apply: market.funding.nextAtMs / 1000,
    funding_offset: 0,
    t: market.clock.nowMs(),
  }
}

/** A trade as REST lists it; the sign of the size is the taker's side. */
export function viewContractTrade(
  trade: PublicTrade,
  symbol: TradingSymbol,
  style: SizeStyle,
): Record<string, unknown> {
  return {
    id: trade.tradeId,
    create_time: fineSeconds(trade.atMs),
    create_time_ms: fineSeconds(trade.atMs),
    contract: pairOf(symbol),
    size: writeSize(signedLots(trade), style),
    price: symbol.price(trade.priceTicks).toString(),
  }
}

/** A trade as `futures.trades` pushes it. */
export function viewPushedContractTrade(
  trade: PublicTrade,
  symbol: TradingSymbol,
  style: SizeStyle,
): Record<string, unknown> {
  return {
    size: writeSize(signedLots(trade), style),
    id: trade.tradeId,
    create_time: Math.floor(trade.atMs / 1000),
    create_time_ms: trade.atMs,
    price: symbol.price(trade.priceTicks).toString(),
    contract: pairOf(symbol),
  }
}

/** A candle as REST lists it; `size` contracts are left out of candles of mark and index prices. */
export function viewContractCandle(bar: CandleBar, symbol: TradingSymbol, style?: SizeStyle): Record<string, unknown> {
  const text = (price: number): string => String(Number(price.toFixed(symbol.priceDecimals)))
  return {
    t: Math.floor(bar.openMs / 1000),
    ...(style && { v: writeSize(Math.round(bar.volume), style) }),
    c: text(bar.close),
    h: text(bar.high),
    l: text(bar.low),
    o: text(bar.open),
    sum: (bar.quoteVolume * symbol.contractSize.toNumber()).toFixed(4),
  }
}

export function lastPrice(market: PerpetualMarket, symbol: TradingSymbol): string | undefined {
  const trade = market.core.trades(symbol.name).at(-1)
  return trade && symbol.price(trade.priceTicks).toString()
}

const signedLots = (trade: PublicTrade): number => (trade.side === 'buy' ? trade.lots : -trade.lots)
