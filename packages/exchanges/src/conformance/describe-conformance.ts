import { describe } from 'vitest'
import { ConformanceBench } from './conformance-bench.js'
import type { ConformanceVenue } from './conformance-venue.js'
import { describeMarketData } from './market-data-suite.js'
import { describeOrders } from './order-suite.js'
import { describeOutcomes } from './outcome-suite.js'
import { describePositions } from './position-suite.js'

/** Runs a test on a venue of its own, which is closed afterwards whatever happened. */
export type WithBench = (test: (bench: ConformanceBench) => Promise<void> | void) => () => Promise<void>

export interface ConformanceOptions {
  /** Which half to run; both by default. */
  readonly only?: 'market data' | 'orders'
}

/**
 * The suite that every exchange passes for the capabilities that it claims: what its connector says is compared with
 * what a local venue knows, also while things go wrong. Tests run at the same time, each on a venue of its own.
 *
 * @param name - Of the block of tests.
 * @param createVenue - Makes a venue that has just started, with an empty market that trades around 100 in steps of 0.1
 * at most, quantities in steps of 0.01 base, a smallest order value between 2 and 40 or none, and a trader with 100,000 of
 * quote and 1,000 of base or more; on perpetuals with a wallet of 10,000 and a leverage of 10 or less.
 * @example
 * describeConformance('MEXC spot', () => createVenueFor(mexc))
 */
export function describeConformance(
  name: string,
  createVenue: () => Promise<ConformanceVenue>,
  options: ConformanceOptions = {},
): void {
  const withBench: WithBench = (test) => async () => {
    const venue = await createVenue()
    try {
      const bench = await ConformanceBench.create(venue)
      await test(bench)
      if (bench.failure !== undefined) throw bench.failure as Error
    } finally {
      await venue.close()
    }
  }
  // Each has a venue of its own and mostly waits, so they need not wait for each other.
  describe.concurrent(name, () => {
    if (options.only !== 'orders') describeMarketData(withBench)
    if (options.only === 'market data') return
    describeOrders(withBench)
    describeOutcomes(withBench)
    describePositions(withBench)
  })
}
