// A strategy of one's own: it buys on one exchange and sells on another, but only where the edge has stood for a while.
// Books, sizing, risk, execution and ledger are the packages' affair.
import { bpsPerUnit, usPerMs } from '@cex-arbitrage/common'
import { PairTerms, createSpotSpotPlan, pairDistrust, sizeJointTrade } from '@cex-arbitrage/trading'

/** @import { QuoteAgeLimits, SizingLimits, SpotSpotDependencies, Strategy, Verdict } from '@cex-arbitrage/trading' */

/**
 * @typedef {object} PersistenceOptions
 * @property {number} minNetEdgeBps Least gain after fees, basis points.
 * @property {number} holdMs Milliseconds for which the edge must have stood.
 */

/** @implements {Strategy} */
export class PersistentEdgeStrategy {
  name = 'persistent-edge'

  /**
   * @param {Pick<SpotSpotDependencies, 'board' | 'account' | 'clock' | 'ids'>} sources
   * @param {PersistenceOptions & SizingLimits & QuoteAgeLimits} options
   */
  constructor(sources, options) {
    this.sources = sources
    this.options = options
    this.slots = sources.board.instruments.map((_, slot) => slot)
    /** Since when an edge stands, by the slot to buy on and the slot to sell on; NaN while there is none. */
    this.sinceUs = new Float64Array(this.slots.length ** 2).fill(Number.NaN)
  }

  /**
   * Called for each change of a best quote: array reads only, until there is something to take.
   *
   * @param {number} slot The one that changed.
   * @returns {Verdict}
   */
  evaluate(slot) {
    const { board } = this.sources
    /** @type {Verdict} */
    let verdict = 'no_edge'
    for (const peer of board.slotsOf(board.instruments[slot].symbol)) {
      if (peer === slot) continue
      if (this.hasStood(slot, peer)) verdict = this.judge(slot, peer)
      else if (this.hasStood(peer, slot)) verdict = this.judge(peer, slot)
      if (typeof verdict === 'object') return verdict
    }
    return verdict
  }

  /** After a trade an edge has to stand anew. */
  onOutcome() {
    this.sinceUs.fill(Number.NaN)
  }

  /** @param {number} buySlot @param {number} sellSlot */
  hasStood(buySlot, sellSlot) {
    const { board, clock } = this.sources
    const { minNetEdgeBps, holdMs } = this.options
    const index = buySlot * this.slots.length + sellSlot
    if (board.netBid[sellSlot] < board.netAsk[buySlot] * (1 + minNetEdgeBps / bpsPerUnit)) {
      this.sinceUs[index] = Number.NaN
      return false
    }
    const nowUs = clock.nowUs()
    if (Number.isNaN(this.sinceUs[index])) this.sinceUs[index] = nowUs
    return nowUs - this.sinceUs[index] >= holdMs * usPerMs
  }

  /**
   * Trusts the books or not, finds the largest legal size, and writes the plan.
   *
   * @param {number} buySlot @param {number} sellSlot @returns {Verdict}
   */
  judge(buySlot, sellSlot) {
    const { board, account, clock, ids } = this.sources
    const buyBook = board.bookAt(buySlot)
    const sellBook = board.bookAt(sellSlot)
    if (buyBook === undefined || sellBook === undefined) return 'untrusted_book'
    const nowUs = clock.nowUs()
    const distrust = pairDistrust(buyBook, sellBook, nowUs, this.options)
    if (distrust !== undefined) return distrust
    const { instrument: buy } = buyBook
    const { instrument: sell } = sellBook
    const terms = new PairTerms(buy, sell)
    const funds = {
      buyQuote: account.available(buy.exchange, buy.quote),
      sellBase: account.available(sell.exchange, sell.base),
      sellQuote: account.available(sell.exchange, sell.quote),
    }
    const requiredEdgeBps = this.options.minNetEdgeBps
    const pair = sizeJointTrade({ terms, buyBook, sellBook, funds, limits: this.options, requiredEdgeBps })
    if (typeof pair === 'string') return pair
    return createSpotSpotPlan({
      strategy: this.name,
      correlationId: ids.nextCorrelationId(),
      terms,
      pair,
      firstSide: 'buy',
      sending: 'concurrent',
      quoteAgeUs: nowUs - Math.min(buyBook.receivedAtUs, sellBook.receivedAtUs),
      decidedAtUs: nowUs,
    })
  }
}
