import { Decimal, OrderBook } from '@cex-arbitrage/common'
import { PairTerms } from '../sizing/pair-terms.js'
import type { SizingLimits, SizingRequest } from '../sizing/sizing-request.js'
import { createTestInstrument, type TestInstrumentSpec } from './create-instrument.js'
import { setBook, type TextLevels } from './simulated-market-data-feed.js'

/** A decimal from its text. */
export const decimal = (text: string): Decimal => Decimal.parse(text)

/** Limits that bound nothing by themselves. */
export const generousLimits: SizingLimits = {
  minNotional: decimal('0'),
  maxNotional: decimal('1000000'),
  maxPriceDeviation: decimal('0.5'),
  unwindMargin: decimal('0.02'),
  maxSurplusNotional: decimal('1000'),
  slackShare: Decimal.zero,
}

/** What a spec of sizing may want to say; the rest pays one percent on five lots a side and is funded. */
export interface SizingWorld {
  readonly buy?: TestInstrumentSpec
  readonly sell?: TestInstrumentSpec
  readonly buyBook?: readonly [bids: TextLevels, asks: TextLevels]
  readonly sellBook?: readonly [bids: TextLevels, asks: TextLevels]
  readonly funds?: readonly [buyQuote: string, sellBase: string, sellQuote: string]
  readonly limits?: Partial<SizingLimits>
  readonly requiredEdgeBps?: number
}

/** The request of such a world, buying on `alpha` and selling on `beta`. */
export function createSizingRequest(world: SizingWorld): SizingRequest {
  const buy = createTestInstrument({ exchange: 'alpha', ...world.buy })
  const sell = createTestInstrument({ exchange: 'beta', ...world.sell })
  const [buyBids, buyAsks] = world.buyBook ?? [[['99.9', '5']], [['100', '5']]]
  const [sellBids, sellAsks] = world.sellBook ?? [[['101', '5']], [['101.1', '5']]]
  const [buyQuote, sellBase, sellQuote] = world.funds ?? ['100000', '1000', '100000']
  return {
    terms: new PairTerms(buy, sell),
    buyBook: setBook(new OrderBook(buy), buyBids, buyAsks),
    sellBook: setBook(new OrderBook(sell), sellBids, sellAsks),
    funds: { buyQuote: decimal(buyQuote), sellBase: decimal(sellBase), sellQuote: decimal(sellQuote) },
    limits: { ...generousLimits, ...world.limits },
    requiredEdgeBps: world.requiredEdgeBps ?? 0,
  }
}
