import type { ExchangeContext } from '../../factory/exchange-context.js'
import { bookFeedOf } from './capabilities.js'
import { bookChannels, spotChannels } from './constants.js'
import type { GateioMarketDialect } from './market-dialect.js'
import type { GateioRestClient } from './rest-client.js'
import { gateioTradeSchema } from './schemas.js'
import { mapGateioTrade } from './trades.js'
import { webSocketUrlOf } from './web-socket-url.js'

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
    createBookPayload: (symbol) =>
      feed === '20ms' || feed === '100ms' ? [symbol, feed] : [`ob.${symbol}.${obuLevels}`],
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
