import type { Instrument, Trade } from '@cex-arbitrage/common'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import type { GateioLevels } from './book-levels.js'
import { bookFeedOf } from './capabilities.js'
import { bookChannels, isBookQueried, spotChannels, type GateioBookFeed } from './constants.js'
import type { GateioRestClient } from './rest-client.js'
import { gateioTradeSchema } from './schemas.js'
import { mapGateioTrade } from './trades.js'
import { webSocketUrlOf } from './ws-protocol.js'

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

/** The streams of spot. */
export function createSpotDialect(context: ExchangeContext, rest: GateioRestClient): GateioMarketDialect {
  const feed = bookFeedOf(rest.options)
  const obuLevels = feed === 'obu-50' ? 50 : 400
  return {
    market: 'spot',
    url: webSocketUrlOf(context, rest.options),
    feed,
    channels: {
      ...bookChannels.spot,
      trades: spotChannels.trades,
      ping: spotChannels.ping,
      system: spotChannels.system,
    },
    createBookPayload: (symbol) => (isBookQueried(feed) ? [symbol, feed] : [`ob.${symbol}.${obuLevels}`]),
    fetchSnapshot: async (symbol, depth) => {
      const { id, bids, asks, update } = await rest.getOrderBook(symbol, depth)
      return { levels: { bids, asks }, sequence: id, exchangeTimeMs: update ?? 0 }
    },
    mapTrades: (result, find) => {
      const trade = gateioTradeSchema.parse(result)
      const instrument = find(trade.currency_pair)
      return instrument === undefined ? [] : [mapGateioTrade(trade, instrument)]
    },
  }
}
