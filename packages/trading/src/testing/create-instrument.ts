import {
  createAssetId,
  createExchangeId,
  createSymbol,
  Decimal,
  Instrument,
  type FeeAssetRule,
  type MarketType,
} from '@cex-arbitrage/common'

/** What a spec may want to say of an instrument; the rest is plain. Numbers as decimal texts. */
export interface TestInstrumentSpec {
  readonly exchange?: string
  readonly base?: string
  readonly quote?: string
  readonly marketType?: MarketType
  readonly tickSize?: string
  readonly lotSize?: string
  /** Decimals of the book's data, where they are finer than the grids of orders. */
  readonly priceDecimals?: number
  readonly quantityDecimals?: number
  readonly minQuantity?: string
  readonly maxQuantity?: string
  readonly minNotional?: string
  readonly contractSize?: string
  readonly makerFee?: string
  readonly takerFee?: string
  readonly feeAssetRule?: FeeAssetRule
}

/** A spot instrument BTC/USDT with two decimals of price, four of quantity and ten basis points of fee in quote. */
export function createTestInstrument(spec: TestInstrumentSpec = {}): Instrument {
  const base = createAssetId(spec.base ?? 'BTC')
  const quote = createAssetId(spec.quote ?? 'USDT')
  return new Instrument({
    exchange: createExchangeId(spec.exchange ?? 'alpha'),
    marketType: spec.marketType ?? 'spot',
    symbol: createSymbol(base, quote),
    base,
    quote,
    exchangeSymbol: `${base}${quote}`,
    tickSize: Decimal.parse(spec.tickSize ?? '0.01'),
    lotSize: Decimal.parse(spec.lotSize ?? '0.0001'),
    minQuantity: Decimal.parse(spec.minQuantity ?? '0'),
    minNotional: Decimal.parse(spec.minNotional ?? '1'),
    contractSize: Decimal.parse(spec.contractSize ?? '1'),
    ...(spec.priceDecimals !== undefined && { priceDecimals: spec.priceDecimals }),
    ...(spec.quantityDecimals !== undefined && { quantityDecimals: spec.quantityDecimals }),
    ...(spec.maxQuantity !== undefined && { maxQuantity: Decimal.parse(spec.maxQuantity) }),
    fees: {
      maker: Decimal.parse(spec.makerFee ?? '0.001'),
      taker: Decimal.parse(spec.takerFee ?? '0.001'),
      assetRule: spec.feeAssetRule ?? 'quote',
    },
    status: 'trading',
  })
}
