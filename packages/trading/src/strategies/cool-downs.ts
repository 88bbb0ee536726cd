import { usPerMs } from '@cex-arbitrage/common'
import type { MarketBoard } from '../market-data/market-board.js'
import type { TradeOutcome } from '../types/trade-outcome.js'

export interface PairRests {
  /** Milliseconds that a pair of instruments rests after a trade that ended `completed`. */
  readonly coolDownMs: number
  /** Milliseconds that it rests after any other end. */
  readonly failureCoolDownMs: number
}

/** Rests of pairs of slots after a trade or a failure; times are microseconds of our monotonic clock. */
export class CoolDowns {
  private readonly until: Float64Array

  constructor(private readonly slots: number) {
    this.until = new Float64Array(slots * slots)
  }

  /** Direction counts: buying on one and selling on the other is another pair than the reverse. */
  rest(buySlot: number, sellSlot: number, untilUs: number): void {
    const index = buySlot * this.slots + sellSlot
    this.until[index] = Math.max(this.until[index]!, untilUs)
  }

  /** Lets the pair of a trade of two legs rest after its end. */
  restAfter({ legs, end }: TradeOutcome, board: MarketBoard, nowUs: number, rests: PairRests): void {
    const [one, other] = legs
    const buy = one?.side === 'buy' ? one : other
    const sell = one?.side === 'buy' ? other : one
    if (buy === undefined || sell === undefined) return
    const buySlot = board.slotOf(buy.instrument.id)
    const sellSlot = board.slotOf(sell.instrument.id)
    if (buySlot === undefined || sellSlot === undefined) return
    this.rest(buySlot, sellSlot, nowUs + (end === 'completed' ? rests.coolDownMs : rests.failureCoolDownMs) * usPerMs)
  }

  isResting(buySlot: number, sellSlot: number, nowUs: number): boolean {
    return nowUs < this.until[buySlot * this.slots + sellSlot]!
  }
}
