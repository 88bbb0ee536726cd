import {
  bpsPerUnit,
  usPerMs,
  type AssetId,
  type Clock,
  type IdSource,
  type OrderBook,
  type Side,
} from '@cex-arbitrage/common'
import type { MarketBoard } from '../market-data/market-board.js'
import { pairDistrust, type PairDistrust } from '../market-data/quotability.js'
import type { WhyNot } from '../risk/why-not.js'
import { CycleTerms } from '../sizing/cycle-terms.js'
import { sizeCycle } from '../sizing/size-cycle.js'
import type { AccountView } from '../types/account-view.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import { exactEdgeRatio, requiredEdgeBps } from './edge-margin.js'
import { findTriangles, type SlotTriangle } from './find-triangles.js'
import type { Strategy, Verdict } from './strategy.js'
import type { TriangularOptions } from './triangular-options.js'
import { createTriangularPlan } from './triangular-plan.js'

export interface TriangularDependencies {
  readonly board: MarketBoard
  readonly account: AccountView
  readonly clock: Clock
  readonly ids: IdSource
  readonly options: TriangularOptions
  /** Assets in which cycles begin and end. */
  readonly startAssets: readonly AssetId[]
  /** Slots it trades; all spot instruments by default. */
  readonly slots?: readonly number[]
}

/** Per triangle in `triangles`: the slots of its base, quote and cross pair, and its number. */
const stride = 4

/**
 * Goes round three pairs of one exchange when that brings more than it takes: three immediate-or-cancel legs at prices
 * walked through three books.
 *
 * Triangles are found once, from the instruments of the board. A change is looked at in the triangles that have the
 * changed pair, in array reads alone; only where net quotes bring more than the margin are books judged (S6), sizes
 * computed (S8) and a plan made, the best way round first, the next when it is refused.
 */
export class TriangularStrategy implements Strategy {
  readonly name: string
  readonly slots: readonly number[]
  readonly triangles: readonly SlotTriangle[]
  private readonly netBid: Float64Array
  private readonly netAsk: Float64Array
  private readonly trianglesOf: readonly Int32Array[]
  /** By triangle and way round: even buys the cross, odd sells it. */
  private readonly terms: (CycleTerms | undefined)[]
  private readonly restsUntilUs: Float64Array
  private readonly refused: Uint8Array

  constructor(private readonly deps: TriangularDependencies) {
    const { board, options, startAssets } = deps
    this.name = options.name ?? 'triangular'
    this.netBid = board.netBid
    this.netAsk = board.netAsk
    this.triangles = findTriangles(board, deps.slots ?? board.instruments.map((_, slot) => slot), startAssets)
    this.trianglesOf = board.instruments.map((_, slot) =>
      Int32Array.from(
        this.triangles.flatMap(({ baseSlot, quoteSlot, crossSlot }, index) =>
          slot === baseSlot || slot === quoteSlot || slot === crossSlot ? [baseSlot, quoteSlot, crossSlot, index] : [],
        ),
      ),
    )
    this.slots = board.instruments.flatMap((_, slot) => (this.trianglesOf[slot]!.length > 0 ? [slot] : []))
    const ways = 2 * this.triangles.length
    this.terms = Array.from({ length: ways }, () => undefined)
    this.restsUntilUs = new Float64Array(ways)
    this.refused = new Uint8Array(ways)
  }

  evaluate(slot: number): Verdict {
    const triangles = this.trianglesOf[slot]!
    const { netBid, netAsk } = this
    const { minNetEdgeBps, edgeMarginBps } = this.deps.options
    const least = 1 + (minNetEdgeBps + edgeMarginBps) / bpsPerUnit
    for (let i = 0; i < triangles.length; i += stride) {
      const base = triangles[i]!
      const quote = triangles[i + 1]!
      const cross = triangles[i + 2]!
      const crossBid = netBid[cross]!
      if (
        netBid[base]! > netAsk[quote]! * netAsk[cross]! * least ||
        // Two books without quotes would make a product that is positive.
        (crossBid > 0 && netBid[quote]! * crossBid > netAsk[base]! * least)
      )
        return this.judgeCandidates(triangles, least)
    }
    return 'no_edge'
  }

