import { usPerMs, type Clock, type Decimal, type Instrument } from '@cex-arbitrage/common'
import { midPrice } from '../market-data/mid-price.js'
import type { MarketBoard } from '../market-data/market-board.js'
import { accountOf } from '../types/account-id.js'
import type { AccountView } from '../types/account-view.js'
import type { HaltCause } from '../types/halt.js'

/** Milliseconds for which the closing of a position may be tried before it is a matter for people. */
const graceMs = 10_000

export interface MarginWatchDependencies {
  readonly board: MarketBoard
  readonly account: AccountView
  readonly clock: Clock
}

/** A position that is short of margin and stays so is named; whoever holds it says how much is to be left. */
export class MarginWatch {
  private readonly least = new Map<Instrument, () => Decimal>()
  private readonly shortSinceUs = new Map<Instrument, { readonly atUs: number; readonly base: Decimal }>()

  constructor(private readonly deps: MarginWatchDependencies) {}

  /** @param least - Share of the margin that must be left of a position in it. */
  watch(instrument: Instrument, least: () => Decimal): void {
    this.least.set(instrument, least)
  }

  /** Share of the margin that is left at the middle of its book, where that is known. */
  leftOf(instrument: Instrument): Decimal | undefined {
    const book = this.deps.board.bookOf(instrument.id)
    if (book === undefined || book.bids.depth === 0 || book.asks.depth === 0) return undefined
    return this.deps.account.positions.marginLeft(instrument, midPrice(book))
  }

  /** What stands against trading on: a position that has not become smaller though it is short of margin. */
  cause(): HaltCause | undefined {
    for (const [instrument, least] of this.least) {
      const cause = this.causeOf(instrument, least())
      if (cause !== undefined) return cause
    }
    return undefined
  }

  private causeOf(instrument: Instrument, least: Decimal): HaltCause | undefined {
    const { account, clock } = this.deps
    const left = this.leftOf(instrument)
    if (left === undefined || !left.lessThan(least)) {
      this.shortSinceUs.delete(instrument)
      return undefined
    }
    const base = account.positions.baseOf(instrument)
    const nowUs = clock.nowUs()
    const since = this.shortSinceUs.get(instrument)
    if (since === undefined || base.abs().lessThan(since.base.abs())) {
      this.shortSinceUs.set(instrument, { atUs: nowUs, base })
      return undefined
    }
    if (nowUs - since.atUs < graceMs * usPerMs) return undefined
    const detail = `The position of ${base.toString()} ${instrument.base} in ${instrument.id} has ${left.toString()} of its margin left, less than ${least.toString()}, and could not be made smaller. Put margin in, or close it and its spot by hand.`
    return { rule: 'margin', asset: instrument.base, exchange: accountOf(instrument), detail }
  }
}
