import { usPerMs } from '@cex-arbitrage/common'

/** For so long nobody quotes a symbol that another strategy has asked for. */
const yieldMs = 500
/** A strategy has the quotes of a symbol pulled no more often than this, so that what it is refused for starves no quotes. */
const askIntervalMs = 2_000

/**
 * Who gives way where quotes and trades that take want one symbol: quotes, which would otherwise have it for ever, for a
 * moment, and then not again for a while.
 */
export class QuoteYielding {
  private readonly untilUs: Float64Array
  private readonly askAgainUs: Float64Array

  constructor(symbols: number) {
    this.untilUs = new Float64Array(symbols)
    this.askAgainUs = new Float64Array(symbols)
  }

  /** Whether another strategy may ask for the symbol now. */
  mayAsk(symbol: number, nowUs: number): boolean {
    return nowUs >= this.askAgainUs[symbol]!
  }

  /** One has; the quotes are to be pulled. */
  ask(symbol: number, nowUs: number): void {
    this.untilUs[symbol] = nowUs + yieldMs * usPerMs
    this.askAgainUs[symbol] = nowUs + askIntervalMs * usPerMs
  }

  /** Nothing new is to be quoted there. */
  isYielding(symbol: number, nowUs: number): boolean {
    return nowUs < this.untilUs[symbol]!
  }
}