  onOutcome({ legs, end }: TradeOutcome): void {
    const [opening, cross, closing] = legs
    const ids = [opening, cross, closing].map((leg) => leg?.instrument.id)
    const triangle = this.triangles.findIndex(
      ({ crossPair, basePair, quotePair }) =>
        crossPair.id === ids[1] && (ids[0] === basePair.id ? quotePair.id === ids[2] : basePair.id === ids[2]),
    )
    if (triangle < 0) return
    const { options, clock } = this.deps
    const restMs = end === 'completed' ? options.coolDownMs : options.failureCoolDownMs
    this.restsUntilUs[wayOf(triangle, cross!.side)] = clock.nowUs() + restMs * usPerMs
  }

  /** Tries the ways round that pay, best first; the answer of the best stands when none makes a plan. */
  private judgeCandidates(triangles: Int32Array, least: number): Verdict {
    this.refused.fill(0)
    let first: WhyNot | undefined
    for (;;) {
      let widest = least
      let best = -1
      for (let i = stride - 1; i < triangles.length; i += stride)
        for (let way = 2 * triangles[i]!; way <= 2 * triangles[i]! + 1; way++) {
          const ratio = this.refused[way] === 0 ? this.ratioOf(way) : 0
          if (ratio > widest) {
            widest = ratio
            best = way
          }
        }
      if (best < 0) return first ?? 'no_edge'
      const verdict = this.judge(best)
      if (typeof verdict !== 'string') return verdict
      first ??= verdict
      this.refused[best] = 1
    }
  }

  /** What comes back for one unit of profit asset, at best quotes after fees; not positive while a book quotes nothing. */
  private ratioOf(way: number): number {
    const { baseSlot, quoteSlot, crossSlot } = this.triangles[way >> 1]!
    const { netBid, netAsk } = this
    if ((way & 1) === 0) return netBid[baseSlot]! / (netAsk[quoteSlot]! * netAsk[crossSlot]!)
    return netBid[crossSlot]! > 0 ? (netBid[quoteSlot]! * netBid[crossSlot]!) / netAsk[baseSlot]! : 0
  }

  private judge(way: number): Verdict {
    const { board, clock, account, options, ids } = this.deps
    const nowUs = clock.nowUs()
    if (nowUs < this.restsUntilUs[way]!) return 'cool_down'
    const terms = this.termsOf(way)
    const [openingBook, crossBook, closingBook] = terms.legs.map(({ instrument }) => board.bookOf(instrument.id)!) as [
      OrderBook,
      OrderBook,
      OrderBook,
    ]
    const distrust = this.distrust([openingBook, crossBook, closingBook], nowUs)
    if (distrust !== undefined) return distrust
    const quoteAgeUs = nowUs - Math.min(openingBook.receivedAtUs, crossBook.receivedAtUs, closingBook.receivedAtUs)
    const edgeBps = requiredEdgeBps(options, quoteAgeUs)
    if (this.ratioOf(way) < 1 + edgeBps / bpsPerUnit) return 'no_edge'
    const { exchange, base, quote } = terms.cross.instrument
    const cycle = sizeCycle({
      terms,
      openingBook,
      crossBook,
      closingBook,
      funds: {
        profitAsset: account.available(exchange, terms.profitAsset),
        crossBase: account.available(exchange, base),
        crossQuote: account.available(exchange, quote),
      },
      sending: options.legOrder,
      limits: options,
      requiredEdgeBps: edgeBps,
    })
    if (typeof cycle === 'string') return cycle
    if (cycle.profit.plus(cycle.cost).lessThan(cycle.cost.times(exactEdgeRatio(edgeBps)))) return 'rounding'
    return createTriangularPlan({
      strategy: this.name,
      correlationId: ids.nextCorrelationId(),
      terms,
      cycle,
      sending: options.legOrder,
      quoteAgeUs,
      decidedAtUs: nowUs,
    })
  }

  private distrust([opening, cross, closing]: readonly [OrderBook, OrderBook, OrderBook], nowUs: number) {
    const pair = (one: OrderBook, other: OrderBook): PairDistrust | undefined =>
      pairDistrust(one, other, nowUs, this.deps.options)
    return pair(opening, cross) ?? pair(cross, closing) ?? pair(opening, closing)
  }

  private termsOf(way: number): CycleTerms {
    return (this.terms[way] ??= new CycleTerms(this.triangles[way >> 1]!, (way & 1) === 0 ? 'buy' : 'sell'))
  }
}

const wayOf = (triangle: number, crossSide: Side): number => 2 * triangle + (crossSide === 'buy' ? 0 : 1)
