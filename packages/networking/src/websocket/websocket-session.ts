import type { FrameWindow } from './frame-window.js'
import type { MessageSender } from './send-receipt.js'

/** A frame that was waited for. `data` is a copy. */
export interface ReceivedFrame {
  readonly data: Buffer
  readonly isBinary: boolean
}

/** One socket, as its login and subscribe hooks see it. */
export interface WebSocketSession extends MessageSender {
  readonly epoch: number
  /**
   * Resolves with the first frame from now on for which `match` holds. The handler gets it too.
   *
   * @throws ExchangeUnavailableException None came within `timeoutMs`, or the socket was lost.
   */
  waitForFrame(match: (frame: FrameWindow) => boolean, timeoutMs: number): Promise<ReceivedFrame>
}
