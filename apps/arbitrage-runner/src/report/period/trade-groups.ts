import { Decimal } from '@cex-arbitrage/common'
import { Thinned } from '../thinned.js'
import type { TradeRow } from '../trade-row.js'
import type { TradeGroup } from './period-report.js'

/** Durations that a median is taken of; of more trades it is that of so many, evenly taken. */
const maxDurations = 4_000

/** Trades put together by a name, with exact sums. */
export class TradeGroups {
  private readonly groups = new Map<string, GroupTally>()

  constructor(private readonly nameOf: (trade: TradeRow) => string) {}

  add(trade: TradeRow): void {
    const name = this.nameOf(trade)
    const key = JSON.stringify([name, trade.profitAsset])
    let group = this.groups.get(key)
    if (group === undefined) this.groups.set(key, (group = new GroupTally(name, trade.profitAsset)))
    group.add(trade)
  }

  /** Most profit first, one row for each asset of profit. */
  rows(): readonly TradeGroup[] {
    return [...this.groups.values()]
      .map((group) => group.row())
      .toSorted((a, b) => Number(b.realised) - Number(a.realised) || (a.name < b.name ? -1 : 1))
  }
}

class GroupTally {
  private trades = 0
  private completed = 0
  private won = 0
  private expected = Decimal.zero
  private realised = Decimal.zero
  private readonly durationsMs = new Thinned<number>(maxDurations)

  constructor(
    private readonly name: string,
    private readonly profitAsset: string,
  ) {}

  add({ end, expected, realised, durationMs }: TradeRow): void {
    const profit = Decimal.parse(realised)
    this.trades++
    if (end === 'completed') this.completed++
    if (profit.sign > 0) this.won++
    this.expected = this.expected.plus(Decimal.parse(expected))
    this.realised = this.realised.plus(profit)
    this.durationsMs.add(durationMs)
  }

  row(): TradeGroup {
    const { name, profitAsset, trades, completed, won } = this
    const durations = this.durationsMs.items().toSorted((a, b) => a - b)
    return {
      name,
      profitAsset,
      trades,
      completed,
      won,
      expected: this.expected.toString(),
      realised: this.realised.toString(),
      medianMs: durations[durations.length >> 1]!,
    }
  }
}
