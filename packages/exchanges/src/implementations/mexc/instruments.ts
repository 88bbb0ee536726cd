import {
  Decimal,
  Instrument,
  createAssetId,
  createSymbol,
  type FeeSchedule,
  type PriceBand,
  type TradingStatus,
} from '@cex-arbitrage/common'
import { mexcExchangeId } from './constants.js'
import { mexcSymbolSchema, type MexcSymbol } from './schemas.js'

/** Standard rate where a pair states none. */
const standardTakerFee = Decimal.parse('0.0005')
const onlineStatuses = new Set(['1', 'ENABLED'])

/**
 * Maps one row of `exchangeInfo`. `undefined` for a row that cannot be read: of two thousand pairs, one with a new field
 * must not hide the others.
 */
export function mapMexcInstrument(row: unknown): Instrument | undefined {
  const { data } = mexcSymbolSchema.safeParse(row)
  if (data === undefined) return undefined
  const base = createAssetId(data.baseAsset)
  const quote = createAssetId(data.quoteAsset)
  const band = priceBandOf(data)
  const limits = {
    minQuantity: positive(data.baseSizePrecision),
    minNotional: positive(data.quoteAmountPrecision),
    maxNotional: positive(data.maxQuoteAmount),
  }
  return new Instrument({
    exchange: mexcExchangeId,
    marketType: 'spot',
    symbol: createSymbol(base, quote),
    base,
    quote,
    exchangeSymbol: data.symbol,
    tickSize: Decimal.of(1n, data.quotePrecision),
    lotSize: Decimal.of(1n, data.baseAssetPrecision),
    priceDecimals: data.quotePrecision,
    quantityDecimals: data.baseAssetPrecision,
    ...(limits.minQuantity && { minQuantity: limits.minQuantity }),
    ...(limits.minNotional && { minNotional: limits.minNotional }),
    ...(limits.maxNotional && { maxNotional: limits.maxNotional }),
    ...(band && { priceBand: band }),
    fees: feesOf(data),
    status: statusOf(data),
  })
}

function statusOf(symbol: MexcSymbol): TradingStatus {
  const isOpen = onlineStatuses.has(symbol.status) && symbol.isSpotTradingAllowed && symbol.permissions.includes('SPOT')
  if (!isOpen) return 'halted'
  switch (symbol.tradeSideType ?? 1) {
    case 1:
      return 'trading'
    case 2:
      return 'buy_only'
    case 3:
      return 'sell_only'
    default:
      return 'halted'
  }
}

function feesOf(symbol: MexcSymbol): FeeSchedule {
  return {
    maker: Decimal.tryParse(symbol.makerCommission ?? '') ?? Decimal.zero,
    taker: Decimal.tryParse(symbol.takerCommission ?? '') ?? standardTakerFee,
    assetRule: 'quote',
  }
}

function priceBandOf(symbol: MexcSymbol): PriceBand | undefined {
  const filter = symbol.filters.find((each) => each.filterType === 'PERCENT_PRICE_BY_SIDE')
  const buyAboveRatio = positive(filter?.bidMultiplierUp)
  const sellBelowRatio = positive(filter?.askMultiplierDown)
  return buyAboveRatio && sellBelowRatio && { buyAboveRatio, sellBelowRatio }
}

function positive(text: string | null | undefined): Decimal | undefined {
  const value = Decimal.tryParse(text ?? '')
  return value !== undefined && value.sign > 0 ? value : undefined
}
