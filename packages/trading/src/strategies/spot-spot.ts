import { bpsPerUnit, Decimal, type Clock, type IdSource } from '@cex-arbitrage/common'
import type { MarketBoard } from '../market-data/market-board.js'
import { pairDistrust } from '../market-data/quotability.js'
import { PairTerms } from '../sizing/pair-terms.js'
import { sizeJointTrade } from '../sizing/size-joint-trade.js'
import type { AccountView } from '../types/account-view.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { WhyNot } from '../risk/why-not.js'
import { CoolDowns } from './cool-downs.js'
import { requiredEdgeBps } from './edge-margin.js'
import { firstSide } from './leg-order.js'
import { createSpotSpotPlan } from './spot-spot-plan.js'
import type { SpotSpotOptions } from './spot-spot-options.js'
import type { Strategy, Verdict } from './strategy.js'

export interface SpotSpotDependencies {
  readonly board: MarketBoard
  readonly account: AccountView
  readonly clock: Clock
  readonly ids: IdSource
  readonly options: SpotSpotOptions
  /** Slots it trades; all spot instruments by default. */
  readonly slots?: readonly number[]
}

/**
 * Buys on one exchange what it sells on another at once, from inventory on both: two immediate-or-cancel legs at prices
 * walked through both books.
 *
 * A change is compared with the same symbol on every other exchange, in array reads alone. Only where net quotes cross by
 * more than the margin are books judged (S6), sizes computed (S8) and a plan made; the best direction first, the next when
 * it is refused.
 */
export class SpotSpotStrategy implements Strategy {
  readonly name: string
  readonly slots: readonly number[]
  private readonly netBid: Float64Array
  private readonly netAsk: Float64Array
  private readonly peers: readonly Int32Array[]
  private readonly terms = new Map<number, PairTerms>()
  private readonly coolDowns: CoolDowns
  /** Directions refused while one change is judged; bit 0 buys on the changed slot, bit 1 sells there. */
  private readonly refused: Uint8Array

  constructor(private readonly deps: SpotSpotDependencies) {
    const { board, options } = deps
    this.name = options.name ?? 'spot-spot'
    this.netBid = board.netBid
    this.netAsk = board.netAsk
    const spot = deps.slots ?? board.instruments.map((_, slot) => slot)
    const chosen = new Set(spot.filter((slot) => board.instruments[slot]!.marketType === 'spot'))
    this.peers = board.instruments.map((instrument, slot) =>
      Int32Array.from(chosen.has(slot) ? board.slotsOf(instrument.symbol) : []).filter(
        (peer) => chosen.has(peer) && board.instruments[peer]!.exchange !== instrument.exchange,
      ),
    )
    this.slots = [...chosen].filter((slot) => this.peers[slot]!.length > 0)
    this.coolDowns = new CoolDowns(board.instruments.length)
    this.refused = new Uint8Array(board.instruments.length)
  }

  /** Least ratio of a net bid to a net ask that is looked into; read anew, since thresholds change while the engine runs. */
  private get least(): number {
    const { minNetEdgeBps, edgeMarginBps } = this.deps.options
    return 1 + (minNetEdgeBps + edgeMarginBps) / bpsPerUnit
  }

  evaluate(slot: number): Verdict {
    const peers = this.peers[slot]!
    const { least } = this
    const highestAsk = this.netBid[slot]! / least
    const lowestBid = this.netAsk[slot]! * least
    for (let i = 0; i < peers.length; i++) {
      const peer = peers[i]!
      if (this.netBid[peer]! > lowestBid || this.netAsk[peer]! < highestAsk) return this.judgeCandidates(slot, peers)
    }
    return 'no_edge'
  }

  onOutcome(outcome: TradeOutcome): void {
    const { board, clock, options } = this.deps
    this.coolDowns.restAfter(outcome, board, clock.nowUs(), options)
  }

  /** Tries the directions that cross, widest first; the answer of the widest stands when none makes a plan. */
  private judgeCandidates(slot: number, peers: Int32Array): Verdict {
    const { netBid, netAsk } = this
    this.refused.fill(0)
    let first: WhyNot | undefined
    for (;;) {
      let widest = this.least
      let best = -1
      let buysHere = false
      for (const peer of peers) {
        const selling = netBid[peer]! / netAsk[slot]!
        const buying = netBid[slot]! / netAsk[peer]!
        if (selling > widest && (this.refused[peer]! & 1) === 0) {
          widest = selling
          best = peer
          buysHere = true
        }
        if (buying > widest && (this.refused[peer]! & 2) === 0) {
          widest = buying
          best = peer
          buysHere = false
        }
      }
      if (best < 0) return first ?? 'no_edge'
      const verdict = buysHere ? this.judge(slot, best) : this.judge(best, slot)
      if (typeof verdict !== 'string') return verdict
      first ??= verdict
      this.refused[best]! |= buysHere ? 1 : 2
    }
  }

  private judge(buySlot: number, sellSlot: number): Verdict {
    const { board, clock, account, options, ids } = this.deps
    const nowUs = clock.nowUs()
    if (this.coolDowns.isResting(buySlot, sellSlot, nowUs)) return 'cool_down'
    const buyBook = board.bookAt(buySlot)!
    const sellBook = board.bookAt(sellSlot)!
    const distrust = pairDistrust(buyBook, sellBook, nowUs, options)
    if (distrust !== undefined) return distrust
    const quoteAgeUs = nowUs - Math.min(buyBook.receivedAtUs, sellBook.receivedAtUs)
    const edgeBps = requiredEdgeBps(options, quoteAgeUs)
    if (board.netBid[sellSlot]! < board.netAsk[buySlot]! * (1 + edgeBps / bpsPerUnit)) return 'no_edge'
    const terms = this.termsOf(buySlot, sellSlot)
    const { buy, sell } = terms
    const funds = {
      buyQuote: account.available(buy.exchange, buy.quote),
      sellBase: account.available(sell.exchange, sell.base),
      sellQuote: account.available(sell.exchange, sell.quote),
    }
    const pair = sizeJointTrade({ terms, buyBook, sellBook, funds, limits: options, requiredEdgeBps: edgeBps })
    if (typeof pair === 'string') return pair
    const cost = pair.buyNotional.times(terms.buyQuoteFactor)
    if (pair.profit.lessThan(cost.times(edgeRatio(edgeBps)))) return 'rounding'
    return createSpotSpotPlan({
      strategy: this.name,
      correlationId: ids.nextCorrelationId(),
      terms,
      pair,
      firstSide: firstSide(options.legOrder, buyBook, sellBook, pair),
      sending: options.legOrder === 'concurrent' ? 'concurrent' : 'sequential',
      quoteAgeUs,
      decidedAtUs: nowUs,
    })
  }

  private termsOf(buySlot: number, sellSlot: number): PairTerms {
    const { instruments } = this.deps.board
    const key = buySlot * instruments.length + sellSlot
    let terms = this.terms.get(key)
    if (terms === undefined) {
      terms = new PairTerms(instruments[buySlot]!, instruments[sellSlot]!)
      this.terms.set(key, terms)
    }
    return terms
  }
}

/** Basis points as an exact ratio, rounded up to a hundredth of one. */
const edgeRatio = (bps: number): Decimal => Decimal.of(Math.ceil(bps * 100), 6)
