import type { CexArbitrageException } from '@cex-arbitrage/common'
import type { WebSocketState } from './websocket-options.js'
import type { WebSocketSettings } from './websocket-settings.js'

/** The state of a connection, and what its handler and the log are told. A failing handler must not stop the healing. */
export class ConnectionEvents {
  state: WebSocketState = 'idle'
  /** Frames whose handler threw. */
  frameErrors = 0

  constructor(private readonly settings: WebSocketSettings) {}

  changeState(state: WebSocketState, epoch: number): void {
    const previous = this.state
    if (state === previous) return
    this.state = state
    this.tell(() => this.settings.handler.onStateChange?.(state, previous, epoch))
  }

  started(epoch: number): void {
    this.tell(() => this.settings.handler.onEpochStart?.(epoch))
  }

  ended(epoch: number, reason: CexArbitrageException | undefined): void {
    this.tell(() => this.settings.handler.onEpochEnd?.(epoch, reason))
  }

  /** @param retryInMs - `undefined` when no attempt follows. */
  attemptFailed(error: CexArbitrageException, retryInMs: number | undefined): void {
    const { name, logger, handler } = this.settings
    const fields = { connection: name, retryInMs, code: error.code, reason: error.message }
    logger.warn(fields, 'websocket attempt failed')
    this.tell(() => handler.onAttemptFailed?.(error, retryInMs))
  }

  /** Logs the first, second, fourth, eighth … so that a broken decoder does not drown the log. */
  frameFailed(error: unknown): void {
    const { name, logger } = this.settings
    const count = ++this.frameErrors
    if ((count & (count - 1)) === 0) logger.error({ connection: name, count, err: error }, 'frame handler failed')
  }

  private tell(notify: () => void): void {
    try {
      notify()
    } catch (error) {
      const { name, logger } = this.settings
      logger.error({ connection: name, err: error }, 'websocket handler failed')
    }
  }
}
