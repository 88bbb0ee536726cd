import { bpsPerUnit, usPerMs } from '@cex-arbitrage/common'
import { pairDistrust } from '../market-data/quotability.js'
import type { FundingView } from '../risk/funding-rates.js'
import type { MarginWatch } from '../risk/margin-watch.js'
import type { WhyNot } from '../risk/why-not.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { LegPlan, TradePlan } from '../types/trade-plan.js'
import { BasisPair, edgeOfMove, worstEdge, type BasisMove } from './basis-pair.js'
import { CoolDowns } from './cool-downs.js'
import { firstSide } from './leg-order.js'
import { sizeBasis } from './size-basis.js'
import type { SpotFuturesOptions } from './spot-futures-options.js'
import { createSpotSpotPlan } from './spot-spot-plan.js'
import type { SpotSpotDependencies } from './spot-spot.js'
import type { Strategy, Verdict } from './strategy.js'

export interface SpotFuturesDependencies extends Omit<SpotSpotDependencies, 'options'> {
  readonly options: SpotFuturesOptions
  readonly funding: FundingView
  readonly margins: Pick<MarginWatch, 'leftOf'>
}

/** A margin is looked at so often while a position is held, microseconds. */
const marginCheckUs = 200 * usPerMs

/**
 * Holds spot against a perpetual contract while the basis pays: sells contracts and buys as much spot where contracts are
 * dear, or the other way round from inventory, and takes both back when the prices have come together, or when the margin
 * demands it.
 *
 * A contract is compared with the spot of its symbol on every exchange, in array reads; books, sizes and plans come only
 * where net quotes cross by what a move asks for.
 */
export class SpotFuturesStrategy implements Strategy {
  readonly name: string
  readonly slots: readonly number[]
  /** Contracts that it may hold. */
  readonly contracts: readonly number[]
  private readonly pairsOf: readonly (readonly BasisPair[])[]
  private readonly coolDowns: CoolDowns
  private readonly marginCheckedUs: Float64Array
  private readonly isShortOfMargin: Uint8Array

  constructor(private readonly deps: SpotFuturesDependencies) {
    const { board, options } = deps
    this.name = options.name ?? 'spot-futures'
    const chosen = deps.slots ?? board.instruments.map((_, slot) => slot)
    const pairs = pairSlots(board, chosen).map(([spot, contract]) => new BasisPair(board, spot, contract))
    this.pairsOf = board.instruments.map((_, slot) =>
      pairs.filter(({ spotSlot, contractSlot }) => slot === spotSlot || slot === contractSlot),
    )
    this.slots = chosen.filter((slot) => this.pairsOf[slot]!.length > 0)
    this.contracts = [...new Set(pairs.map(({ contractSlot }) => contractSlot))]
    this.coolDowns = new CoolDowns(board.instruments.length)
    this.marginCheckedUs = new Float64Array(board.instruments.length).fill(Number.NEGATIVE_INFINITY)
    this.isShortOfMargin = new Uint8Array(board.instruments.length)
  }

  evaluate(slot: number): Verdict {
    let first: WhyNot | undefined
    for (const pair of this.pairsOf[slot]!) {
      const verdict = this.judgePair(pair)
      if (typeof verdict !== 'string') return verdict
      if (verdict !== 'no_edge') first ??= verdict
    }
    return first ?? 'no_edge'
  }

  onOutcome(outcome: TradeOutcome): void {
    const { board, clock, options } = this.deps
    this.coolDowns.restAfter(outcome, board, clock.nowUs(), options)
  }

  /** What is held decides what may be done: closed before it is made larger, and never turned round in one go. */
  private judgePair(pair: BasisPair): Verdict {
    const held = this.deps.account.positions.baseOf(pair.contract).sign
    if (held === 0) {
      const verdict = this.judge(pair, pair.openShort)
      return verdict === 'no_edge' ? this.judge(pair, pair.openLong) : verdict
    }
    const closing = this.judge(pair, held < 0 ? pair.closeShort : pair.closeLong)
    if (closing !== 'no_edge' || this.isShortOfMargin[pair.contractSlot] === 1) return closing
    return this.judge(pair, held < 0 ? pair.openShort : pair.openLong)
  }

