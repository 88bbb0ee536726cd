import type { Clock, Instrument, Logger } from '@cex-arbitrage/common'
import type { FundingDesk } from '@cex-arbitrage/exchanges'
import type { TradingVenue } from '../types/trading-venue.js'
import type { FundingRates } from './funding-rates.js'
import { Polling } from './polling.js'

/** Rates are estimates that move slowly until they are settled. */
const intervalMs = 60_000

interface RateSource {
  readonly instrument: Instrument
  readonly desk: FundingDesk
}

/** Asks for the funding rates of every perpetual contract that is traded. */
export const createFundingPolling = (
  venues: readonly TradingVenue[],
  rates: FundingRates,
  clock: Clock,
  log: Logger,
): Polling<RateSource> =>
  new Polling<RateSource>({
    sources: venues.flatMap(({ publicExchange, instruments }) => {
      const desk = publicExchange.funding
      return desk === undefined ? [] : instruments.map((instrument) => ({ instrument, desk }))
    }),
    exchangeOf: ({ instrument }) => instrument.exchange,
    ask: async ({ instrument, desk }) => rates.record(await desk.fetchFundingRate(instrument)),
    doing: 'fetching a funding rate',
    clock,
    log: log.child({ component: 'funding-polling' }),
    intervalMs,
  })
