import { Decimal, usPerMs, type Instrument } from '@cex-arbitrage/common'
import { defaultExecutionSettings, type ExecutionSettings } from '../execution/execution-settings.js'
import type { RiskLimits } from '../risk/risk-limits.js'
import type { SpotSpotOptions } from '../strategies/spot-spot-options.js'

/** Steps of the coarser grid in the price: fine enough for quotes one percent apart. */
const priceSteps = 100_000n
/** Times the least that an exchange takes: both legs and every unwind are legal. */
const timesLeast = Decimal.of(4)
const quantitySteps = Decimal.of(100)
/** More than any number of rehearsals moves. */
const plenty = Decimal.of(10n ** 15n)
const oneHour = 3_600_000
const ageLimits = { maxQuoteAgeUs: oneHour * usPerMs, maxAgeSkewUs: oneHour * usPerMs }
const edge = { minNetEdgeBps: 1, edgeMarginBps: 0, edgeMarginBpsPerSecond: 0 }
const tenPercent = Decimal.of(1, 1)

/** A price on the grids of both, and a quantity that both take. Prices of the market are not known here and not needed. */
export interface RehearsalTerms {
  readonly price: Decimal
  readonly quantity: Decimal
}

export function createRehearsalTerms(instruments: readonly [Instrument, Instrument]): RehearsalTerms {
  const [one, other] = instruments
  const step = Decimal.max(one.tickSize, other.tickSize)
  const price = step.times(Decimal.of(priceSteps))
  const least = instruments.map(({ minQuantity, minNotional, lotSize, quantityDecimals }) =>
    [
      minQuantity.times(timesLeast),
      minNotional.dividedBy(price, quantityDecimals, 'up').times(timesLeast),
      lotSize.times(quantitySteps),
    ].reduce((a, b) => Decimal.max(a, b)),
  )
  return { price, quantity: Decimal.max(least[0]!, least[1]!) }
}

/** Limits that no rehearsal reaches, so that every one of them is asked and none refuses. */
export const rehearsalLimits: RiskLimits = {
  ...ageLimits,
  ...edge,
  maxNotionalPerTrade: plenty,
  maxPositionByAsset: new Map(),
  maxExposurePerExchange: plenty,
  maxExposurePerAsset: plenty,
  maxExposureTotal: plenty,
  maxOpenTrades: 4,
  maxOpenOrders: 100,
  maxOrdersPerSecond: 10_000,
  maxPriceDeviation: tenPercent,
  maxHedgePriceDeviation: tenPercent,
  maxDailyLoss: plenty,
  maxConsecutiveFailures: 1_000_000,
  maxClockOffsetMs: oneHour,
  maxFeedSilenceMs: oneHour,
}

export const rehearsalBalance = plenty

export const createRehearsalStrategyOptions = ({ price, quantity }: RehearsalTerms): SpotSpotOptions => ({
  ...ageLimits,
  ...edge,
  minNotional: Decimal.zero,
  maxNotional: price.times(quantity).times(Decimal.of(2)),
  maxPriceDeviation: tenPercent,
  unwindMargin: Decimal.of(2, 2),
  maxSurplusNotional: plenty,
  slackShare: Decimal.of(5, 1),
  legOrder: 'concurrent',
  coolDownMs: 0,
  failureCoolDownMs: 0,
})

/** Ended trades are let go at once, and nobody's balance is asked for meanwhile. */
export const rehearsalExecution: ExecutionSettings = {
  ...defaultExecutionSettings,
  lingerMs: 0,
  balanceCheckMs: oneHour,
  deadManSwitchMs: 0,
  maxResidualNotional: plenty,
}
