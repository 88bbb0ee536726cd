import { msPerSecond } from '@cex-arbitrage/common'
import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { asPart } from '../../../factory/exchange-parts.js'
import type { ExchangeRestClient } from '../../../interfaces/rest-client.js'
import { bookFeedOf } from '../capabilities.js'
import { bookChannels, isBookQueried, streamedDepthOf } from '../constants.js'
import { GateioMarketDataFeed } from '../market-data-feed.js'
import type { GateioMarketDialect } from '../market-dialect.js'
import type { GateioRestClient } from '../rest-client.js'
import { decimalSizeHeaders, futuresChannels } from './constants.js'
import { GateioFuturesRestClient } from './rest-client.js'
import { gateioFuturesTradesSchema } from './schemas.js'
import { mapGateioFuturesTrade } from './trades.js'
import { futuresWebSocketUrlOf } from './ws-protocol.js'

/** Live books and trades of Gate.io perpetual futures; quantities are contracts. */
export class GateioFuturesMarketDataFeed extends GateioMarketDataFeed {
  constructor(context: ExchangeContext, rest: ExchangeRestClient) {
    super(context, rest, createFuturesDialect)
  }
}

function createFuturesDialect(context: ExchangeContext, shared: GateioRestClient): GateioMarketDialect {
  const rest = asPart(shared, GateioFuturesRestClient)
  const { options } = rest
  const feed = bookFeedOf(options)
  const levels = String(streamedDepthOf[feed])
  return {
    market: 'futures',
    url: futuresWebSocketUrlOf(context, options),
    headers: decimalSizeHeaders,
    feed,
    channels: { ...bookChannels.futures, ...futuresChannels },
    createBookPayload: (contract) => (isBookQueried(feed) ? [contract, feed, levels] : [`ob.${contract}.${levels}`]),
    fetchSnapshot: async (contract, depth) => {
      const { id, bids, asks, update } = await rest.getFuturesOrderBook(contract, depth)
      return { levels: { bids, asks }, sequence: id, exchangeTimeMs: Math.round((update ?? 0) * msPerSecond) }
    },
    mapTrades: (result, find) =>
      gateioFuturesTradesSchema.parse(result).flatMap((trade) => {
        const instrument = find(trade.contract)
        return instrument === undefined || trade.is_internal === true ? [] : [mapGateioFuturesTrade(trade, instrument)]
      }),
  }
}
