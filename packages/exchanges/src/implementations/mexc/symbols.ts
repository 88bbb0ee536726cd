import type { Instrument } from '@cex-arbitrage/common'

/**
 * The instruments in use by the exchange's own names (`BTCUSDT`, `龙虾USDT`, `GOLD(PAXG)USDT`). A name cannot be split
 * into its assets, so what is not registered is not known.
 */
export class MexcSymbols {
  private readonly instruments = new Map<string, Instrument>()

  add(instrument: Instrument): void {
    this.instruments.set(instrument.exchangeSymbol, instrument)
  }

  /** `undefined` for a pair that nobody asked for. */
  get(exchangeSymbol: string): Instrument | undefined {
    return this.instruments.get(exchangeSymbol)
  }

  clear(): void {
    this.instruments.clear()
  }
}
