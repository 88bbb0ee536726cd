import type { PairTerms } from '../sizing/pair-terms.js'
import type { SizedPair } from '../sizing/sizing-request.js'
import type { LegPlan } from '../types/trade-plan.js'

/** The two orders of a sized pair, with what they are expected to move and to cost. */
export function createPairLegs(
  terms: PairTerms,
  pair: SizedPair,
): { readonly buyLeg: LegPlan; readonly sellLeg: LegPlan } {
  const { buying, selling } = terms
  return {
    buyLeg: {
      instrument: buying.instrument,
      side: 'buy',
      priceTicks: pair.buyLimitTicks,
      quantityLots: pair.buyLots,
      expectedNotional: pair.buyNotional,
      expectedFee: buying.feeOf(terms.toBase(pair.buyUnits), pair.buyNotional),
      expectedFeeAsset: buying.feeAsset,
    },
    sellLeg: {
      instrument: selling.instrument,
      side: 'sell',
      priceTicks: pair.sellLimitTicks,
      quantityLots: pair.sellLots,
      expectedNotional: pair.sellNotional,
      expectedFee: selling.feeOf(terms.toBase(pair.sellUnits), pair.sellNotional),
      expectedFeeAsset: selling.feeAsset,
    },
  }
}
