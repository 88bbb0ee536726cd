import { msPerDay } from '@cex-arbitrage/common'
import type { Kysely } from 'kysely'
import type { TimeRange, TradeDayRow, TradeSummary } from '../history-queries.js'
import type { DatabaseSchema } from '../schema.js'
import { filterTrades } from './filter-trades.js'
import { TradeTally, type TalliedTrade } from './trade-tally.js'

const tradesAtOnce = 10_000

/** Sums over trades, read in pages to bound memory. */
export class TradeSums {
  constructor(private readonly db: Kysely<DatabaseSchema>) {}

  async summary(journals: readonly string[], range: TimeRange): Promise<TradeSummary> {
    const tally = new TradeTally()
    await this.each(journals, range, (trade) => tally.add(trade))
    return tally.summary()
  }

  /** Days of UTC on which a trade began, the newest first. */
  async days(journals: readonly string[], range: TimeRange): Promise<readonly TradeDayRow[]> {
    const tallies = new Map<number, TradeTally>()
    await this.each(journals, range, (trade) => {
      const day = Math.floor(trade.startedAtMs / msPerDay)
      const tally = tallies.get(day) ?? new TradeTally()
      tallies.set(day, tally)
      tally.add(trade)
    })
    return [...tallies]
      .toSorted(([a], [b]) => b - a)
      .map(([day, tally]) => ({ day: new Date(day * msPerDay).toISOString().slice(0, 10), ...tally.summary() }))
  }

  private async each(
    journals: readonly string[],
    range: TimeRange,
    take: (trade: TalliedTrade & { readonly startedAtMs: number }) => void,
  ): Promise<void> {
    for (const journal of journals)
      for (let after: string | undefined; ;) {
        let query = filterTrades(this.db, journal, range)
          .select(['correlationId', 'startedAtMs', 'outcome', 'profitAsset', 'expectedProfit', 'realisedProfit'])
          .orderBy('correlationId')
          .limit(tradesAtOnce)
        if (after !== undefined) query = query.where('correlationId', '>', after)
        const page = await query.execute()
        for (const trade of page) take(trade)
        if (page.length < tradesAtOnce) break
        after = page.at(-1)!.correlationId
      }
  }
}
