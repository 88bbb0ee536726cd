import type { AssetId } from '@cex-arbitrage/common'
import type { HaltCause, TradingHalt } from '../types/halt.js'

/** A kill switch that only remembers. */
export class SimulatedHalt implements TradingHalt {
  causes: HaltCause[] = []
  private readonly listeners: ((cause: HaltCause) => void)[] = []

  halt(cause: HaltCause): void {
    this.causes.push(cause)
    for (const listener of this.listeners) listener(cause)
  }

  resume(rule: HaltCause['rule']): void {
    this.causes = this.causes.filter((cause) => cause.rule !== rule)
  }

  causeFor(assets: readonly AssetId[]): HaltCause | undefined {
    return this.causes.find((cause) => cause.asset === undefined || assets.includes(cause.asset))
  }

  onHalt(listener: (cause: HaltCause) => void): void {
    this.listeners.push(listener)
  }
}
