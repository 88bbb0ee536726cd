import type { Side } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import { refuseFutures } from './futures-errors.js'

const msPerHour = 3_600_000

/** `BASE_QUOTE`. */
export const contractIdOf = (symbol: TradingSymbol): string => `${symbol.base}_${symbol.quote}`

export const findContract = (market: PerpetualMarket, id: unknown): TradingSymbol | undefined =>
  [...market.core.symbols.values()].find((symbol) => contractIdOf(symbol) === id)

/** @throws FuturesRefusal 1001 when the contract is not listed. */
export const listedContract = (market: PerpetualMarket, id: unknown): TradingSymbol =>
  findContract(market, id) ?? refuseFutures('noContract')

/** An element of `contract/detail`. */
export function viewDetail(market: PerpetualMarket, symbol: TradingSymbol): Record<string, unknown> {
  const spec = market.spec(symbol)
  const deviation = Number(spec.priceDeviation)
  return {
    symbol: contractIdOf(symbol),
    displayName: `${contractIdOf(symbol)} PERPETUAL`,
    displayNameEn: `${contractIdOf(symbol)} PERPETUAL`,
    positionOpenType: 3,
    baseCoin: symbol.base,
    quoteCoin: symbol.quote,
    settleCoin: symbol.quote,
    baseCoinName: symbol.base,
    quoteCoinName: symbol.quote,
    contractSize: symbol.contractSize.toNumber(),
    minLeverage: 1,
    maxLeverage: spec.maxLeverage,
    priceScale: symbol.priceDecimals,
    volScale: 0,
    amountScale: 4,
    priceUnit: symbol.tickSize.toNumber(),
    volUnit: 1,
    minVol: 1,
    maxVol: spec.maxContracts,
    limitMaxVol: spec.maxContracts,
    bidLimitPriceRate: deviation,
    askLimitPriceRate: deviation,
    takerFeeRate: symbol.takerFee.toNumber(),
    makerFeeRate: symbol.makerFee.toNumber(),
    maintenanceMarginRate: Number(spec.maintenanceRate),
    initialMarginRate: 1 / spec.maxLeverage,
    state: symbol.tradable ? 0 : 4,
    apiAllowed: true,
    futureType: 1,
    maxNumOrders: [maxOpenOrders, maxOpenOrders],
    indexOrigin: ['MEXC'],
    type: 1,
    isNew: false,
    isHot: false,
    isHidden: false,
  }
}

/** Most orders of an account that work on one contract. */
export const maxOpenOrders = 200

/** `[price, contracts, orders]`, best first. */
export const viewDepthRows = (market: PerpetualMarket, symbol: TradingSymbol, side: Side, limit: number): number[][] =>
  market.core
    .engine(symbol.name)
    .ladder(side)
    .levels.slice(0, limit)
    .map(({ orders, priceTicks, totalLots }) => [symbol.price(priceTicks).toNumber(), totalLots, orders.length])

export function viewFundingRate(market: PerpetualMarket, symbol: TradingSymbol): Record<string, unknown> {
  return {
    symbol: contractIdOf(symbol),
    fundingRate: market.funding.rate(symbol).toNumber(),
    maxFundingRate: 0.0018,
    minFundingRate: -0.0018,
    collectCycle: market.funding.intervalMs / msPerHour,
    nextSettleTime: market.funding.nextAtMs,
    idxPrice: market.prices.indexPrice(symbol).toNumber(),
    fairPrice: market.prices.markPrice(symbol).toNumber(),
    timestamp: market.clock.nowMs(),
  }
}

const dayMs = 86_400_000
const dayStepMs = 900_000

/** What a ticker says, by REST and as `push.ticker`. */
export function viewFuturesTicker(market: PerpetualMarket, symbol: TradingSymbol): Record<string, unknown> {
  const { asks, bids } = market.core.engine(symbol.name)
  const nowMs = market.clock.nowMs()
  const fair = market.prices.markPrice(symbol)
  const bars = market.candles(symbol.name).list(dayStepMs, nowMs - dayMs, nowMs)
  const lastTrade = market.core.trades(symbol.name).at(-1)
  const last = lastTrade ? symbol.price(lastTrade.priceTicks).toNumber() : (bars.at(-1)?.close ?? fair.toNumber())
  const open = bars[0]?.open ?? last
  const volume = bars.reduce((sum, bar) => sum + bar.volume, 0)
  const deviation = Number(market.spec(symbol).priceDeviation)
  const onGrid = (price: number): number => Number(price.toFixed(symbol.priceDecimals))
  const quote = (ticks: number | undefined): number => (ticks === undefined ? 0 : symbol.price(ticks).toNumber())
  return {
    contractId: [...market.core.symbols.keys()].indexOf(symbol.name) + 1,
    symbol: contractIdOf(symbol),
    lastPrice: last,
    bid1: quote(bids.best?.priceTicks),
    ask1: quote(asks.best?.priceTicks),
    volume24: volume,
    amount24: bars.reduce((sum, bar) => sum + bar.quoteVolume, 0) * symbol.contractSize.toNumber(),
    holdVol: market.positions.openInterest(symbol.name),
    lower24Price: Math.min(last, ...bars.map(({ low }) => low)),
    high24Price: Math.max(last, ...bars.map(({ high }) => high)),
    riseFallRate: Number((open === 0 ? 0 : last / open - 1).toFixed(4)),
    riseFallValue: onGrid(last - open),
    indexPrice: market.prices.indexPrice(symbol).toNumber(),
    fairPrice: fair.toNumber(),
    fundingRate: market.funding.rate(symbol).toNumber(),
    maxBidPrice: onGrid(fair.toNumber() * (1 + deviation)),
    minAskPrice: onGrid(fair.toNumber() * (1 - deviation)),
    timestamp: nowMs,
  }
}
