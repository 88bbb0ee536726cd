import { Decimal } from './decimal.js'
import type { AssetId, ExchangeId, InstrumentId } from './ids.js'
import type { Rounding } from './rounding.js'
import type { Symbol } from './symbol.js'

/** Spot, perpetual or dated futures, margin. */
export type MarketType = 'spot' | 'futures' | 'margin'

/** Which orders the venue takes on the instrument at the moment. */
export type TradingStatus = 'trading' | 'buy_only' | 'sell_only' | 'halted'

/**
 * Which asset a fee is taken from unless a fill says otherwise: the received one (buyer pays in base, seller in quote),
 * or always the quote.
 */
export type FeeAssetRule = 'received' | 'quote'

/** Fees as fractions of the notional: `0.0005` is five basis points. Negative is a rebate. */
export interface FeeSchedule {
  readonly maker: Decimal
  readonly taker: Decimal
  readonly assetRule: FeeAssetRule
}

/** How far from the last price a limit order may be; ratios, `0.005` is half a percent. */
export interface PriceBand {
  readonly buyAboveRatio: Decimal
  readonly sellBelowRatio: Decimal
}

/** What an exchange publishes of one instrument. Absent limits do not exist there. */
export interface InstrumentSpec {
  readonly exchange: ExchangeId
  readonly marketType: MarketType
  readonly symbol: Symbol
  readonly base: AssetId
  readonly quote: AssetId
  /** The exchange's own name, `BTCUSDT` or `BTC_USDT`; opaque. */
  readonly exchangeSymbol: string
  /** Smallest step of an order's price, in quote per base. */
  readonly tickSize: Decimal
  /** Smallest step of an order's quantity, in base (spot) or contracts (futures). */
  readonly lotSize: Decimal
  /** Decimals of prices in market data, at least those of `tickSize`. Default: those of `tickSize`. */
  readonly priceDecimals?: number
  /** Decimals of quantities in market data, at least those of `lotSize`. Default: those of `lotSize`. */
  readonly quantityDecimals?: number
  readonly minQuantity?: Decimal
  readonly maxQuantity?: Decimal
  readonly minNotional?: Decimal
  readonly maxNotional?: Decimal
  /** Base per contract; one for spot. */
  readonly contractSize?: Decimal
  readonly fees: FeeSchedule
  readonly status: TradingStatus
  readonly priceBand?: PriceBand
}

/**
 * One market of one exchange with its grids.
 *
 * Market data and orders use two grids of one unit. A *price tick* is `10^-priceDecimals` quote and a *quantity lot* is
 * `10^-quantityDecimals` base (or contracts): the finest the venue's data shows, so that a book is exact. Orders lie on
 * multiples of `tickStep` ticks and `lotStep` lots, the venue's `tickSize` and `lotSize`.
 */
export class Instrument {
  readonly id: InstrumentId
  readonly exchange: ExchangeId
  readonly marketType: MarketType
  readonly symbol: Symbol
  readonly base: AssetId
  readonly quote: AssetId
  readonly exchangeSymbol: string
  readonly tickSize: Decimal
  readonly lotSize: Decimal
  readonly priceDecimals: number
  readonly quantityDecimals: number
  /** `tickSize` in price ticks. */
  readonly tickStep: number
  /** `lotSize` in quantity lots. */
  readonly lotStep: number
  readonly minQuantity: Decimal
  readonly maxQuantity: Decimal | undefined
  readonly minNotional: Decimal
  readonly maxNotional: Decimal | undefined
  readonly contractSize: Decimal
  readonly fees: FeeSchedule
  readonly status: TradingStatus
  readonly priceBand: PriceBand | undefined
  /** One price tick as a double, for ratios. */
  readonly pricePerTick: number
  /** One quantity lot in base as a double, contract size included, for ratios. */
  readonly basePerLot: number

