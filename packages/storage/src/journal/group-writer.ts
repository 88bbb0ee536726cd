import { JournalException, toCexArbitrageException } from '@cex-arbitrage/common'

interface Pending {
  readonly frame: Buffer
  readonly resolve: (() => void) | undefined
  readonly reject: ((error: JournalException) => void) | undefined
}

/**
 * Gathers what is queued while a write is under way into the next one (group commit). What nobody waits for is written
 * when the event loop has done what is at hand, so that it does not stand before what follows a decision. After a failure
 * nothing is written any more: what a failed write left on disk is not known.
 */
export class GroupWriter {
  private queue: Pending[] = []
  private writing: Promise<void> | undefined
  private later: NodeJS.Immediate | undefined
  private failure: JournalException | undefined

  /** @param write - Writes one group; `awaited` when somebody waits for one of its records to be durable. */
  constructor(private readonly write: (group: Buffer, awaited: boolean) => Promise<void>) {}

  append(frame: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.push({ frame, resolve, reject })) this.start()
    })
  }

  enqueue(frame: Buffer): void {
    if (this.push({ frame, resolve: undefined, reject: undefined })) this.later ??= setImmediate(() => this.start())
  }

  /** Resolves when everything queued before is written. @throws {@link JournalException} Something was not. */
  async flush(): Promise<void> {
    if (this.queue.length > 0) this.start()
    while (this.writing !== undefined) await this.writing
    if (this.failure !== undefined) throw this.failure
  }

  /** Takes no more. */
  fail(failure: JournalException): void {
    this.failure ??= failure
  }

  private push(pending: Pending): boolean {
    if (this.failure === undefined) return this.queue.push(pending) > 0
    pending.reject?.(this.failure)
    return false
  }

  private start(): void {
    clearImmediate(this.later)
    this.later = undefined
    this.writing ??= this.drain()
  }

  private async drain(): Promise<void> {
    // What is appended in the same turn goes into the same group.
    await Promise.resolve()
    while (this.queue.length > 0) {
      const group = this.queue
      this.queue = []
      try {
        if (this.failure !== undefined) throw this.failure
        const bytes = group.length === 1 ? group[0]!.frame : Buffer.concat(group.map(({ frame }) => frame))
        await this.write(
          bytes,
          group.some(({ resolve }) => resolve !== undefined),
        )
        for (const { resolve } of group) resolve?.()
      } catch (error) {
        const failure = asJournalException(error)
        this.failure ??= failure
        for (const { reject } of group) reject?.(failure)
      }
    }
    this.writing = undefined
  }
}

function asJournalException(error: unknown): JournalException {
  if (error instanceof JournalException) return error
  const { message } = toCexArbitrageException(error, { doing: 'writing the journal' })
  return new JournalException({ cause: error, message: `${message}. Nothing may be sent; check disk and permissions.` })
}
