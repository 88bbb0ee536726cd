import type { CexArbitrageException } from '@cex-arbitrage/common'

/** Follows one outgoing message. Before `onWritten` nothing has left; after it, it may have arrived. */
export interface SendReceipt {
  /** Handed to the socket of this epoch. */
  onWritten?(epoch: number): void
  /** Will never be sent. */
  onDropped?(error: CexArbitrageException): void
  /** Asked just before writing; `true` drops it silently. */
  isCancelled?(): boolean
}

/** Whatever messages can be sent on. */
export interface MessageSender {
  /**
   * @throws ExchangeConnectionException No socket is open; nothing was sent.
   * @throws RateLimitException The queue is full; nothing was sent.
   */
  send(data: string | Buffer, receipt?: SendReceipt): void
}
