import type { Instrument, Trade } from '@cex-arbitrage/common'
import type { GateioLevels } from './book-levels.js'
import type { GateioBookFeed } from './constants.js'

/** A queried book. */
export interface GateioSnapshot {
  readonly levels: GateioLevels
  readonly sequence: number
  readonly exchangeTimeMs: number
}

/** In what the streams of spot and of futures differ. */
export interface GateioMarketDialect {
  readonly market: 'spot' | 'futures'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly feed: GateioBookFeed
  readonly channels: {
    readonly update: string
    readonly obu: string
    readonly trades: string
    readonly ping: string
    readonly system: string
  }
  /** The payload that subscribes to one book. */
  createBookPayload(exchangeSymbol: string): readonly string[]
  fetchSnapshot(exchangeSymbol: string, depth: number): Promise<GateioSnapshot>
  /**
   * Trades of a push.
   *
   * @param find - The instrument of an exchange symbol; `undefined` for one that nobody follows.
   * @throws ZodError when the push does not have the documented shape.
   */
  mapTrades(result: unknown, find: (exchangeSymbol: string) => Instrument | undefined): readonly Trade[]
}
