import { Decimal } from '@cex-arbitrage/common'
import type { TradeSummary } from '../history-queries.js'
import type { TradeTable } from '../schema.js'

/** What a tally needs of a trade. */
export type TalliedTrade = Pick<TradeTable, 'outcome' | 'profitAsset' | 'expectedProfit' | 'realisedProfit'>

/** Counts trades and sums their profit exactly, which a database that knows doubles alone cannot. */
export class TradeTally {
  private trades = 0
  private open = 0
  private readonly byOutcome = new Map<string, number>()
  private readonly sums = new Map<string, { expected: Decimal; realised: Decimal }>()

  add({ outcome, profitAsset, expectedProfit, realisedProfit }: TalliedTrade): void {
    this.trades++
    if (outcome === null || realisedProfit === null) {
      this.open++
      return
    }
    this.byOutcome.set(outcome, (this.byOutcome.get(outcome) ?? 0) + 1)
    const sum = this.sums.get(profitAsset) ?? { expected: Decimal.zero, realised: Decimal.zero }
    this.sums.set(profitAsset, {
      expected: sum.expected.plus(Decimal.parse(expectedProfit)),
      realised: sum.realised.plus(Decimal.parse(realisedProfit)),
    })
  }

  summary(): TradeSummary {
    const profit = [...this.sums].map(([asset, { expected, realised }]) => ({
      asset,
      expected: expected.toString(),
      realised: realised.toString(),
    }))
    return { trades: this.trades, open: this.open, byOutcome: Object.fromEntries(this.byOutcome), profit }
  }
}
