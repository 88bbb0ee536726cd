import type { BackoffOptions, CexArbitrageException, Clock, ExchangeId, Logger, Random } from '@cex-arbitrage/common'
import type { SocketOptions } from '../utils/socket-options.js'
import type { CreateSocket } from './client-socket.js'
import type { FrameWindow } from './frame-window.js'
import type { WebSocketSession } from './websocket-session.js'

/** `waiting` is the pause before the next attempt. */
export type WebSocketState =
  | 'idle'
  | 'connecting'
  | 'authenticating'
  | 'subscribing'
  | 'open'
  | 'waiting'
  | 'closing'
  | 'closed'

/** Who is told what happens on a connection. Only `onFrame` is on the hot path. */
export interface WebSocketHandler {
  /**
   * A text or binary message.
   *
   * @param frame - Where it was received: read it before returning, or take a copy.
   * @param receivedAtUs - Monotonic microseconds at which the bytes came that completed it.
   * @param epoch - Number of the socket that brought it. During a planned rotation two sockets deliver, each its epoch.
   */
  onFrame(frame: FrameWindow, receivedAtUs: number, epoch: number): void
  onStateChange?(state: WebSocketState, previous: WebSocketState, epoch: number): void
  /** A socket is connected, logged in and subscribed, and is from now on the one that `send` uses. */
  onEpochStart?(epoch: number): void
  /** A socket that had started is gone; `reason` is `undefined` where it was closed on purpose. */
  onEpochEnd?(epoch: number, reason: CexArbitrageException | undefined): void
  /** A watched channel has brought nothing for `silentForMs`. */
  onChannelSilent?(channel: string, silentForMs: number, epoch: number): void
  /** An attempt to connect, log in, subscribe or rotate failed; another follows after `retryInMs`, if it is given. */
  onAttemptFailed?(error: CexArbitrageException, retryInMs: number | undefined): void
}

export interface HeartbeatOptions {
  /** RFC 6455 pings; a pong must come within `timeoutMs`. */
  readonly protocolPing?: { readonly intervalMs: number; readonly timeoutMs: number }
  /** The venue's own ping message. */
  readonly applicationPing?: {
    readonly intervalMs: number
    /** @param nowMs - Unix milliseconds. */
    readonly createPayload: (nowMs: number) => string | Buffer
  }
}

export interface ReconnectOptions {
  /** 250 ms growing to 30,000 ms by default. */
  readonly backoff?: BackoffOptions
  /**
   * Takes the place of `backoff`, for a schedule that is told: milliseconds before the attempt that follows so many
   * failures in a row (1 for the loss of a socket that stood); 0 tries at once.
   */
  readonly delayMs?: (failures: number) => number
  /** Milliseconds a socket must last for the backoff to begin anew; 10,000 by default. */
  readonly stableAfterMs?: number
  /** Failures in a row after which it gives up; none by default. */
  readonly maxAttempts?: number
  /**
   * Failures after which trying again is useless or harmful; by default `halt`, and before the first socket has stood a
   * wrong key, a missing right or a lacking capability.
   */
  readonly isFatal?: (error: CexArbitrageException) => boolean
}

export interface RotationOptions {
  /** Milliseconds after which a socket is replaced; below the venue's lifetime limit. */
  readonly afterMs: number
  /** Up to so much is taken off `afterMs` at random, so that many connections do not rotate at once; 0 by default. */
  readonly jitterMs?: number
  /** Milliseconds for which the old socket still delivers after the new one has taken over; 1,000 by default. */
  readonly overlapMs?: number
}

export interface WebSocketConnectionOptions {
  /** In logs and messages: `spot public 1`. */
  readonly name: string
  /** Called at each connect, so that it can bring a fresh listen key. Never printed. */
  readonly url: () => string | Promise<string>
  readonly handler: WebSocketHandler
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Put on exceptions; otherwise without meaning here. */
  readonly exchange?: ExchangeId
  readonly headers?: Readonly<Record<string, string>>
  /** Runs on each new socket, before `subscribe`. */
  readonly login?: (session: WebSocketSession) => Promise<void>
  /** Runs on each new socket: subscribes to everything that is wanted. */
  readonly subscribe?: (session: WebSocketSession) => Promise<void> | void
  readonly heartbeat?: HeartbeatOptions
  /** Milliseconds without any message after which the socket is replaced; no limit by default. */
  readonly maxSilenceMs?: number
  readonly reconnect?: ReconnectOptions
  readonly rotation?: RotationOptions
  /** Milliseconds for address and handshake; 10,000 by default. */
  readonly connectTimeoutMs?: number
  /** Milliseconds for login and subscribe together; 10,000 by default. */
  readonly setupTimeoutMs?: number
  /** Milliseconds to wait for the closing handshake; 2,000 by default. */
  readonly closeTimeoutMs?: number
  /** Messages that may be sent within `intervalMs`; more wait in the queue. */
  readonly sendLimit?: { readonly messages: number; readonly intervalMs: number }
  /** Bytes waiting in the socket above which messages wait in the queue; 1,048,576 by default. */
  readonly maxBufferedBytes?: number
  /** Messages that may wait; 1,000 by default. */
  readonly maxQueuedMessages?: number
  /** Bytes of a message beyond which the socket is cut; 16,777,216 by default. */
  readonly maxPayloadBytes?: number
  readonly socket?: SocketOptions
  /** In place of a socket over the network; then `socket` and `maxPayloadBytes` have no effect. */
  readonly createSocket?: CreateSocket
}
