import { Decimal, createAssetId, type AssetId, type Clock, type Timer } from '@cex-arbitrage/common'
import type { DisplayRecorder } from '@cex-arbitrage/storage'
import type { AssetValues, Ledger } from '@cex-arbitrage/trading'
import type { StatusSnapshot } from '../status/status-snapshot.js'

export interface HistorySamplerOptions {
  readonly recorder: DisplayRecorder
  readonly clock: Clock
  readonly snapshot: () => StatusSnapshot
  readonly ledger: Ledger
  readonly values: () => AssetValues
  readonly reportingAsset: AssetId
}

const equityIntervalMs = 1_000
/** Health and why-not counters are taken with every so many samples of equity. */
const slowSamples = 5

/** Takes what the page and reports show over time, at fixed intervals. */
export class HistorySampler {
  private timer: Timer | undefined
  private samples = 0
  private closed = false
  private refusals: Readonly<Record<string, number>> = {}

  constructor(private readonly options: HistorySamplerOptions) {}

  start(): void {
    this.sampleSoon()
  }

  /** Takes a last sample of everything. */
  close(): void {
    if (this.closed) return
    this.closed = true
    this.timer?.cancel()
    this.samples = 0
    this.sample()
  }

  private sampleSoon(): void {
    this.timer = this.options.clock.setTimer(() => {
      this.sample()
      this.sampleSoon()
    }, equityIntervalMs)
  }

  private sample(): void {
    const snapshot = this.options.snapshot()
    if (snapshot.state === 'starting') return
    const atMs = this.options.clock.nowMs()
    this.sampleEquity(atMs, snapshot)
    if (this.samples++ % slowSamples !== 0) return
    this.sampleHealth(atMs, snapshot)
    this.sampleRefusals(atMs, snapshot)
  }

  /** Worth of everything on the venues; what has no price in the reporting asset is left out. */
  private sampleEquity(atMs: number, snapshot: StatusSnapshot): void {
    const { recorder, ledger, reportingAsset } = this.options
    const values = this.options.values()
    const worth = (asset: AssetId, amount: Decimal): Decimal => values.valueOf(asset)?.times(amount) ?? Decimal.zero
    let equity = Decimal.zero
    for (const { account, asset, amount } of ledger.entries())
      if (account.startsWith('venue:') || account.startsWith('position:')) equity = equity.plus(worth(asset, amount))
    let realised = Decimal.zero
    for (const profit of snapshot.trades.profit)
      realised = realised.plus(worth(createAssetId(profit.asset), Decimal.parse(profit.realised)))
    // The books are not there yet, or no longer: no equity is better than a wrong one.
    if (equity.isZero) return
    const amounts = { equity: equity.toString(), realised: realised.toString() }
    recorder.recordEquity({ atMs, asset: reportingAsset, ...amounts })
  }

  private sampleHealth(atMs: number, { exchanges }: StatusSnapshot): void {
    for (const status of exchanges)
      this.options.recorder.recordVenueHealth({
        atMs,
        exchange: status.exchange,
        marketDataConnected: status.marketDataConnected,
        accountConnected: status.accountConnected,
        booksTrusted: status.booksTrusted,
        booksTotal: status.booksTotal,
        frames: status.frames,
        gaps: status.gaps,
        resyncs: status.resyncs,
        reconnects: status.reconnects,
        clockOffsetMs: status.clockOffsetMs === undefined ? null : Math.round(status.clockOffsetMs),
        openOrders: status.openOrders,
      })
  }

  private sampleRefusals(atMs: number, { opportunities }: StatusSnapshot): void {
    for (const [cause, total] of Object.entries(opportunities.refusals)) {
      const count = total - (this.refusals[cause] ?? 0)
      if (count > 0) this.options.recorder.recordWhyNot({ atMs, cause, count })
    }
    this.refusals = opportunities.refusals
  }
}
