import { usPerMs } from '@cex-arbitrage/common'
import type { OpportunityRow } from '@cex-arbitrage/storage'
import { Thinned } from '../thinned.js'
import type { OpportunityGroup } from './period-report.js'

const keptMissed = 20
const keptSurvivals = 20_000

/** Counts sampled opportunities, and keeps the best of those that were not taken. */
export class OpportunityTally {
  private readonly survivals = new Thinned<number>(keptSurvivals)
  private best: readonly OpportunityRow[] = []
  private readonly groups = new Map<string, { row: OpportunityRow; count: number; bestBps: number; sumBps: number }>()

  add(row: OpportunityRow): void {
    const { strategy, verdict, netEdgeBps, survivalUs } = row
    if (survivalUs !== null) this.survivals.add(survivalUs / usPerMs)
    const key = JSON.stringify([strategy, verdict])
    const group = this.groups.get(key) ?? { row, count: 0, bestBps: Number.NEGATIVE_INFINITY, sumBps: 0 }
    this.groups.set(key, group)
    group.count++
    group.bestBps = Math.max(group.bestBps, netEdgeBps)
    group.sumBps += netEdgeBps
    if (verdict !== 'approved' && netEdgeBps > (this.best[keptMissed - 1]?.netEdgeBps ?? Number.NEGATIVE_INFINITY))
      this.best = [...this.best, row].toSorted((a, b) => b.netEdgeBps - a.netEdgeBps).slice(0, keptMissed)
  }

  /** The largest edges that were not taken. */
  get missed(): readonly OpportunityRow[] {
    return this.best
  }

  /** How long they stood, milliseconds; of many evenly taken. */
  get survivalMs(): readonly number[] {
    return this.survivals.items()
  }

  summary(): readonly OpportunityGroup[] {
    return [...this.groups.values()]
      .map(({ row: { strategy, verdict }, count, bestBps, sumBps }) => ({
        strategy,
        verdict,
        count,
        bestBps,
        meanBps: sumBps / count,
      }))
      .toSorted((a, b) => b.count - a.count)
  }
}
