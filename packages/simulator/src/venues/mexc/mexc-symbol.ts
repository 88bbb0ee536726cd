import { Decimal } from '@cex-arbitrage/common'

import type { SymbolSpec, TradingSymbol } from '../../matching/trading-symbol.js'

/** What MEXC knows about a pair beyond the core's rules. Everything has a default that fits an ordinary pair. */
export interface MexcSymbolOptions {
  /** `1` online, `2` paused, `3` offline. */
  readonly status?: '1' | '2' | '3'
  /** `false`: the pair is listed but closed to API trading. */
  readonly isSpotTradingAllowed?: boolean
  /** 1 both sides, 2 buy only, 3 sell only, 4 closed. */
  readonly tradeSideType?: 1 | 2 | 3 | 4
  readonly orderTypes?: readonly string[]
  /** Ratios of `PERCENT_PRICE_BY_SIDE`, such as `0.005` for 0.5 %; `null` for a pair without the filter. */
  readonly priceBand?: { readonly bidMultiplierUp: string; readonly askMultiplierDown: string } | null
  /** Smallest and largest value of a market order, quote. */
  readonly minMarketNotional?: string
  readonly maxMarketNotional?: string
  readonly fullName?: string
  /** When the pair went offline, Unix milliseconds. */
  readonly offlineAtMs?: number
  /** Special treatment: a risk warning. */
  readonly st?: boolean
}

const defaultBand = { bidMultiplierUp: '0.05', askMultiplierDown: '0.05' }
const bitcoinBand = { bidMultiplierUp: '0.005', askMultiplierDown: '0.005' }
const defaultMaxNotional = '2000000'
const defaultMaxMarketNotional = '100000'

const fees = { makerFee: '0', takerFee: '0.0005' }

/** The venue's own pairs with their published steps; `MX` pays for fees when deduction is on. */
export const mexcSymbols: readonly SymbolSpec[] = [
  row('BTC', '0.01', '0.00000001', '0.000001', 65_000),
  row('ETH', '0.01', '0.00001', '0.00001', 3_200),
  row('SOL', '0.01', '0.001', '0.001', 150),
  row('XRP', '0.0001', '0.01', '0.01', 1.4),
  row('LUNC', '0.00000001', '0.01', '0.01', 0.000036),
  row('MX', '0.0001', '0.01', '0.01', 2.4),
  {
    base: 'ETH',
    quote: 'BTC',
    tickSize: '0.000001',
    lotSize: '0.00001',
    minQuantity: '0.00001',
    minNotional: '0.000015',
    maxNotional: '30',
    referencePrice: 3_200 / 65_000,
    ...fees,
  },
]

function row(base: string, tickSize: string, lotSize: string, minQuantity: string, referencePrice: number): SymbolSpec {
  const maxNotional = base === 'BTC' ? '4000000' : defaultMaxNotional
  return { base, quote: 'USDT', tickSize, lotSize, minQuantity, minNotional: '1', maxNotional, referencePrice, ...fees }
}

/** A pair as MEXC lists it. `trading.tradable` pauses it while the venue runs. */
export class MexcSymbol {
  /** `BTCUSDT`. */
  readonly id: string
  readonly isSpotTradingAllowed: boolean
  readonly tradeSideType: 1 | 2 | 3 | 4
  readonly orderTypes: readonly string[]
  readonly priceBand: { readonly up: Decimal; readonly down: Decimal } | undefined
  readonly minMarketNotional: Decimal
  readonly maxMarketNotional: Decimal
  readonly maxNotional: Decimal
  readonly fullName: string
  readonly st: boolean
  readonly offlineAtMs: number | undefined
  private readonly listedStatus: '1' | '2' | '3'

  constructor(
    readonly trading: TradingSymbol,
    options: MexcSymbolOptions = {},
  ) {
    const isBitcoin = trading.name === 'BTC/USDT'
    const band = options.priceBand === undefined ? (isBitcoin ? bitcoinBand : defaultBand) : options.priceBand
    this.id = `${trading.base}${trading.quote}`
    this.listedStatus = options.status ?? '1'
    this.offlineAtMs = options.offlineAtMs
    this.isSpotTradingAllowed = options.isSpotTradingAllowed ?? true
    this.tradeSideType = options.tradeSideType ?? 1
    this.orderTypes = options.orderTypes ?? ['LIMIT', 'MARKET', 'LIMIT_MAKER']
    this.priceBand =
      band === null
        ? undefined
        : { up: Decimal.parse(band.bidMultiplierUp), down: Decimal.parse(band.askMultiplierDown) }
    this.minMarketNotional = Decimal.parse(options.minMarketNotional ?? trading.minNotional.toString())
    this.maxNotional = trading.maxNotional ?? Decimal.parse(defaultMaxNotional)
    const usualMarketMost = isBitcoin
      ? this.maxNotional
      : Decimal.min(this.maxNotional, Decimal.parse(defaultMaxMarketNotional))
    this.maxMarketNotional = Decimal.parse(options.maxMarketNotional ?? usualMarketMost.toString())
    this.fullName = options.fullName ?? trading.base
    this.st = options.st ?? false
  }

  /** `1` online, `2` paused, `3` offline. */
  get status(): '1' | '2' | '3' {
    return this.listedStatus === '1' && !this.trading.tradable ? '2' : this.listedStatus
  }

  /** Whether keys without a pair list may trade it through the API. */
  get isOpenToApi(): boolean {
    return this.isSpotTradingAllowed && this.status === '1'
  }

  /** Its element in `exchangeInfo`. */
  toExchangeInfo(): Record<string, unknown> {
    const { trading } = this
    return {
      symbol: this.id,
      status: this.status,
      baseAsset: trading.base,
      baseAssetPrecision: trading.quantityDecimals,
      quoteAsset: trading.quote,
      quotePrecision: trading.priceDecimals,
      quoteAssetPrecision: trading.priceDecimals,
      baseCommissionPrecision: trading.quantityDecimals,
      quoteCommissionPrecision: trading.priceDecimals,
      orderTypes: this.orderTypes,
      isSpotTradingAllowed: this.isSpotTradingAllowed,
      isMarginTradingAllowed: false,
      quoteAmountPrecision: trading.minNotional.toString(),
      baseSizePrecision: trading.minQuantity.toString(),
      permissions: ['SPOT'],
      filters: this.filters(),
      maxQuoteAmount: this.maxNotional.toString(),
      makerCommission: trading.makerFee.toString(),
      takerCommission: trading.takerFee.toString(),
      quoteAmountPrecisionMarket: this.minMarketNotional.toString(),
      maxQuoteAmountMarket: this.maxMarketNotional.toString(),
      fullName: this.fullName,
      tradeSideType: this.tradeSideType,
      contractAddress: '',
      conceptPlateIds: [],
      st: this.st,
    }
  }

  private filters(): Record<string, unknown>[] {
    if (this.priceBand === undefined) return []
    const { up, down } = this.priceBand
    return [
      {
        filterType: 'PERCENT_PRICE_BY_SIDE',
        bidMultiplierUp: up.toString(),
        askMultiplierDown: down.toString(),
      },
    ]
  }
}
