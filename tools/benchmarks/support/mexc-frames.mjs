// Pushes of a MEXC spot book as the exchange writes them, and the instrument that they are of.
import { Decimal, Instrument, createExchangeId, parseSymbol } from '@cex-arbitrage/common'

/** @typedef {import('./book-traffic.mjs').BookUpdate} BookUpdate */

export const priceDecimals = 2
export const quantityDecimals = 5

export const instrument = new Instrument({
  exchange: createExchangeId('mexc'),
  marketType: 'spot',
  ...parseSymbol('BTC/USDT'),
  exchangeSymbol: 'BTCUSDT',
  tickSize: Decimal.of(1n, priceDecimals),
  lotSize: Decimal.of(1n, quantityDecimals),
  fees: { maker: Decimal.zero, taker: Decimal.zero, assetRule: 'quote' },
  status: 'trading',
})

/**
 * Field numbers are those of `wire/push-data.proto`.
 *
 * @param {BookUpdate} update
 * @param {number} timeMs
 */
export function encodePush({ from, to, bids, asks }, timeMs) {
  const level = ([price, quantity]) => Buffer.concat([text(1, price), text(2, quantity)])
  const channel = 'spot@public.aggre.depth.v3.api.pb@100ms'
  const body = Buffer.concat([
    ...asks.map((each) => field(1, level(each))),
    ...bids.map((each) => field(2, level(each))),
    text(3, channel),
    text(4, String(from)),
    text(5, String(to)),
  ])
  return Buffer.concat([
    text(1, `${channel}@BTCUSDT`),
    text(3, 'BTCUSDT'),
    varint(6 * 8),
    varint(timeMs),
    field(313, body),
  ])
}

const field = (number, bytes) => Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes])
const text = (number, value) => field(number, Buffer.from(value))

function varint(value) {
  const bytes = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  bytes.push(rest)
  return Buffer.from(bytes)
}
