import { JournalException, toCexArbitrageException } from '@cex-arbitrage/common'

interface Pending {
  readonly frame: Buffer
  readonly resolve: (() => void) | undefined
  readonly reject: ((error: JournalException) => void) | undefined
}

/** Where groups of frames go. */
export interface GroupSink {
  /** Nothing has to be awaited for a group to be durable: no disk and no new segment. */
  readonly isImmediate: boolean
  /** Writes a group whole while `isImmediate`. */
  writeNow(group: Buffer): void
  /** Writes one group; `awaited` when somebody waits for one of its records to be durable. */
  write(group: Buffer, awaited: boolean): Promise<void>
}

/**
 * Gathers what is queued while a write is under way into the next one (group commit). What nobody waits for is written
 * when the event loop has done what is at hand, so that it does not stand before what follows a decision. After a failure
 * nothing is written any more: what a failed write left on disk is not known.
 */
export class GroupWriter {
  private queue: Pending[] = []
  /** Each comes behind so many that are queued; in order. */
  private steps: { readonly behind: number; readonly step: () => Promise<void> }[] = []
  private writing: Promise<void> | undefined
  private later: NodeJS.Immediate | undefined
  private failure: JournalException | undefined

  constructor(private readonly sink: GroupSink) {}

  /** `undefined` when it was written at once, with all that was queued before. */
  append(frame: Buffer): Promise<void> | undefined {
    const isIdle = this.writing === undefined && this.steps.length === 0 && this.failure === undefined
    if (isIdle && this.sink.isImmediate && this.writeNow(frame)) return undefined
    return new Promise((resolve, reject) => {
      if (this.push({ frame, resolve, reject })) this.start()
    })
  }

  enqueue(frame: Buffer): void {
    if (this.push({ frame, resolve: undefined, reject: undefined })) this.later ??= setImmediate(() => this.start())
  }

  /** Runs the step when everything queued before is written, and before anything queued later is. */
  after(step: () => Promise<void>): void {
    if (this.failure !== undefined) return
    this.steps.push({ behind: this.queue.length, step })
    this.start()
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

  /** @returns whether it went well; a failure ends all writing. */
  private writeNow(frame: Buffer): boolean {
    try {
      this.sink.writeNow(joinFrames(this.queue, frame))
    } catch (error) {
      this.failure = asJournalException(error)
      return false
    }
    this.queue = []
    this.cancelLater()
    return true
  }

  private cancelLater(): void {
    clearImmediate(this.later)
    this.later = undefined
  }

  private start(): void {
    this.cancelLater()
    this.writing ??= this.drain()
  }

  private async drain(): Promise<void> {
    // What is appended in the same turn goes into the same group.
    await Promise.resolve()
    while (this.queue.length + this.steps.length > 0) {
      const next = this.steps.shift()
      const group = this.queue.splice(0, next?.behind ?? this.queue.length)
      this.steps = this.steps.map(({ behind, step }) => ({ behind: behind - group.length, step }))
      try {
        if (this.failure !== undefined) throw this.failure
        if (group.length > 0) await this.writeGroup(group)
        for (const { resolve } of group) resolve?.()
        await next?.step()
      } catch (error) {
        const failure = asJournalException(error)
        this.failure ??= failure
        for (const { reject } of group) reject?.(failure)
      }
    }
    this.writing = undefined
  }

  private writeGroup(group: readonly Pending[]): Promise<void> {
    const bytes = group.length === 1 ? group[0]!.frame : Buffer.concat(group.map(({ frame }) => frame))
    const awaited = group.some(({ resolve }) => resolve !== undefined)
    return this.sink.write(bytes, awaited)
  }
}

function joinFrames(queue: readonly Pending[], last: Buffer): Buffer {
  return queue.length === 0 ? last : Buffer.concat([...queue.map(({ frame }) => frame), last])
}

function asJournalException(error: unknown): JournalException {
  if (error instanceof JournalException) return error
  const { message } = toCexArbitrageException(error, { doing: 'writing the journal' })
  return new JournalException({ cause: error, message: `${message}. Nothing may be sent; check disk and permissions.` })
}
