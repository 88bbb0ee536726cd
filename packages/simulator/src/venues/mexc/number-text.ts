import { Decimal } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../../matching/trading-symbol.js'

/** Snapshots pad prices to the tick and quantities to the lot; pushes trim both. */
export const paddedPrice = (symbol: TradingSymbol, ticks: number): string =>
  symbol.price(ticks).toFixed(symbol.priceDecimals)

export const paddedQuantity = (symbol: TradingSymbol, lots: number): string =>
  symbol.quantity(lots).toFixed(symbol.quantityDecimals)

export const trimmedPrice = (symbol: TradingSymbol, ticks: number): string => symbol.price(ticks).toString()

export const trimmedQuantity = (symbol: TradingSymbol, lots: number): string => symbol.quantity(lots).toString()

/** Average price of a fill set with the precision of the tick, rounded down; `0` without fills. */
export function averagePrice(symbol: TradingSymbol, filledNotional: Decimal, filledLots: number): string {
  if (filledLots === 0) return '0'
  return filledNotional.dividedBy(symbol.quantity(filledLots), symbol.priceDecimals, 'down').toString()
}

/** A plain decimal without sign or exponent; `undefined` for anything else. */
export function parsePlainDecimal(text: string): Decimal | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Decimal.tryParse(text) : undefined
}

/** Decimal places as written, trailing zeros included: the venue refuses `2.000000` where two decimals are allowed. */
export function writtenDecimals(text: string): number {
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - point - 1
}
