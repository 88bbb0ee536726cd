import type { Instrument } from '@cex-arbitrage/common'

/** The instruments in use, by the exchange's own names. */
export class SampleSymbols {
  private readonly instruments = new Map<string, Instrument>()

  add(instrument: Instrument): void {
    this.instruments.set(instrument.exchangeSymbol, instrument)
  }

  remove(instrument: Instrument): void {
    this.instruments.delete(instrument.exchangeSymbol)
  }

  /** `undefined` for a pair that nobody asked for. */
  get(exchangeSymbol: string): Instrument | undefined {
    return this.instruments.get(exchangeSymbol)
  }
}
