import type { StreamSession } from '../../server/stream-session.js'
import type { Channel } from './channel.js'
import type { StreamRequest } from './stream-frames.js'

/** One product as its WebSocket serves it. */
export interface StreamSide {
  readonly product: 'spot' | 'futures'
  readonly channels: ReadonlyMap<string, Channel>
  /** The WebSocket API. */
  readonly calls: {
    handle(session: StreamSession, request: StreamRequest): void
    closed(session: StreamSession): void
  }
  /** Whether the first snapshot of an order book of the second version comes before the acknowledgement. */
  readonly obuSnapshotFirst: boolean
}
