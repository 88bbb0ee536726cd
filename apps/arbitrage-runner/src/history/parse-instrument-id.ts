/** The parts of an instrument id, `exchange:market:BASE/QUOTE`. */
export interface InstrumentIdParts {
  readonly exchange: string
  readonly marketType: string
  readonly symbol: string
  readonly quote: string
}

export function parseInstrumentId(id: string): InstrumentIdParts {
  const [exchange = '', marketType = '', symbol = ''] = id.split(':')
  return { exchange, marketType, symbol, quote: symbol.split('/')[1] ?? '' }
}
