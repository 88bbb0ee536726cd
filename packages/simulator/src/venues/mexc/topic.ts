import type { BookChange, PublicTrade } from '../../matching/exchange-listener.js'
import type { VenueHost } from '../../venue/venue-host.js'
import type { MarketData } from './market-data.js'
import type { MexcSymbol } from './mexc-symbol.js'
import type { MessageFields } from './protobuf-encoder.js'

/** What a topic pushes: the body, and what the wrapper carries besides channel and send time. */
export interface TopicPush {
  readonly body: MessageFields
  /** Stamp the frame with the time of creation, as klines do, instead of the time of sending. */
  readonly createTimed?: boolean
  readonly symbolId?: string
}

/** Content of one public channel, shared by all who subscribed to it. */
export interface Topic {
  /** `due`: something is to be pushed at the next boundary of the channel's pace. */
  onBookChange?(change: BookChange): void
  onTrade?(trade: PublicTrade): void
  /** Whether a flush now would push. */
  readonly isDue: boolean
  /** Milliseconds after which a push comes even though nothing has changed; never when absent. */
  readonly repeatMs?: number
  /** Takes what is to be pushed. */
  flush(): TopicPush | undefined
}

/** What topics read from. */
export interface TopicSources {
  readonly host: VenueHost
  readonly data: MarketData
  readonly symbols: ReadonlyMap<string, MexcSymbol>
}
