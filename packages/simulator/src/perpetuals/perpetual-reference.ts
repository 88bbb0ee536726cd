import { type Clock, Decimal } from '@cex-arbitrage/common'

import { hashText, hashUnit, smoothNoise } from '../market/hash-noise.js'
import { shockBps, type ShockOptions } from '../market/price-shocks.js'
import type { FairPrices } from '../market/fair-prices.js'
import type { ReferenceMarket } from '../market/reference-market.js'
import type { TradingSymbol } from '../matching/trading-symbol.js'
import type { PriceSource } from './price-source.js'

/** How a perpetual strays from its spot price. */
export interface BasisOptions extends ShockOptions {
  /** Size of the slow wandering, bps either way. */
  readonly wanderBps: number
  /** Milliseconds between its turns. */
  readonly wanderPeriodMs: number
}

/** Openings are beyond the fees of both legs; two slots in a row go opposite ways, so that a position can be closed again. */
export const defaultBasis: BasisOptions = {
  wanderBps: 4,
  wanderPeriodMs: 20_000,
  slotMs: 15_000,
  probability: 0.7,
  minBps: 40,
  maxBps: 90,
  minDurationMs: 2_000,
  maxDurationMs: 8_000,
}

const interestRate = 0.0001
const fundingSwing = 0.0004
const fundingDecimals = 6

/** Prices of perpetuals as a function of (seed, symbol, time step), on top of those of spot. */
export class PerpetualReference implements FairPrices, PriceSource {
  readonly stepMs: number
  private readonly basis: BasisOptions

  constructor(
    private readonly spot: ReferenceMarket,
    private readonly exchange: string,
    private readonly clock: Clock,
    private readonly seed: number,
    basis: Partial<BasisOptions> = {},
  ) {
    this.stepMs = spot.stepMs
    this.basis = { ...defaultBasis, ...basis }
  }

  /** What the bots quote around: the spot price of this venue and the basis. */
  venuePriceAt(exchange: string, symbol: string, referencePrice: number, atMs: number): number {
    const spot = this.spot.venuePriceAt(exchange, spotNameOf(symbol), referencePrice, atMs)
    const stepAtMs = Math.floor(atMs / this.stepMs) * this.stepMs
    return (
      spot * (1 + (this.wanderingBps(symbol, stepAtMs) + shockBps(this.seedOf(symbol), this.basis, stepAtMs)) / 10_000)
    )
  }

  priceAt(symbol: string, referencePrice: number, atMs: number): number {
    return this.venuePriceAt(this.exchange, symbol, referencePrice, atMs)
  }

  indexPrice(symbol: TradingSymbol): Decimal {
    return this.onGrid(symbol, this.spot.priceAt(spotNameOf(symbol.name), symbol.referencePrice, this.clock.nowMs()))
  }

  /** Follows the index and the slow part of the basis, so that an opening liquidates nobody. */
  markPrice(symbol: TradingSymbol): Decimal {
    const nowMs = this.clock.nowMs()
    const index = this.spot.priceAt(spotNameOf(symbol.name), symbol.referencePrice, nowMs)
    const stepAtMs = Math.floor(nowMs / this.stepMs) * this.stepMs
    return this.onGrid(symbol, index * (1 + this.wanderingBps(symbol.name, stepAtMs) / 10_000))
  }

  fundingRate(symbol: TradingSymbol, n: number): Decimal {
    const rate = interestRate + fundingSwing * (hashUnit(this.seedOf(symbol.name), n, 7) * 2 - 1)
    return Decimal.parse(rate.toFixed(fundingDecimals))
  }

  private wanderingBps(symbol: string, atMs: number): number {
    return this.basis.wanderBps * smoothNoise(this.seedOf(symbol), atMs / this.basis.wanderPeriodMs)
  }

  /** Its own on every venue: perpetuals of two venues stray apart. */
  private seedOf(symbol: string): number {
    return hashText(this.exchange + symbol) ^ this.seed
  }

  private onGrid(symbol: TradingSymbol, price: number): Decimal {
    return Decimal.parse(price.toFixed(symbol.priceDecimals))
  }
}

const spotNameOf = (symbol: string): string => symbol.split(':')[0]!
