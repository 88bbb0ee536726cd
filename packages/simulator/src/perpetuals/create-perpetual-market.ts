import { type Clock, Decimal } from '@cex-arbitrage/common'

import type { SyntheticMarketOptions } from '../market/synthetic-market.js'
import { manualMarket } from '../market/market-driver.js'
import type { ReferenceMarket } from '../market/reference-market.js'
import { SyntheticMarket } from '../market/synthetic-market.js'
import type { ExchangeRules } from '../matching/exchange-core.js'
import { BookPrices } from './book-prices.js'
import { PerpetualMarket } from './perpetual-market.js'
import { type BasisOptions, PerpetualReference } from './perpetual-reference.js'
import type { PerpetualSpec } from './perpetual-spec.js'

const defaultFundingIntervalMs = 8 * 3_600_000

/** What a venue's perpetuals are like; all of it has a default. */
export interface PerpetualOptions {
  /** One of each spot pair in USDT when absent. */
  readonly specs?: readonly PerpetualSpec[]
  /** Eight hours when absent. Funding is paid at the multiples of it on the venue's clock. */
  readonly fundingIntervalMs?: number
  /** Part of the notional that every interval pays; follows the model of the market when absent. */
  readonly fundingRate?: string
  /** How the synthetic perpetuals stray from spot. */
  readonly basis?: Partial<BasisOptions>
}

/** What the host knows already. */
export interface PerpetualSurroundings {
  readonly exchange: string
  readonly seed: number
  /** The venue's time. */
  readonly clock: Clock
  /** Time of the synthetic market, free of skews. */
  readonly marketClock: Clock
  readonly rules: Pick<ExchangeRules, 'formatOrderId' | 'selfTrade' | 'firstSequence' | 'orderHistory'>
  readonly specs: readonly PerpetualSpec[]
  /** The synthetic spot market; books are left to whoever places orders when absent. */
  readonly reference: ReferenceMarket | undefined
  readonly synthetic: SyntheticMarketOptions
}

export function createPerpetualMarket(options: PerpetualOptions, around: PerpetualSurroundings): PerpetualMarket {
  const { clock, exchange, marketClock, reference, rules, seed, specs, synthetic } = around
  const base = { clock, rules, specs, fundingIntervalMs: options.fundingIntervalMs ?? defaultFundingIntervalMs }
  const model =
    reference === undefined ? undefined : new PerpetualReference(reference, exchange, marketClock, seed, options.basis)
  const market =
    model === undefined
      ? new PerpetualMarket({ ...base, prices: (core) => new BookPrices(core), driver: () => manualMarket })
      : new PerpetualMarket({
          ...base,
          prices: () => model,
          driver: (core) => new SyntheticMarket(exchange, core, model, marketClock, seed, synthetic),
          history: ({ name, referencePrice }, atMs) => model.priceAt(name, referencePrice, atMs),
        })
  if (options.fundingRate !== undefined)
    for (const { name } of market.core.symbols.values())
      market.prices.holdFundingRate(name, Decimal.parse(options.fundingRate))
  return market
}
