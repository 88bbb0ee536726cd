import { msPerHour } from '@cex-arbitrage/common'
import { TradeDigest } from '../trade-digest.js'
import type { TradeRow } from '../trade-row.js'
import { TradeGroups } from './trade-groups.js'

const keptWorst = 10

interface Drawdown {
  sum: number
  height: number
  fall: number
}

/** Takes in ended trades, in the order in which they began, and keeps what a report says of them. */
export class TradeTally {
  readonly digest = new TradeDigest()
  readonly byAsset = new TradeGroups(() => '')
  readonly byStrategy = new TradeGroups(({ strategy }) => strategy)
  readonly bySymbol = new TradeGroups(({ symbol }) => symbol)
  readonly byRoute = new TradeGroups(({ route }) => route)
  readonly byEnd = new TradeGroups(({ end }) => end)
  /** Realised profit by the hour of UTC in which its trade began, Unix milliseconds. */
  readonly realisedByHour = new Map<number, number>()
  private readonly drawdowns = new Map<string, Drawdown>()
  private furthestBelow: readonly TradeRow[] = []

  add(trade: TradeRow): void {
    this.digest.add(trade)
    for (const groups of [this.byAsset, this.byStrategy, this.bySymbol, this.byRoute, this.byEnd]) groups.add(trade)
    const realised = Number(trade.realised)
    const hour = Math.floor(trade.startedAtMs / msPerHour) * msPerHour
    this.realisedByHour.set(hour, (this.realisedByHour.get(hour) ?? 0) + realised)
    this.followHeight(trade.profitAsset, realised)
    this.keepWorst(trade)
  }

  /** Largest fall of realised profit from a height before it, by asset. */
  get maxDrawdowns(): ReadonlyMap<string, number> {
    return new Map([...this.drawdowns].map(([asset, { fall }]) => [asset, fall]))
  }

  /** Furthest below their expectation, the worst first. */
  get worst(): readonly TradeRow[] {
    return this.furthestBelow
  }

  private followHeight(asset: string, realised: number): void {
    const drawdown = this.drawdowns.get(asset) ?? { sum: 0, height: 0, fall: 0 }
    this.drawdowns.set(asset, drawdown)
    drawdown.sum += realised
    drawdown.height = Math.max(drawdown.height, drawdown.sum)
    drawdown.fall = Math.max(drawdown.fall, drawdown.height - drawdown.sum)
  }

  private keepWorst(trade: TradeRow): void {
    const last = this.furthestBelow[keptWorst - 1]
    if (excessOf(trade) >= (last === undefined ? 0 : excessOf(last))) return
    this.furthestBelow = [...this.furthestBelow, trade]
      .toSorted((a, b) => excessOf(a) - excessOf(b))
      .slice(0, keptWorst)
  }
}

/** Realised less expected profit. */
const excessOf = ({ realised, expected }: TradeRow): number => Number(realised) - Number(expected)
