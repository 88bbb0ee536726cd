import type { FairPrices } from './fair-prices.js'
import { hashText, hashUnit, smoothNoise } from './hash-noise.js'
import { shockBps, type ShockOptions, shockPair } from './price-shocks.js'

/** How prices wander, and how often venues drift apart. */
export interface ReferenceMarketOptions {
  readonly seed: number
  /** Prices change at multiples of this, milliseconds; 100 when absent. */
  readonly stepMs?: number
  /** Multiplies all movement; 1 (about 60 % a year) when absent. */
  readonly volatility?: number
  readonly dislocations?: Partial<DislocationOptions>
}

/**
 * When one venue's price leaves the others. Per symbol and slot there is at most one; the venue is drawn from `exchanges`.
 * They come in pairs: two slots in a row push the same venue for as long, once up and once down, so that who trades on them does not
 * run out of one asset on one venue.
 */
export interface DislocationOptions extends ShockOptions {
  readonly exchanges: readonly string[]
}

/** With five symbols about three in ten seconds, each beyond the fees of two takers. */
export const defaultDislocations: DislocationOptions = {
  slotMs: 10_000,
  probability: 0.6,
  minBps: 35,
  maxBps: 90,
  minDurationMs: 700,
  maxDurationMs: 3_000,
  exchanges: ['gateio', 'mexc'],
}

/** Periods of the waves that make up a price, seconds, and their size in bps: together like a random walk. */
const waves = [0.4, 2, 8, 32, 128, 512, 2048, 8192, 32768].map((periodS) => ({
  periodS,
  bps: 1.07 * Math.sqrt(periodS),
}))

/** Assets that do not move. */
const dollars: ReadonlySet<string> = new Set(['USDT', 'USDC', 'USD'])

/** Ordinary distance of a venue from the reference, bps. */
const venueNoiseBps = 1.2
const venueNoisePeriodMs = 3_000

/**
 * Prices as a pure function of (seed, symbol, time step): venues with the same seed agree without talking to each
 * other, in one process or in several, whenever they were started.
 */
export class ReferenceMarket implements FairPrices {
  readonly stepMs: number
  private readonly seed: number
  private readonly volatility: number
  private readonly dislocations: DislocationOptions

  constructor(options: ReferenceMarketOptions) {
    this.seed = options.seed
    this.stepMs = options.stepMs ?? 100
    this.volatility = options.volatility ?? 1
    this.dislocations = { ...defaultDislocations, ...options.dislocations }
  }

  /**
   * Common price of a symbol, starting from its `referencePrice`; quote per base. It moves as its two assets do, so that
   * `ETH/BTC` stays what `ETH/USDT` and `BTC/USDT` make of it.
   */
  priceAt(symbol: string, referencePrice: number, atMs: number): number {
    const stepS = (Math.floor(atMs / this.stepMs) * this.stepMs) / 1000
    const [base = '', quote = ''] = symbol.split('/')
    const bps = this.moveBps(base, stepS) - this.moveBps(quote, stepS)
    return referencePrice * Math.exp((bps * this.volatility) / 10_000)
  }

  /** How far the dollar price of an asset is from where it began, bps. */
  private moveBps(asset: string, stepS: number): number {
    if (dollars.has(asset)) return 0
    const seed = hashText(`${asset}/USDT`) ^ this.seed
    let bps = 0
    for (const [i, wave] of waves.entries()) bps += wave.bps * smoothNoise(seed + i, stepS / wave.periodS)
    return bps
  }

  /** Fair price on one venue: the common one, a little noise, and a dislocation while one lasts. */
  venuePriceAt(exchange: string, symbol: string, referencePrice: number, atMs: number): number {
    const step = Math.floor(atMs / this.stepMs) * this.stepMs
    const noise = venueNoiseBps * smoothNoise(hashText(exchange + symbol) ^ this.seed, step / venueNoisePeriodMs)
    const bps = noise + this.dislocationBps(exchange, symbol, step)
    return this.priceAt(symbol, referencePrice, atMs) * (1 + bps / 10_000)
  }

  /** How far this venue is pushed off the common price now, bps; mostly 0. */
  dislocationBps(exchange: string, symbol: string, atMs: number): number {
    const { dislocations } = this
    const { exchanges } = dislocations
    const seed = hashText(symbol) ^ this.seed
    const drawn = Math.floor(hashUnit(seed, shockPair(dislocations, atMs), 2) * exchanges.length)
    return exchanges[drawn] === exchange ? shockBps(seed, dislocations, atMs) : 0
  }
}
