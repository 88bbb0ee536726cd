import type { BookChanges, Instrument, Trade } from '@cex-arbitrage/common'
import type { WebSocketConnectionOptions, WebSocketSession } from '@cex-arbitrage/networking'
import type { BaseRestClient } from '../../transport/base-rest-client.js'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { MexcSnapshotReader, mexcSnapshotDepth } from './book-sync.js'
import * as constants from './constants.js'
import { MexcMarketDataDecoder, type MexcFrameKind } from './market-data-decoder.js'
import type { MexcRestClient } from './rest-client.js'
import type { MexcSigner } from './signer.js'
import {
  createMexcBookTopic,
  createMexcStreamOptions,
  createMexcTradeTopic,
  requestMexcTopics,
  type MexcSubscriptionMethod,
  type MexcSubscriptionResult,
} from './ws-protocol.js'

/** What the feed asks of a decoder; see `MexcMarketDataDecoder`. */
export interface MexcFrameDecoder {
  readonly instrumentIndex: number
  readonly trades: readonly Trade[]
  readonly changes: BookChanges
  readonly slowFrames: number
  readonly corruptFrames: number
  readonly roundedQuantities: number
  addInstrument(instrument: Instrument): number
  decode(bytes: Buffer, start: number, end: number): MexcFrameKind
}

/** In what the streams of spot and of futures differ. */
export interface MexcMarketDialect {
  /** Of the connections, in logs. */
  readonly name: string
  readonly url: string
  /** Whether pushes are binary frames; frames of the other kind are answers. */
  readonly isBinary: boolean
  readonly decoder: MexcFrameDecoder
  readonly rest: Pick<BaseRestClient<MexcSigner>, 'serverClock' | 'doubtClock'>
  readonly streamOptions: Omit<WebSocketConnectionOptions, 'name' | 'url' | 'handler' | 'subscribe'>
  readonly maxSubscriptionsPerConnection: number
  /** Fewest milliseconds between two snapshots. */
  readonly snapshotIntervalMs: number
  /** Levels a side that snapshots are asked for. */
  readonly snapshotDepth: number
  bookTopic(instrument: Instrument): string
  tradeTopic(instrument: Instrument): string
  /** The answer may be reused by the next call. */
  fetchSnapshot(instrument: Instrument): Promise<BookChanges>
  /** Subscribes or unsubscribes, and waits for the answers. */
  requestTopics(
    session: WebSocketSession,
    method: MexcSubscriptionMethod,
    topics: readonly string[],
  ): Promise<MexcSubscriptionResult>
}

/** The protobuf streams of spot. */
export function createMexcSpotDialect(context: ExchangeContext, rest: MexcRestClient): MexcMarketDialect {
  const { streamIntervalMs, bookDepth } = rest.options
  const snapshots = new MexcSnapshotReader()
  const snapshotDepth = mexcSnapshotDepth(bookDepth)
  let requestId = 0
  return {
    name: 'mexc spot public',
    url: context.webSocketUrl ?? constants.mexcWebSocketUrl,
    isBinary: true,
    decoder: new MexcMarketDataDecoder(),
    rest,
    streamOptions: {
      ...createMexcStreamOptions(context),
      sendLimit: { messages: constants.maxClientMessages, intervalMs: constants.clientMessageIntervalMs },
    },
    maxSubscriptionsPerConnection: constants.maxSubscriptionsPerConnection,
    snapshotIntervalMs: constants.snapshotIntervalMs,
    snapshotDepth,
    bookTopic: ({ exchangeSymbol }) => createMexcBookTopic(exchangeSymbol, streamIntervalMs),
    tradeTopic: ({ exchangeSymbol }) => createMexcTradeTopic(exchangeSymbol, streamIntervalMs),
    fetchSnapshot: async (instrument) =>
      snapshots.read(await rest.getDepth(instrument.exchangeSymbol, snapshotDepth), instrument),
    requestTopics: (session, method, topics) => requestMexcTopics(session, method, topics, () => ++requestId),
  }
}
