const nobody = -1
/** One of each side. */
const quotesPerSymbol = 2

/** Which symbols the trades under way have to themselves: one trade each, or the quotes of one strategy. */
export class SymbolClaims {
  private readonly trades: Uint8Array
  /** Number of the strategy whose quotes have the symbol. */
  private readonly quoters: Int16Array

  constructor(symbols: number) {
    this.trades = new Uint8Array(symbols)
    this.quoters = new Int16Array(symbols).fill(nobody)
  }

  /** A quote rests in it, or what it filled is being closed. */
  isQuoted(symbol: number): boolean {
    return this.quoters[symbol] !== nobody
  }

  /** Whether a trade of this strategy may begin. */
  admits(symbol: number, strategy: number): boolean {
    const trades = this.trades[symbol]!
    return trades === 0 || (this.quoters[symbol] === strategy && trades < quotesPerSymbol)
  }

  /** Takes the symbols for a trade that `admits` let through. */
  take(symbols: readonly number[], strategy: number, isQuote: boolean): void {
    for (const symbol of symbols) {
      this.trades[symbol]!++
      this.quoters[symbol] = isQuote ? strategy : nobody
    }
  }

  /** Gives them back when the trade has ended. */
  release(symbols: readonly number[]): void {
    for (const symbol of symbols) if (--this.trades[symbol]! === 0) this.quoters[symbol] = nobody
  }
}
