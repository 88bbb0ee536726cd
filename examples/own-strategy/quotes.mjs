// Best quotes of two exchanges for the backtest, the same for the same seed. A capture of your own takes their place:
// readQuoteCapture('quotes.csv.gz') of the trading package reads timestamp_ms,bid_price,bid_qty,ask_price,ask_qty.
import { Decimal } from '@cex-arbitrage/common'
import { ReferenceMarket } from '@cex-arbitrage/simulator'
import { loadQuoteSeries } from '@cex-arbitrage/trading'

const startMs = Date.UTC(2026, 10, 24)
const stepMs = 100
const referencePrice = 65_000
const halfSpread = 3
/** Of every quote, base; its last digit is the lot size. */
const quantity = Decimal.parse('0.05001')
const takerFee = Decimal.parse('0.0005')

/** They part for moments that are too short to trade and for some that are not. */
const market = new ReferenceMarket({
  seed: 11,
  stepMs,
  dislocations: { slotMs: 2_000, probability: 1, minBps: 15, maxBps: 40, minDurationMs: 100, maxDurationMs: 1_500 },
})

/** @param {number} value */
const priceOf = (value) => Decimal.fromNumber(Math.round(value * 10)).dividedBy(Decimal.of(10), 1, 'down')

/** @param {string} exchange @param {number} minutes */
async function* quotesOf(exchange, minutes) {
  for (let timestampMs = startMs; timestampMs < startMs + minutes * 60_000; timestampMs += stepMs) {
    const middle = market.venuePriceAt(exchange, 'BTC/USDT', referencePrice, timestampMs)
    const [bidPrice, askPrice] = [priceOf(middle - halfSpread), priceOf(middle + halfSpread)]
    yield { timestampMs, bidPrice, bidQuantity: quantity, askPrice, askQuantity: quantity }
  }
}

/** @param {number} minutes */
export const loadSeries = (minutes) =>
  Promise.all(
    ['mexc', 'gateio'].map((exchange) =>
      loadQuoteSeries(quotesOf(exchange, minutes), {
        name: `${exchange}:spot:BTC/USDT`,
        contractSize: Decimal.one,
        fees: { maker: Decimal.zero, taker: takerFee, assetRule: 'quote' },
      }),
    ),
  )
