import { OrderBook, type Instrument, type Side } from '@cex-arbitrage/common'
import type { CycleRequest } from '../sizing/cycle-request.js'
import { CycleTerms, type Triangle } from '../sizing/cycle-terms.js'
import type { SizingLimits } from '../sizing/sizing-request.js'
import type { LegSending } from '../types/trade-plan.js'
import { createTestInstrument, type TestInstrumentSpec } from './create-instrument.js'
import { setBook, type TextLevels } from './simulated-market-data-feed.js'
import { decimal, generousLimits } from './sizing-world.js'

/** Bids and asks, best first. */
export type TextBook = readonly [bids: TextLevels, asks: TextLevels]

/** What a spec of a cycle may want to say; the rest pays about one percent on five ETH and is funded. */
export interface CycleWorld {
  readonly crossSide?: Side
  readonly basePair?: TestInstrumentSpec
  readonly quotePair?: TestInstrumentSpec
  readonly crossPair?: TestInstrumentSpec
  readonly baseBook?: TextBook
  readonly quoteBook?: TextBook
  readonly crossBook?: TextBook
  readonly funds?: readonly [profitAsset: string, crossBase: string, crossQuote: string]
  readonly sending?: LegSending
  readonly limits?: Partial<SizingLimits>
  readonly requiredEdgeBps?: number
}

/** ETH/BTC between ETH/USDT and BTC/USDT on one exchange. */
export function createTriangle(world: Pick<CycleWorld, 'basePair' | 'quotePair' | 'crossPair'> = {}): Triangle {
  return {
    basePair: createTestInstrument({ base: 'ETH', ...world.basePair }),
    quotePair: createTestInstrument({ base: 'BTC', ...world.quotePair }),
    crossPair: createTestInstrument({
      base: 'ETH',
      quote: 'BTC',
      tickSize: '0.0001',
      minNotional: '0.0001',
      ...world.crossPair,
    }),
  }
}

/** The request of such a world: BTC at 1,000, ETH at 50 where it is sold and 1 percent less where it is bought. */
export function createCycleRequest(world: CycleWorld = {}): CycleRequest {
  const crossSide = world.crossSide ?? 'buy'
  const triangle = createTriangle(world)
  const [profitAsset, crossBase, crossQuote] = world.funds ?? ['100000', '1000', '1000']
  const book = (instrument: Instrument, [bids, asks]: TextBook): OrderBook =>
    setBook(new OrderBook(instrument), bids, asks)
  const base = book(triangle.basePair, world.baseBook ?? [[['50', '5']], [['50.1', '5']]])
  const quote = book(triangle.quotePair, world.quoteBook ?? [[['999', '5']], [['1000', '5']]])
  const crossBook: TextBook =
    crossSide === 'buy' ? [[['0.049', '5']], [['0.0493', '5']]] : [[['0.0508', '5']], [['0.051', '5']]]
  return {
    terms: new CycleTerms(triangle, crossSide),
    openingBook: crossSide === 'buy' ? quote : base,
    crossBook: book(triangle.crossPair, world.crossBook ?? crossBook),
    closingBook: crossSide === 'buy' ? base : quote,
    funds: { profitAsset: decimal(profitAsset), crossBase: decimal(crossBase), crossQuote: decimal(crossQuote) },
    sending: world.sending ?? 'concurrent',
    limits: { ...generousLimits, ...world.limits },
    requiredEdgeBps: world.requiredEdgeBps ?? 0,
  }
}
