import { bpsPerUnit } from '@cex-arbitrage/common'
import { buyFactor, sellFactor } from '../market-data/net-price.js'
import type { MarketBoard } from '../market-data/market-board.js'
import { PairTerms } from '../sizing/pair-terms.js'
import { requiredEdgeBps } from './edge-margin.js'
import type { SpotFuturesOptions } from './spot-futures-options.js'

/** One way of trading spot against the contract: what is bought and sold, and whether it opens a position or closes one. */
export interface BasisMove {
  readonly holding: 'opens' | 'closes'
  readonly buySlot: number
  readonly sellSlot: number
  readonly terms: PairTerms
  /** Quote kept of one that goes in and out of both instruments, by fees alone. */
  readonly kept: number
  /** Sign of the base that the move adds to the contract. */
  readonly contractSign: 1 | -1
  /** Monotonic microseconds since when it has paid without a break; `NaN` while it does not. */
  paysSinceUs: number
}

/** A contract and the spot that hedges it. */
export class BasisPair {
  /** Buys spot and sells contracts, which opens a short position; the other way round. */
  readonly openShort: BasisMove
  readonly openLong: BasisMove
  readonly closeShort: BasisMove
  readonly closeLong: BasisMove

  constructor(
    { instruments }: Pick<MarketBoard, 'instruments'>,
    readonly spotSlot: number,
    readonly contractSlot: number,
  ) {
    const spot = instruments[spotSlot]!
    const contract = instruments[contractSlot]!
    const move = (holding: BasisMove['holding'], contractSign: 1 | -1, terms: PairTerms): BasisMove => ({
      holding,
      contractSign,
      paysSinceUs: Number.NaN,
      terms,
      buySlot: contractSign > 0 ? contractSlot : spotSlot,
      sellSlot: contractSign > 0 ? spotSlot : contractSlot,
      kept: sellFactor(terms.sell, 'taker') / buyFactor(terms.buy, 'taker'),
    })
    const buysSpot = new PairTerms(spot, contract)
    const sellsSpot = new PairTerms(contract, spot)
    this.openShort = move('opens', -1, buysSpot)
    this.openLong = move('opens', 1, sellsSpot)
    this.closeShort = move('closes', 1, sellsSpot)
    this.closeLong = move('closes', -1, buysSpot)
  }

  get contract() {
    return this.openShort.terms.sell
  }
}

/**
 * Edge after its own fees that a move must have, basis points. An entry asks for the basis of entry and for what the exit will
 * cost, and for no less than the least edge over the basis of exit; an exit takes back no more than the basis of exit.
 */
export function edgeOfMove(move: BasisMove, options: SpotFuturesOptions, quoteAgeUs: number): number {
  if (move.holding === 'closes') return worstEdge(move, options.exitBasisBps)
  const round = Math.max(options.entryBasisBps, options.exitBasisBps + requiredEdgeBps(options, quoteAgeUs))
  return round + (1 - move.kept) * bpsPerUnit
}

/** Edge after fees of a move that gives away so much basis. */
export const worstEdge = ({ kept }: BasisMove, basisBps: number): number =>
  (kept / (1 + basisBps / bpsPerUnit) - 1) * bpsPerUnit
