import * as z from 'zod'
import { amountOf, asset, exchangeName, flag, marketSymbol, ratio, realNumber, wholeNumber } from './fields.js'

const commonShape = {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, "use lower-case letters, digits and '-'")
    .optional()
    .describe('Distinguishes two strategies of one type; the type by default.'),
  enabled: flag(true, 'Whether it proposes trades.'),
  symbols: z.array(marketSymbol).min(1).optional().describe('Pairs it trades; all that are watched by default.'),
  exchanges: z.array(exchangeName).min(1).optional().describe('Exchanges it trades on; all by default.'),
  minNetEdgeBps: realNumber(
    -100,
    10_000,
    3,
    'Edge after fees, rounding and margin below which it does nothing, basis points.',
  ),
  edgeMarginBps: realNumber(0, 1000, 0.5, 'Margin taken off every edge, basis points.'),
  edgeMarginBpsPerSecond: realNumber(
    0,
    1000,
    4,
    'Further margin for each second of age of the older quote, basis points.',
  ),
  minNotional: amountOf('10', 'Smallest notional of one leg, in quote.'),
  maxNotional: amountOf('100', 'Largest notional of one leg, in quote.'),
  maxSurplusNotional: amountOf('1', 'Largest value in quote of base that fees and grids may leave over of a trade.'),
  slackShare: ratio(0.25, 'Share of the expected profit that limit prices may give away to get filled.'),
  unwindMarginBps: realNumber(
    0,
    5000,
    100,
    'How much worse than now prices may be when a leg has to be unwound, basis points.',
  ),
  coolDownMs: wholeNumber(0, 3_600_000, 250, 'Milliseconds that a pair of instruments rests after a completed trade.'),
  failureCoolDownMs: wholeNumber(0, 3_600_000, 5000, 'Milliseconds that it rests after any other end.'),
}

const legOrder = z
  .enum(['concurrent', 'riskier-first', 'buy-first', 'sell-first'])
  .default('concurrent')
  .describe('Whether both legs go out together, or one waits for the fill of the other.')

const spotSpotSchema = z
  .strictObject({
    type: z.literal('spot-spot').describe('Buy on one exchange, sell on another.'),
    ...commonShape,
    legOrder,
  })
  .describe('Buys on one exchange what it sells on another at once, from inventory on both.')

const triangularSchema = z
  .strictObject({
    type: z.literal('triangular').describe('Three legs on one exchange.'),
    ...commonShape,
    startAssets: z
      .array(asset)
      .min(1)
      .prefault(['USDT'])
      .describe('Assets in which a cycle begins and ends; two of its three pairs are quoted in it.'),
    legOrder: z
      .enum(['concurrent', 'sequential'])
      .default('concurrent')
      .describe(
        'Whether all legs go out at once from what is there of each asset, or in turn on the start asset alone.',
      ),
  })
  .describe('Goes round three pairs of one exchange.')

const spotFuturesSchema = z
  .strictObject({
    type: z.literal('spot-futures').describe('Spot against the perpetual.'),
    ...commonShape,
    legOrder,
    entryBasisBps: realNumber(
      -1000,
      10_000,
      30,
      'Basis in basis points, after the fees of entry and exit, at which a position is opened.',
    ),
    exitBasisBps: realNumber(-1000, 10_000, 5, 'Basis in basis points at which it is closed.'),
    basisStandsMs: wholeNumber(
      0,
      600_000,
      300,
      'Milliseconds for which the basis must have stood; a newer one may be a book that is yet to follow the other.',
    ),
    minFundingBpsPerDay: realNumber(
      -1000,
      1000,
      0,
      'Funding in basis points of the notional a day that an entry must at least expect.',
    ),
    maxPositionNotional: amountOf('1000', 'Largest notional of the position in one contract, in quote.'),
    maxLeverage: wholeNumber(1, 20, 2, 'Leverage that is set for the contracts, with isolated margin.'),
    minMarginRatio: realNumber(
      0.01,
      1,
      0.3,
      'Share of its margin left below which a position is closed whatever the basis is.',
    ),
  })
  .describe('Holds spot against a perpetual while the basis pays.')

const crossExchangeMarketMakingSchema = z
  .strictObject({
    type: z.literal('cross-exchange-market-making').describe('Quote here, hedge there.'),
    ...commonShape,
    makerExchange: exchangeName.describe('Exchange on which it quotes.'),
    hedgeExchange: exchangeName.describe('Exchange on which fills are hedged.'),
    spreadBps: realNumber(0.1, 1000, 10, 'Distance in basis points of each quote from the hedge price, fees apart.'),
    requoteThresholdBps: realNumber(0.1, 1000, 2, 'Move of the hedge price in basis points that replaces the quotes.'),
    requoteMinIntervalMs: wholeNumber(
      10,
      60_000,
      250,
      'Least milliseconds between two quotes of one side. A move against a quote pulls it at once all the same.',
    ),
    quoteLifetimeMs: wholeNumber(
      100,
      3_600_000,
      30_000,
      'Milliseconds after which a quote is replaced though nothing has moved.',
    ),
  })
  .describe('Quotes on one exchange and hedges each fill on another.')

/** One strategy, told by its `type`. */
export const strategyConfigSchema = z.discriminatedUnion('type', [
  spotSpotSchema,
  triangularSchema,
  spotFuturesSchema,
  crossExchangeMarketMakingSchema,
])

export const strategiesConfigSchema = z
  .array(strategyConfigSchema)
  .prefault([{ type: 'spot-spot' }])
  .describe('Strategies that look for trades, each told by its type.')

export type SpotSpotConfig = z.infer<typeof spotSpotSchema>
export type TriangularConfig = z.infer<typeof triangularSchema>
export type SpotFuturesConfig = z.infer<typeof spotFuturesSchema>
export type CrossExchangeMarketMakingConfig = z.infer<typeof crossExchangeMarketMakingSchema>
export type StrategyConfig = z.infer<typeof strategyConfigSchema>
export type StrategyType = StrategyConfig['type']

/** The name under which a strategy counts, logs and reports. */
export const getStrategyName = (config: StrategyConfig): string => config.name ?? config.type
