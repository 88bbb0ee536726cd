import { Thinned } from './thinned.js'
import type { TradeRow } from './trade-row.js'

export const shownTrades = 200
const maxDots = 2_000
const maxSteps = 2_000

/** Sums over all trades until then. */
export interface ProfitStep {
  /** When the trade ended that made it so, Unix milliseconds. */
  readonly atMs: number
  readonly expected: number
  readonly realised: number
}

/** What tables and charts show of trades, in bounded memory however many there are. */
export class TradeDigest {
  count = 0
  /** When the first began; `undefined` where there is none. */
  firstAtMs: number | undefined
  /** When the last began. */
  lastAtMs: number | undefined
  /** Asset of the first trade's profit; empty where there is none. */
  profitAsset = ''
  /** The first trades. */
  readonly shown: TradeRow[] = []
  /** Realised less expected profit by cause. */
  readonly attribution = new Map<string, number>()
  private readonly thinnedDots = new Thinned<readonly [expected: number, realised: number]>(maxDots)
  private readonly thinnedSteps = new Thinned<ProfitStep>(maxSteps)
  private newest: ProfitStep = { atMs: Number.NEGATIVE_INFINITY, expected: 0, realised: 0 }

  static of(trades: Iterable<TradeRow>): TradeDigest {
    const digest = new TradeDigest()
    for (const trade of trades) digest.add(trade)
    return digest
  }

  /** In the order in which they began. */
  add(trade: TradeRow): void {
    const [expected, realised] = [Number(trade.expected), Number(trade.realised)]
    this.count++
    this.firstAtMs ??= trade.startedAtMs
    this.lastAtMs = trade.startedAtMs
    this.profitAsset ||= trade.profitAsset
    if (this.shown.length < shownTrades) this.shown.push(trade)
    for (const [part, amount] of Object.entries(trade.attribution))
      this.attribution.set(part, (this.attribution.get(part) ?? 0) + Number(amount))
    this.thinnedDots.add([expected, realised])
    this.newest = {
      // One that began later may have ended sooner; a line of sums only goes forward.
      atMs: Math.max(this.newest.atMs, trade.startedAtMs + trade.durationMs),
      expected: this.newest.expected + expected,
      realised: this.newest.realised + realised,
    }
    this.thinnedSteps.add(this.newest)
  }

  /** Expected and realised profit of trades, evenly taken. */
  get dots(): readonly (readonly [expected: number, realised: number])[] {
    return this.thinnedDots.items()
  }

  /** How profit added up, evenly taken. */
  get steps(): readonly ProfitStep[] {
    return this.thinnedSteps.items()
  }
}
