// Pushes of a Gate.io spot book as the exchange writes them today, and the instrument that they are of.
import { Decimal, Instrument, createExchangeId, parseSymbol } from '@cex-arbitrage/common'

/** @typedef {import('./book-traffic.mjs').BookUpdate} BookUpdate */
/** @typedef {import('./book-traffic.mjs').BookState} BookState */

export const priceDecimals = 2
export const quantityDecimals = 5
const depth = 'ob.BTC_USDT'

export const instrument = new Instrument({
  exchange: createExchangeId('gateio'),
  marketType: 'spot',
  ...parseSymbol('BTC/USDT'),
  exchangeSymbol: 'BTC_USDT',
  tickSize: Decimal.of(1n, priceDecimals),
  lotSize: Decimal.of(1n, quantityDecimals),
  fees: { maker: Decimal.zero, taker: Decimal.zero, assetRule: 'received' },
  status: 'trading',
})

/** The market as ccxt wants to know it. */
export function createCcxtMarket(exchange) {
  const precision = { amount: 1e-8, price: 1e-8 }
  const names = { id: 'BTC_USDT', symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', baseId: 'BTC', quoteId: 'USDT' }
  return exchange.safeMarketStructure({ ...names, type: 'spot', spot: true, active: true, precision })
}

/**
 * A push of `spot.order_book_update`.
 *
 * @param {BookUpdate} update
 * @param {number} timeMs
 */
export function encodeUpdate({ from, to, bids, asks }, timeMs) {
  const seconds = Math.floor(timeMs / 1000)
  const result = { t: timeMs, l: '100', e: 'depthUpdate', E: seconds, s: 'BTC_USDT', U: from, u: to, b: bids, a: asks }
  const frame = { time: seconds, time_ms: timeMs, channel: 'spot.order_book_update', event: 'update', result }
  return Buffer.from(JSON.stringify(frame))
}

/**
 * The same changes as a push of `spot.obu`, which ccxt subscribes to by default.
 *
 * @param {BookUpdate} update
 * @param {number} timeMs
 */
export function encodeObu({ from, to, bids, asks }, timeMs, levels = 50) {
  const result = { t: timeMs, s: `${depth}.${levels}`, U: from, u: to, b: bids, a: asks }
  return Buffer.from(JSON.stringify({ channel: 'spot.obu', result, time_ms: timeMs + 1, event: 'update' }))
}

/**
 * The first push of a `spot.obu` subscription: the whole book.
 *
 * @param {BookState} state
 * @param {number} timeMs
 */
export function encodeObuSnapshot({ sequence, bids, asks }, timeMs, levels = 50) {
  const result = { t: timeMs, full: true, s: `${depth}.${levels}`, u: sequence, b: bids, a: asks }
  return Buffer.from(JSON.stringify({ channel: 'spot.obu', result, time_ms: timeMs + 1, event: 'update' }))
}
