import type { FrameObject } from './frame-codec.js'
import type { HummingbotException } from './hummingbot-exception.js'
import type { HummingbotEnvelope } from './schemas.js'

/** A request as its caller sees it, over all of its attempts. The first outcome wins. */
export class LogicalCall {
  /** Ids of all attempts, the newest last (R1.7). */
  readonly ids: string[] = []
  readonly outcome: Promise<HummingbotEnvelope>
  private readonly controller = new AbortController()
  private settled = false
  private resolve!: (envelope: HummingbotEnvelope) => void
  private reject!: (error: Error) => void

  constructor(
    readonly type: string,
    readonly params: FrameObject,
  ) {
    this.outcome = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    this.outcome.catch(() => undefined)
  }

  get isSettled(): boolean {
    return this.settled
  }

  /** Aborted when there is an outcome: whatever is still under way for it shall stop. */
  get signal(): AbortSignal {
    return this.controller.signal
  }

  succeed(envelope: HummingbotEnvelope): void {
    if (this.settle()) this.resolve(envelope)
  }

  fail(error: HummingbotException): void {
    if (this.settle()) this.reject(error)
  }

  private settle(): boolean {
    if (this.settled) return false
    this.settled = true
    this.controller.abort(new Error('The request has an outcome.'))
    return true
  }
}
