import type { SymbolSpec } from '../matching/trading-symbol.js'

/** The rules of one linear perpetual: quantities are whole contracts, everything settles in the quote asset. */
export interface PerpetualSpec extends SymbolSpec {
  readonly contractSize: string
  /** Part of a position's value that must stay covered; below it the position is liquidated. */
  readonly maintenanceRate: string
  readonly maxLeverage: number
  /** Most contracts of one order. */
  readonly maxContracts: number
  /** How far from the mark price a limit may be, as a part of it. */
  readonly priceDeviation: string
}

/** Contracts are worth about so much, quote. */
const contractValue = 10

/** A perpetual of a spot pair, with a contract worth about 10 of the quote. */
export function perpetualOf(
  spot: SymbolSpec,
  fees: { readonly makerFee: string; readonly takerFee: string },
  tickSize = spot.tickSize,
): PerpetualSpec {
  const exponent = Math.round(Math.log10(contractValue / spot.referencePrice))
  return {
    base: spot.base,
    quote: spot.quote,
    tickSize,
    referencePrice: spot.referencePrice,
    lotSize: '1',
    minNotional: '0',
    contractSize: exponent >= 0 ? `1${'0'.repeat(exponent)}` : `0.${'0'.repeat(-exponent - 1)}1`,
    maintenanceRate: '0.005',
    maxLeverage: 100,
    maxContracts: 1_000_000,
    priceDeviation: '0.05',
    ...fees,
  }
}
