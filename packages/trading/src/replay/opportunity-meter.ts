import { bpsPerUnit, type Clock, type OrderBook } from '@cex-arbitrage/common'
import type { MarketDataListener } from '@cex-arbitrage/exchanges'
import type { MarketBoard } from '../market-data/market-board.js'

/** A time during which best quotes, taker fees deducted, crossed. */
export interface OpportunitySpell {
  readonly symbol: string
  readonly buy: string
  readonly sell: string
  /** Unix milliseconds. */
  readonly startMs: number
  readonly durationUs: number
  readonly maxNetEdgeBps: number
}

/** How often the best direction of a symbol had an edge of so many whole basis points, counted at each change. */
export type EdgeHistogram = ReadonlyMap<number, number>

interface OpenSpell {
  readonly startMs: number
  readonly startUs: number
  maxEdge: number
}

/** Edges beyond it, in basis points, count as it. */
const farEdgeBps = 100

/**
 * Watches how large edges are and how long they last, whether they were traded or not. Listens behind the board, so that
 * it sees the quotes of the very change.
 */
export class OpportunityMeter implements MarketDataListener {
  private readonly open = new Map<number, OpenSpell>()
  private readonly ended: OpportunitySpell[] = []
  private readonly edges = new Map<number, number>()

  constructor(
    private readonly board: MarketBoard,
    private readonly clock: Clock,
  ) {}

  onBook(book: OrderBook): void {
    const { board } = this
    const slot = board.slotOf(book.instrument.id)
    if (slot === undefined) return
    let best = Number.NEGATIVE_INFINITY
    for (const peer of board.slotsOf(book.instrument.symbol)) {
      if (peer === slot) continue
      best = Math.max(best, this.look(slot, peer), this.look(peer, slot))
    }
    if (!Number.isFinite(best)) return
    const bps = Math.max(-farEdgeBps, Math.min(farEdgeBps, Math.floor(best * bpsPerUnit)))
    this.edges.set(bps, (this.edges.get(bps) ?? 0) + 1)
  }

  /** Ends what is still open now. */
  finish(): void {
    for (const key of this.open.keys()) this.close(key)
  }

  get spells(): readonly OpportunitySpell[] {
    return this.ended
  }

  get histogram(): EdgeHistogram {
    return this.edges
  }

  private look(buySlot: number, sellSlot: number): number {
    const { board, clock, open } = this
    const edge = board.netBid[sellSlot]! / board.netAsk[buySlot]! - 1
    const key = buySlot * board.instruments.length + sellSlot
    const spell = open.get(key)
    if (edge > 0) {
      if (spell === undefined) open.set(key, { startMs: clock.nowMs(), startUs: clock.nowUs(), maxEdge: edge })
      else spell.maxEdge = Math.max(spell.maxEdge, edge)
    } else if (spell !== undefined) this.close(key)
    return edge
  }

  private close(key: number): void {
    const { instruments } = this.board
    const { startMs, startUs, maxEdge } = this.open.get(key)!
    this.open.delete(key)
    const buy = instruments[Math.floor(key / instruments.length)]!
    this.ended.push({
      symbol: buy.symbol,
      buy: buy.exchange,
      sell: instruments[key % instruments.length]!.exchange,
      startMs,
      durationUs: this.clock.nowUs() - startUs,
      maxNetEdgeBps: maxEdge * bpsPerUnit,
    })
  }
}
