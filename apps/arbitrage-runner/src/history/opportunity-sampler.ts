import { usPerMs, type Clock, type Symbol } from '@cex-arbitrage/common'
import type { DisplayRecorder, OpportunitySample } from '@cex-arbitrage/storage'
import { ordersOf, type OpportunityListener, type TradePlan } from '@cex-arbitrage/trading'

/** At most one in so many milliseconds for each symbol and verdict; those that are traded are all taken. */
const sampleIntervalMs = 1_000

/** Records opportunities, and how long the last one of a symbol stood once its quotes no longer cross. */
export class OpportunitySampler implements OpportunityListener {
  private readonly sampledAtUs = new Map<string, number>()
  private readonly last = new Map<Symbol, OpportunitySample>()

  constructor(
    private readonly recorder: DisplayRecorder,
    private readonly clock: Clock,
  ) {}

  onProposal(plan: TradePlan, verdict: Parameters<OpportunityListener['onProposal']>[1]): void {
    if (verdict !== 'approved' && !this.isDue(`${plan.symbol} ${verdict}`)) return
    this.flush(plan.symbol, null)
    const exchangeOf = (side: 'buy' | 'sell'): string =>
      ordersOf(plan).find((order) => order.side === side)?.instrument.exchange ?? plan.legs[0].instrument.exchange
    this.last.set(plan.symbol, {
      atMs: this.clock.nowMs(),
      strategy: plan.strategy,
      symbol: plan.symbol,
      buyExchange: exchangeOf('buy'),
      sellExchange: exchangeOf('sell'),
      netEdgeBps: plan.netEdgeBps,
      expectedProfit: plan.expectedProfit.toString(),
      profitAsset: plan.profitAsset,
      correlationId: plan.correlationId,
      verdict,
      survivalUs: null,
    })
  }

  onCrossingEnd(symbol: Symbol, survivalUs: number): void {
    this.flush(symbol, Math.round(survivalUs))
  }

  /** Records what is still held back. */
  close(): void {
    for (const symbol of this.last.keys()) this.flush(symbol, null)
  }

  private flush(symbol: Symbol, survivalUs: number | null): void {
    const sample = this.last.get(symbol)
    if (sample === undefined) return
    this.last.delete(symbol)
    this.recorder.recordOpportunity({ ...sample, survivalUs })
  }

  private isDue(key: string): boolean {
    const nowUs = this.clock.nowUs()
    if (nowUs - (this.sampledAtUs.get(key) ?? Number.NEGATIVE_INFINITY) < sampleIntervalMs * usPerMs) return false
    this.sampledAtUs.set(key, nowUs)
    return true
  }
}
