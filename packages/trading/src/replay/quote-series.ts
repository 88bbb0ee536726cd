import {
  Decimal,
  ExchangeDataException,
  Instrument,
  createAssetId,
  createExchangeId,
  createSymbol,
  type FeeSchedule,
} from '@cex-arbitrage/common'
import type { CapturedQuote } from '../scan/quote-capture.js'

export interface QuoteSeriesOptions {
  /** As which market the capture is shown, `mexc:spot:LUNC/USDT`. */
  readonly name: string
  readonly fees: FeeSchedule
  /** Base per unit of the capture's quantities: 1 for spot, the size of a contract for futures. */
  readonly contractSize: Decimal
  /** Smallest notional of an order, in quote. */
  readonly minNotional?: Decimal
}

/** A capture of best quotes on the grid of its instrument, quantities in base. */
export interface QuoteSeries {
  readonly name: string
  readonly instrument: Instrument
  readonly length: number
  /** Unix milliseconds, ascending. */
  readonly timestampMs: Float64Array
  readonly bidTicks: Float64Array
  readonly bidLots: Float64Array
  readonly askTicks: Float64Array
  readonly askLots: Float64Array
}

/**
 * Reads a capture into memory. The instrument's grid is the finest that the capture shows; a contract is one lot of base,
 * so that futures are compared and sized as what they stand for. They trade as if base could be delivered: funding, margin
 * and liquidation are left out.
 *
 * @throws {@link ExchangeDataException} The capture is empty, or its name is no `exchange:market:BASE/QUOTE`.
 */
export async function loadQuoteSeries(
  quotes: AsyncIterable<CapturedQuote>,
  options: QuoteSeriesOptions,
): Promise<QuoteSeries> {
  const rows: CapturedQuote[] = []
  let priceDecimals = 0
  let quantityDecimals = 0
  for await (const quote of quotes) {
    rows.push(quote)
    priceDecimals = Math.max(priceDecimals, quote.bidPrice.decimals, quote.askPrice.decimals)
    quantityDecimals = Math.max(quantityDecimals, quote.bidQuantity.decimals, quote.askQuantity.decimals)
  }
  if (rows.length === 0) throw new ExchangeDataException({ message: `The capture of ${options.name} is empty.` })
  const instrument = createCaptureInstrument(options, priceDecimals, quantityDecimals)
  const unit = Decimal.of(1n, instrument.quantityDecimals)
  const toTicks = (price: Decimal): number => Number(price.stepsOf(instrument.tickSize, 'exact'))
  const toLots = (quantity: Decimal): number => Number(quantity.times(options.contractSize).stepsOf(unit, 'exact'))
  return {
    name: options.name,
    instrument,
    length: rows.length,
    timestampMs: Float64Array.from(rows, (row) => row.timestampMs),
    bidTicks: Float64Array.from(rows, (row) => toTicks(row.bidPrice)),
    bidLots: Float64Array.from(rows, (row) => toLots(row.bidQuantity)),
    askTicks: Float64Array.from(rows, (row) => toTicks(row.askPrice)),
    askLots: Float64Array.from(rows, (row) => toLots(row.askQuantity)),
  }
}

function createCaptureInstrument(
  { name, fees, contractSize, minNotional }: QuoteSeriesOptions,
  priceDecimals: number,
  quantityDecimals: number,
): Instrument {
  const [exchange, market, base, quote] = name.split(/[:/]/)
  if (!/^[a-z][a-z0-9_-]*:(spot|futures|margin):[^:/\s]+\/[^:/\s]+$/.test(name))
    throw new ExchangeDataException({ message: `'${name}' names no market. Write exchange:market:BASE/QUOTE.` })
  const lotSize = Decimal.of(1n, quantityDecimals).times(contractSize)
  return new Instrument({
    exchange: createExchangeId(market === 'spot' ? exchange! : `${exchange}-${market}`),
    marketType: 'spot',
    symbol: createSymbol(createAssetId(base!), createAssetId(quote!)),
    base: createAssetId(base!),
    quote: createAssetId(quote!),
    exchangeSymbol: name,
    tickSize: Decimal.of(1n, priceDecimals),
    lotSize,
    fees,
    status: 'trading',
    ...(minNotional && { minNotional }),
  })
}
