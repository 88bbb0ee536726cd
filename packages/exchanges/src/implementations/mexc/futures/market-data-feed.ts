import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { asPart } from '../../../factory/exchange-parts.js'
import type { ExchangeRestClient } from '../../../interfaces/rest-client.js'
import { mexcSnapshotDepth } from '../book-sync.js'
import { MexcMarketDataFeed } from '../market-data-feed.js'
import type { MexcMarketDialect } from '../market-dialect.js'
import { MexcFuturesSnapshotReader } from './book-sync.js'
import { maxSnapshotDepth, maxSubscriptionsPerConnection, snapshotIntervalMs } from './constants.js'
import { MexcFuturesMarketDataDecoder } from './market-data-decoder.js'
import { MexcFuturesRestClient } from './rest-client.js'
import {
  createBookTopic,
  createMexcFuturesStreamOptions,
  createTradeTopic,
  futuresWebSocketUrlOf,
  requestTopics,
} from './ws-protocol.js'

/** Live books and trades of MEXC perpetual futures; quantities are contracts. */
export class MexcFuturesMarketDataFeed extends MexcMarketDataFeed {
  constructor(context: ExchangeContext, rest: ExchangeRestClient) {
    super(context, rest, createFuturesDialect)
  }
}

function createFuturesDialect(context: ExchangeContext, shared: ExchangeRestClient): MexcMarketDialect {
  const rest = asPart(shared, MexcFuturesRestClient)
  const snapshots = new MexcFuturesSnapshotReader()
  const snapshotDepth = Math.min(maxSnapshotDepth, mexcSnapshotDepth(rest.options.bookDepth))
  return {
    name: 'mexc futures public',
    url: futuresWebSocketUrlOf(context, rest.options),
    isBinary: false,
    decoder: new MexcFuturesMarketDataDecoder(),
    rest,
    streamOptions: createMexcFuturesStreamOptions(context),
    maxSubscriptionsPerConnection,
    snapshotIntervalMs,
    snapshotDepth,
    bookTopic: ({ exchangeSymbol }) => createBookTopic(exchangeSymbol),
    tradeTopic: ({ exchangeSymbol }) => createTradeTopic(exchangeSymbol),
    fetchSnapshot: async (instrument) =>
      snapshots.read(await rest.getDepth(instrument.exchangeSymbol, snapshotDepth), instrument),
    requestTopics,
  }
}
