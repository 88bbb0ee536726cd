import type { Clock, Timer } from '@cex-arbitrage/common'
import type { AnswerChannel } from './attempt-sender.js'
import { HummingbotException } from './hummingbot-exception.js'

interface Waiter {
  resolve(channel: AnswerChannel): void
  reject(error: Error): void
}

/** Who waits for a connection to stand. */
export class ConnectionWaiters {
  private readonly waiters = new Set<Waiter>()

  constructor(private readonly clock: Clock) {}

  /** Rejects after `timeoutMs`, if that is given, and with the signal's reason. */
  wait(timeoutMs: number | undefined, signal: AbortSignal | undefined): Promise<AnswerChannel> {
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined
      const finish = (): void => {
        this.waiters.delete(waiter)
        timer?.cancel()
        signal?.removeEventListener('abort', onAbort)
      }
      const waiter: Waiter = {
        resolve: (channel) => {
          finish()
          resolve(channel)
        },
        reject: (error) => {
          finish()
          reject(error)
        },
      }
      const onAbort = (): void => waiter.reject(signal?.reason as Error)
      if (signal?.aborted === true) {
        reject(signal.reason as Error)
        return
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.waiters.add(waiter)
      if (timeoutMs !== undefined) timer = this.clock.setTimer(() => waiter.reject(createTimeout(timeoutMs)), timeoutMs)
    })
  }

  resolve(channel: AnswerChannel): void {
    for (const waiter of Array.from(this.waiters)) waiter.resolve(channel)
  }

  reject(error: Error): void {
    for (const waiter of Array.from(this.waiters)) waiter.reject(error)
  }
}

const createTimeout = (timeoutMs: number): HummingbotException =>
  new HummingbotException({
    message: `Request failed: could not send, no connection within ${timeoutMs / 1_000} seconds`,
    category: 'connection_error',
    isUnsent: true,
  })