  private judge(pair: BasisPair, move: BasisMove): Verdict {
    const { board, clock, account, options, ids } = this.deps
    const { buySlot, sellSlot, terms } = move
    const nowUs = clock.nowUs()
    const isUrgent = move.holding === 'closes' && this.lacksMargin(pair, nowUs)
    const most = isUrgent ? this.urgentEdgeBps(move) : edgeOfMove(move, options, 0)
    if (!this.crosses(move, most)) {
      move.paysSinceUs = Number.NaN
      return 'no_edge'
    }
    if (Number.isNaN(move.paysSinceUs)) move.paysSinceUs = nowUs
    if (!isUrgent && nowUs - move.paysSinceUs < options.basisStandsMs * usPerMs) return 'fresh_basis'
    if (this.coolDowns.isResting(buySlot, sellSlot, nowUs)) return 'cool_down'
    const buyBook = board.bookAt(buySlot)!
    const sellBook = board.bookAt(sellSlot)!
    const distrust = pairDistrust(buyBook, sellBook, nowUs, options)
    if (distrust !== undefined) return distrust
    const quoteAgeUs = nowUs - Math.min(buyBook.receivedAtUs, sellBook.receivedAtUs)
    const requiredEdgeBps = isUrgent ? most : edgeOfMove(move, options, quoteAgeUs)
    if (!this.crosses(move, requiredEdgeBps)) return 'no_edge'
    if (move.holding === 'opens' && !this.isFunded(pair, move)) return 'funding'
    const sized = sizeBasis({ move, buyBook, sellBook, account, options, requiredEdgeBps })
    if (typeof sized === 'string') return sized
    const plan = createSpotSpotPlan({
      strategy: this.name,
      correlationId: ids.nextCorrelationId(),
      terms,
      pair: sized,
      firstSide: firstSide(options.legOrder, buyBook, sellBook, sized),
      sending: options.legOrder === 'concurrent' ? 'concurrent' : 'sequential',
      quoteAgeUs,
      decidedAtUs: nowUs,
    })
    return move.holding === 'opens' ? { ...plan, holding: 'opens' } : closing(plan)
  }

  private crosses({ buySlot, sellSlot }: BasisMove, edgeBps: number): boolean {
    const { netBid, netAsk } = this.deps.board
    return netBid[sellSlot]! >= netAsk[buySlot]! * (1 + edgeBps / bpsPerUnit)
  }

  /** A short position receives a positive rate, a long one pays it. */
  private isFunded({ contract }: BasisPair, { contractSign }: BasisMove): boolean {
    const bpsPerDay = this.deps.funding.bpsPerDay(contract)
    return bpsPerDay !== undefined && -contractSign * bpsPerDay >= this.deps.options.minFundingBpsPerDay
  }

  private lacksMargin({ contract, contractSlot }: BasisPair, nowUs: number): boolean {
    if (nowUs - this.marginCheckedUs[contractSlot]! >= marginCheckUs) {
      this.marginCheckedUs[contractSlot] = nowUs
      const left = this.deps.margins.leftOf(contract)
      this.isShortOfMargin[contractSlot] = left?.lessThan(this.deps.options.minMarginRatio) === true ? 1 : 0
    }
    return this.isShortOfMargin[contractSlot] === 1
  }

  /** What a lack of margin may cost at most: as far as orders may be from the middle of their books, on both. */
  private urgentEdgeBps(move: BasisMove): number {
    return worstEdge(move, 2 * this.deps.options.maxPriceDeviation.toNumber() * bpsPerUnit)
  }
}

/** The order on the contract may only take back what is held of it. */
const closing = (plan: TradePlan): TradePlan => ({
  ...plan,
  holding: 'closes',
  legs: plan.legs.map((leg): LegPlan =>
    leg.instrument.marketType === 'futures' ? { ...leg, reduceOnly: true } : leg,
  ) as [LegPlan, ...LegPlan[]],
})

/** Every spot with every contract of its symbol. */
function pairSlots(
  { instruments }: SpotFuturesDependencies['board'],
  chosen: readonly number[],
): readonly (readonly [spot: number, contract: number])[] {
  return chosen.flatMap((spot) =>
    chosen.flatMap((contract) => {
      const [one, other] = [instruments[spot]!, instruments[contract]!]
      const isPair = one.marketType === 'spot' && other.marketType === 'futures' && one.symbol === other.symbol
      return isPair ? [[spot, contract] as const] : []
    }),
  )
}
