import { ExchangeUnavailableException, type Clock, type ExchangeException } from '@cex-arbitrage/common'
import { RequestChannel, type MessageSender } from '@cex-arbitrage/networking'
import { encodeFrame, type FrameObject } from './frame-codec.js'
import type { FrameGate, GateEntry } from './frame-gate.js'
import { HummingbotException } from './hummingbot-exception.js'
import type { LoggedAttempt, RequestLog } from './request-log.js'
import type { HummingbotEnvelope } from './schemas.js'

/** One attempt of a request. */
export interface Attempt {
  readonly type: string
  /** The request's own members. */
  readonly params: FrameObject
  /** 1 for the first. */
  readonly number: number
  /** Milliseconds from the writing of the frame. */
  readonly timeoutMs: number
  readonly needsSlot: boolean
  readonly urgent: boolean
  readonly signal: AbortSignal
  /** Told the `id` just before the frame is written. */
  onSending?(attempt: LoggedAttempt): void
}

export interface AttemptSenderOptions {
  readonly clock: Clock
  readonly gate: FrameGate
  readonly log: RequestLog
  /** Whether the socket that was in use when this is first asked is lost by now. */
  readonly watchLoss: () => () => boolean
}

/** The requests of one socket or one line of sockets: sends frames, matches answers by id. */
export type AnswerChannel = RequestChannel<HummingbotEnvelope>

/** Makes one attempt after another: waits at the gate, numbers the frame, sends it, and awaits its answer. */
export class AttemptSender {
  private lastId = 0
  private readonly channels = new Set<AnswerChannel>()
  /** Ids whose answers are awaited. */
  private readonly openIds = new Set<string>()

  constructor(private readonly options: AttemptSenderOptions) {}

  /** Frames numbered so far: an answer to a higher id is not ours. */
  get lastSentId(): number {
    return this.lastId
  }

  openChannel(sender: MessageSender, name: string): AnswerChannel {
    const channel: AnswerChannel = new RequestChannel({ sender, clock: this.options.clock, name })
    this.channels.add(channel)
    return channel
  }

  closeChannel(channel: AnswerChannel): void {
    channel.close()
    this.channels.delete(channel)
  }

  /** @returns whether `id` belonged to an open attempt. */
  answer(id: string, envelope: HummingbotEnvelope): boolean {
    for (const channel of this.channels) if (channel.has(id)) return channel.answer(id, envelope)
    return false
  }

  /** Settles the only open attempt. @returns whether there was exactly one. */
  answerOnly(envelope: HummingbotEnvelope): boolean {
    const [only, ...others] = this.openIds
    return only !== undefined && others.length === 0 && this.answer(only, envelope)
  }

  /**
   * Resolves with the answer, whatever it says.
   *
   * @throws {@link HummingbotException} `connection_error`: timeout, lost socket, or not sent (`isUnsent`).
   */
  attempt(channel: AnswerChannel, attempt: Attempt): Promise<HummingbotEnvelope> {
    const { gate } = this.options
    const { needsSlot, urgent, signal } = attempt
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        if (gate.leave(entry)) reject(signal.reason as Error)
      }
      const entry: GateEntry = {
        needsSlot,
        urgent,
        onGranted: () => {
          signal.removeEventListener('abort', onAbort)
          void this.send(channel, attempt)
            .finally(() => {
              if (needsSlot) gate.release()
            })
            .then(resolve, reject)
        },
      }
      if (signal.aborted) {
        reject(signal.reason as Error)
        return
      }
      signal.addEventListener('abort', onAbort, { once: true })
      gate.enter(entry)
    })
  }

  private async send(channel: AnswerChannel, attempt: Attempt): Promise<HummingbotEnvelope> {
    const { clock, log, watchLoss } = this.options
    const { type, params, timeoutMs, signal } = attempt
    const id = String(++this.lastId)
    const frame = encodeFrame({ id, type, ...params })
    const logged = { id, type, attempt: attempt.number, startedAtUs: clock.nowUs() }
    const isLost = watchLoss()
    attempt.onSending?.(logged)
    log.sent(logged, params)
    this.openIds.add(id)
    try {
      const envelope = await channel.request(id, frame, { timeoutMs, signal })
      log.answered(logged, envelope.status, envelope.code)
      return envelope
    } catch (error) {
      if (signal.aborted) throw signal.reason as Error
      throw describeFailure(error as ExchangeException, logged, timeoutMs, isLost())
    } finally {
      this.openIds.delete(id)
    }
  }
}

function describeFailure(
  cause: ExchangeException,
  { id, type }: LoggedAttempt,
  timeoutMs: number,
  isLost: boolean,
): HummingbotException {
  const isSent = cause instanceof ExchangeUnavailableException
  const seconds = timeoutMs / 1_000
  const sentText = isLost ? 'Request failed: connection closed' : `Request timed out after ${seconds} seconds`
  return new HummingbotException({
    message: isSent ? sentText : 'Request failed: could not send, no connection',
    category: 'connection_error',
    requestType: type,
    requestId: id,
    isUnsent: !isSent,
    cause,
  })
}
