import {
  createAssetId,
  createSymbol,
  Decimal,
  Instrument,
  msPerSecond,
  type PriceBand,
  type TradingStatus,
} from '@cex-arbitrage/common'
import { gateioExchangeId } from './constants.js'
import { gateioPairSchema, type GateioPair } from './schemas.js'

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

/**
 * A row of `GET /spot/currency_pairs` as an instrument, its status as of `nowMs`. `undefined` for a row that cannot be
 * read: one with a new field must not hide two thousand others.
 */
export function mapGateioInstrument(row: unknown, nowMs: number): Instrument | undefined {
  const pair = gateioPairSchema.safeParse(row).data
  if (pair === undefined) return undefined
  const fee = pair.fee?.times(percent) ?? standardFee
  return new Instrument({
    exchange: gateioExchangeId,
    marketType: 'spot',
    symbol: createSymbol(createAssetId(pair.base), createAssetId(pair.quote)),
    base: createAssetId(pair.base),
    quote: createAssetId(pair.quote),
    exchangeSymbol: pair.id,
    tickSize: Decimal.of(1n, pair.precision),
    lotSize: Decimal.of(1n, pair.amount_precision),
    priceDecimals: pair.precision,
    quantityDecimals: bookQuantityDecimals(pair.precision, pair.amount_precision),
    ...limit('minQuantity', pair.min_base_amount),
    ...limit('maxQuantity', pair.max_base_amount),
    ...limit('minNotional', pair.min_quote_amount),
    ...limit('maxNotional', pair.max_quote_amount),
    fees: { maker: fee, taker: fee, assetRule: 'received' },
    status: tradingStatus(pair, nowMs),
    ...priceBandOf(pair),
  })
}

/** A limit that the row states; absent, null and zero are none. */
function limit<Name extends string>(name: Name, value: Decimal | undefined): { readonly [K in Name]?: Decimal } {
  return value === undefined || value.sign <= 0 ? {} : ({ [name]: value } as { readonly [K in Name]: Decimal })
}

function priceBandOf({ up_rate: up, down_rate: down }: GateioPair): { readonly priceBand?: PriceBand } {
  return up === undefined || down === undefined || up.sign <= 0 || down.sign <= 0
    ? {}
    : { priceBand: { buyAboveRatio: up, sellBelowRatio: down } }
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
