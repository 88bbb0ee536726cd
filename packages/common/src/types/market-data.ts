import type { Decimal } from './decimal.js'
import type { InstrumentId } from './ids.js'
import type { Side } from './side.js'

/** One public execution. */
export interface Trade {
  readonly instrumentId: InstrumentId
  /** The exchange's id; `undefined` where it has none (MEXC). */
  readonly tradeId: string | undefined
  /** What the taker did. */
  readonly side: Side
  readonly price: Decimal
  readonly quantity: Decimal
  readonly exchangeTimeMs: number
}

/** Last price, best quotes and the volume of 24 hours. */
export interface Ticker {
  readonly instrumentId: InstrumentId
  readonly last: Decimal
  readonly bestBid: Decimal | undefined
  readonly bestAsk: Decimal | undefined
  readonly high24h: Decimal
  readonly low24h: Decimal
  readonly baseVolume24h: Decimal
  readonly quoteVolume24h: Decimal | undefined
}

export type CandleInterval = '1m' | '5m' | '15m' | '30m' | '1h' | '4h' | '1d'

export interface Candle {
  readonly instrumentId: InstrumentId
  readonly interval: CandleInterval
  readonly openTimeMs: number
  readonly open: Decimal
  readonly high: Decimal
  readonly low: Decimal
  readonly close: Decimal
  readonly baseVolume: Decimal
  readonly quoteVolume: Decimal
  /** Whether the interval is over; `undefined` where the exchange does not say. */
  readonly closed: boolean | undefined
}

/** The levels of a book as an exchange answers a query, best first. */
export interface BookSnapshot {
  readonly instrumentId: InstrumentId
  /** The exchange's counter at the moment of the snapshot. */
  readonly sequence: number
  readonly bids: readonly BookLevel[]
  readonly asks: readonly BookLevel[]
  readonly exchangeTimeMs: number | undefined
}

export interface BookLevel {
  readonly price: Decimal
  readonly quantity: Decimal
}
