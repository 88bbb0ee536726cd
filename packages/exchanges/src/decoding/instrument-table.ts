import type { Instrument } from '@cex-arbitrage/common'
import { SymbolTable } from './symbol-table.js'

/** The instruments that a decoder knows, found by their symbol's bytes in a frame. */
export class InstrumentTable {
  private readonly symbols = new SymbolTable()
  private readonly instruments: Instrument[] = []

  /** The instrument's index, in order of adding. The same symbol again replaces the instrument and keeps its index. */
  add(instrument: Instrument): number {
    const index = this.symbols.add(instrument.exchangeSymbol)
    this.instruments[index] = instrument
    return index
  }

  /** Index of the instrument whose symbol is `bytes[start, end)`; -1 when it was never added. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.symbols.find(bytes, start, end)
  }

  /** Index by the exchange's name; -1 when it was never added. */
  indexOf(exchangeSymbol: string): number {
    const bytes = Buffer.from(exchangeSymbol, 'utf8')
    return this.symbols.find(bytes, 0, bytes.length)
  }

  at(index: number): Instrument | undefined {
    return this.instruments[index]
  }
}
