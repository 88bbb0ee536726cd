import { ExchangeUnavailableException, type Clock, type ExchangeId } from '@cex-arbitrage/common'
import type { FrameWindow } from './frame-window.js'
import type { ReceivedFrame } from './websocket-session.js'

interface FrameWaiter {
  match(frame: FrameWindow): boolean
  resolve(frame: ReceivedFrame): void
  reject(error: Error): void
}

/** Who waits for a certain frame; while nobody does, a frame costs one comparison. */
export class FrameWaiters {
  private readonly waiters = new Set<FrameWaiter>()
  private failure: Error | undefined

  constructor(
    private readonly name: string,
    private readonly clock: Clock,
    private readonly exchange: ExchangeId | undefined,
  ) {}

  get size(): number {
    return this.waiters.size
  }

  wait(match: FrameWaiter['match'], timeoutMs: number): Promise<ReceivedFrame> {
    const frame = new Promise<ReceivedFrame>((resolve, reject) => {
      if (this.failure !== undefined) {
        reject(this.failure)
        return
      }
      const timer = this.clock.setTimer(() => {
        this.waiters.delete(waiter)
        reject(this.createFailure(`No answer came on '${this.name}' within ${timeoutMs} ms.`, undefined))
      }, timeoutMs)
      const waiter: FrameWaiter = {
        match,
        resolve: (received) => {
          timer.cancel()
          resolve(received)
        },
        reject: (error) => {
          timer.cancel()
          reject(error)
        },
      }
      this.waiters.add(waiter)
    })
    // A hook that has failed otherwise may have left it behind.
    frame.catch(() => undefined)
    return frame
  }

  offer(frame: FrameWindow): void {
    for (const waiter of this.waiters) {
      try {
        if (!waiter.match(frame)) continue
        waiter.resolve({ data: frame.copy(), isBinary: frame.isBinary })
      } catch (error) {
        waiter.reject(error as Error)
      }
      this.waiters.delete(waiter)
    }
  }

  /** Rejects all, those who come later too. */
  fail(cause: unknown): void {
    this.failure = this.createFailure(`The connection '${this.name}' was lost before an answer came.`, cause)
    for (const waiter of this.waiters) waiter.reject(this.failure)
    this.waiters.clear()
  }

  private createFailure(message: string, cause: unknown): ExchangeUnavailableException {
    return new ExchangeUnavailableException({ message, exchange: this.exchange, cause })
  }
}
