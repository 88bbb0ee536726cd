import type { Clock } from '@cex-arbitrage/common'

import type { ExchangeCore, OrderInterceptor } from '../matching/exchange-core.js'
import type { VenueOrder } from '../matching/venue-order.js'
import type { FaultEngine } from './fault-engine.js'

const defaultDelayMs = 500

/** Lets orders fill late, be refused after they were acknowledged, or fill while they are being cancelled. */
export class OrderFaults implements OrderInterceptor {
  constructor(
    private readonly core: ExchangeCore,
    private readonly faults: FaultEngine,
    private readonly clock: Clock,
  ) {}

  onAccepted(order: VenueOrder): 'match' | 'park' {
    const rule = this.faults.take(['late_fill', 'late_refusal'], this.occasion(order))
    if (rule === undefined) return 'match'
    const then =
      rule.kind === 'late_fill' ? () => this.core.resume(order) : () => void this.core.cancel(order, 'refused_late')
    this.clock.setTimer(then, rule.delayMs ?? defaultDelayMs)
    return 'park'
  }

  onCancelRequested(order: VenueOrder): void {
    if (order.parked || order.input.kind === 'market') return
    const rule = this.faults.take(['cancel_race'], this.occasion(order))
    if (rule !== undefined) this.core.fillByHouse(order, Math.ceil(order.remainingLots * (rule.fraction ?? 1)))
  }

  private occasion(order: VenueOrder): { readonly symbol: string; readonly apiKey?: string } {
    const apiKey = order.input.attributes?.['apiKey']
    return { symbol: order.symbol.name, ...(apiKey !== undefined && { apiKey }) }
  }
}