  /** @throws RangeError when a grid is not positive or coarser than its data decimals allow. */
  constructor(spec: InstrumentSpec) {
    this.id = createInstrumentId(spec.exchange, spec.marketType, spec.symbol)
    this.exchange = spec.exchange
    this.marketType = spec.marketType
    this.symbol = spec.symbol
    this.base = spec.base
    this.quote = spec.quote
    this.exchangeSymbol = spec.exchangeSymbol
    this.tickSize = spec.tickSize
    this.lotSize = spec.lotSize
    this.priceDecimals = spec.priceDecimals ?? spec.tickSize.decimals
    this.quantityDecimals = spec.quantityDecimals ?? spec.lotSize.decimals
    this.tickStep = Number(spec.tickSize.stepsOf(Decimal.of(1n, this.priceDecimals), 'exact'))
    this.lotStep = Number(spec.lotSize.stepsOf(Decimal.of(1n, this.quantityDecimals), 'exact'))
    if (this.tickStep <= 0 || this.lotStep <= 0) throw new RangeError(`${this.id}: tick and lot size must be positive.`)
    this.minQuantity = spec.minQuantity ?? Decimal.zero
    this.maxQuantity = spec.maxQuantity
    this.minNotional = spec.minNotional ?? Decimal.zero
    this.maxNotional = spec.maxNotional
    this.contractSize = spec.contractSize ?? Decimal.one
    this.fees = spec.fees
    this.status = spec.status
    this.priceBand = spec.priceBand
    this.pricePerTick = Decimal.of(1n, this.priceDecimals).toNumber()
    this.basePerLot = Decimal.of(1n, this.quantityDecimals).times(this.contractSize).toNumber()
  }

  /**
   * A price in ticks, on the grid of orders: `down` and `up` move to the neighbouring multiple of `tickSize`.
   *
   * @throws RangeError with `exact` when the price is off the grid, or when it is negative or beyond 2^53 ticks.
   */
  priceToTicks(price: Decimal, rounding: Rounding): number {
    return safeInteger(price.stepsOf(this.tickSize, rounding) * BigInt(this.tickStep), price, this.id)
  }

  /** A quantity in lots, on the grid of orders; rounding and errors as `priceToTicks`. */
  quantityToLots(quantity: Decimal, rounding: Rounding): number {
    return safeInteger(quantity.stepsOf(this.lotSize, rounding) * BigInt(this.lotStep), quantity, this.id)
  }

  /** The exact price of so many ticks. */
  ticksToPrice(priceTicks: number): Decimal {
    return Decimal.of(priceTicks, this.priceDecimals)
  }

  /** The exact quantity of so many lots, in base or contracts. */
  lotsToQuantity(quantityLots: number): Decimal {
    return Decimal.of(quantityLots, this.quantityDecimals)
  }

  /** The exact value in quote of a sum of price ticks × quantity lots, contract size included. */
  tickLotsToNotional(tickLots: number | bigint): Decimal {
    const value = Decimal.of(tickLots, this.priceDecimals + this.quantityDecimals)
    return this.contractSize === Decimal.one ? value : value.times(this.contractSize)
  }

  /** The exact value in quote, contract size included. */
  notional(priceTicks: number, quantityLots: number): Decimal {
    const product = priceTicks * quantityLots
    const tickLots = Number.isSafeInteger(product) ? product : BigInt(priceTicks) * BigInt(quantityLots)
    return this.tickLotsToNotional(tickLots)
  }

  /** This instrument with other fees, for the account's own rates. */
  withFees(fees: FeeSchedule): Instrument {
    return new Instrument({ ...this.spec(), fees })
  }

  private spec(): InstrumentSpec {
    const { maxQuantity, maxNotional, priceBand, ...always } = this
    return {
      ...always,
      ...(maxQuantity && { maxQuantity }),
      ...(maxNotional && { maxNotional }),
      ...(priceBand && { priceBand }),
    }
  }
}

export function createInstrumentId(exchange: ExchangeId, marketType: MarketType, symbol: Symbol): InstrumentId {
  return `${exchange}:${marketType}:${symbol}` as InstrumentId
}

function safeInteger(value: bigint, from: Decimal, id: InstrumentId): number {
  const result = Number(value)
  if (value < 0n || !Number.isSafeInteger(result))
    throw new RangeError(`${id}: ${from.toString()} is negative or too large for its grid.`)
  return result
}
