import type { AccountedTrade, HistoryReader, JournalRow, TimeRange } from '@cex-arbitrage/storage'
import type { TradeRow } from '../trade-row.js'
import { ExchangeTally } from './exchange-tally.js'
import { OpportunityTally } from './opportunity-tally.js'
import type { PeriodReport } from './period-report.js'
import { toTradeRow } from './to-trade-row.js'
import { TradeTally } from './trade-tally.js'

/** What a report reads. */
export type PeriodSource = Pick<HistoryReader, 'queries' | 'trades' | 'opportunities'>

export interface PeriodChoice {
  /** What the time is called, such as `2026-11-24`. */
  readonly name: string
  readonly mode: string
  readonly fromMs: number
  readonly toMs: number
  /** Of one run alone. */
  readonly journal?: string
}

export interface CollectOptions {
  readonly nowMs: number
  /** Told each trade as it is read, with its row once it has ended. */
  readonly onTrade?: (trade: AccountedTrade, row: TradeRow | undefined) => Promise<void>
  readonly onProgress?: (share: number) => void
}

const equityPoints = 1_000
const maxHalts = 1_000
const progressEvery = 500

/** Reads a time of trading out of the database, in memory that does not grow with the number of trades. */
export async function collectPeriod(
  reader: PeriodSource,
  choice: PeriodChoice,
  { nowMs, onTrade, onProgress }: CollectOptions,
): Promise<PeriodReport> {
  const { name, mode, journal, fromMs, toMs } = choice
  const range: TimeRange = { fromMs, toMs, ...(journal === undefined ? { mode } : { journal }) }
  const { queries } = reader
  const total = (await queries.tradeSummary(range)).trades
  const exchanges = new ExchangeTally()
  const trades = new TradeTally()
  let read = 0
  for await (const trade of reader.trades(range)) {
    const row = toTradeRow(trade)
    await onTrade?.(trade, row)
    exchanges.add(trade)
    if (row !== undefined) trades.add(row)
    if (++read % progressEvery === 0) onProgress?.(read / Math.max(read, total))
  }
  const opportunities = new OpportunityTally()
  for await (const row of reader.opportunities(range)) opportunities.add(row)
  const journals = await journalsOf(reader, choice)
  const newest = journals.at(-1)
  return {
    title: `Trading on ${name}, ${mode}`,
    notes: describeScope(choice, journals, nowMs),
    mode,
    fromMs,
    toMs: Math.min(toMs, nowMs),
    journals,
    trades: trades.digest,
    openTrades: read - trades.digest.count,
    byAsset: trades.byAsset.rows(),
    byStrategy: trades.byStrategy.rows(),
    bySymbol: trades.bySymbol.rows(),
    byRoute: trades.byRoute.rows(),
    byEnd: trades.byEnd.rows(),
    worst: trades.worst,
    maxDrawdowns: trades.maxDrawdowns,
    realisedByHour: trades.realisedByHour,
    exchanges: exchanges.activities(),
    equity: await queries.equitySeries({ ...range, maxPoints: equityPoints }),
    whyNot: await queries.whyNot(range),
    opportunities: opportunities.summary(),
    missed: opportunities.missed,
    survivalMs: opportunities.survivalMs,
    halts: (await queries.halts({ ...range, limit: maxHalts })).toReversed(),
    health: newest === undefined ? [] : await queries.venueHealth({ journal: newest.journal }),
  }
}

/** Runs of the choice that had begun before its end, the oldest first. */
async function journalsOf(reader: PeriodSource, { journal, mode, toMs }: PeriodChoice): Promise<readonly JournalRow[]> {
  const all = await reader.queries.journals()
  return all
    .filter((row) => (journal === undefined ? row.mode === mode : row.journal === journal) && row.createdAtMs < toMs)
    .toReversed()
}

function describeScope(choice: PeriodChoice, journals: readonly JournalRow[], nowMs: number): readonly string[] {
  const runs =
    choice.journal === undefined
      ? `Every run of the ${choice.mode} mode in this time; the database knows ${journals.length}.`
      : `The run ${choice.journal} alone.`
  return [
    runs,
    'A trade belongs to the time in which it began, with all its fills. Equity, health and opportunities are samples; database.retention says how long they are kept.',
    ...(choice.toMs > nowMs ? ['This time is not over yet.'] : []),
  ]
}
