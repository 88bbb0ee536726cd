import * as z from 'zod'
import { amountOf, amountsByAsset, asset, realNumber, wholeNumber } from './fields.js'

export const riskConfigSchema = z
  .strictObject({
    reportingAsset: asset.prefault('USDT').describe('Asset in which exposure, loss and notional limits are counted.'),
    maxNotionalPerTrade: amountOf('200', 'Largest notional of one leg, in the reporting asset.'),
    maxPositionByAsset: amountsByAsset
      .prefault({})
      .describe('Largest holding of an asset over all exchanges that a trade may lead to, in that asset.'),
    maxExposurePerExchange: amountOf(
      '5000',
      'Largest value of open orders and unfinished trades on one exchange, in the reporting asset.',
    ),
    maxExposurePerAsset: amountOf(
      '5000',
      'Largest value of open trades and residuals in one asset, in the reporting asset.',
    ),
    maxExposureTotal: amountOf(
      '10000',
      'Largest value of open orders, unfinished trades and residuals over all, in the reporting asset.',
    ),
    maxOpenOrders: wholeNumber(1, 1000, 20, 'Orders that may be open or unknown at once.'),
    maxOrdersPerSecond: wholeNumber(1, 1000, 20, 'Orders sent within one second, over all exchanges.'),
    priceBandBps: realNumber(
      1,
      5000,
      200,
      'Largest distance of an order price from the middle of its book, basis points.',
    ),
    hedgePriceBandBps: realNumber(1, 5000, 500, 'The same distance for hedges and unwinds, which may cost more.'),
    maxDailyLoss: amountOf('100', 'Loss since midnight UTC that pulls the kill switch, in the reporting asset.'),
    maxConsecutiveFailures: wholeNumber(1, 1000, 5, 'Failed trades in a row that pull the kill switch.'),
    maxClockOffsetMs: realNumber(
      1,
      60_000,
      1000,
      "Milliseconds of difference to any exchange's clock that stop trading there.",
    ),
    maxQuoteAgeMs: realNumber(
      1,
      60_000,
      1500,
      'Milliseconds after which a book that was not confirmed quotes nothing.',
    ),
    maxAgeSkewMs: realNumber(
      1,
      60_000,
      750,
      'Largest difference in milliseconds between the ages of two books of one trade.',
    ),
    maxFeedSilenceMs: wholeNumber(
      100,
      600_000,
      10_000,
      'Milliseconds without any frame of an exchange after which nothing is opened on it.',
    ),
    minNetEdgeBps: realNumber(-100, 10_000, 1, 'Edge after fees below which no strategy trades, basis points.'),
    maxResidualNotional: amountOf(
      '10',
      'Largest value left unhedged after a trade; more halts the engine. In the reporting asset.',
    ),
  })
  .prefault({})
  .describe('Limits that the risk gate holds. No strategy can exceed them.')

export type RiskConfig = z.infer<typeof riskConfigSchema>
