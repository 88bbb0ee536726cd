import type { AnswerChannel, AttemptSender } from './attempt-sender.js'
import { MAX_PING_TIMEOUT_MS } from './protocol-constants.js'
import type { Redactor } from './redactor.js'
import { readResponseError } from './response-error.js'
import { capabilitiesSchema, type HummingbotEnvelope } from './schemas.js'

export interface SessionRequestsOptions {
  readonly attempts: AttemptSender
  readonly redactor: Redactor
  readonly requestTimeoutMs: number
}

/** What belongs to a connection and not to a call: the login and pings. Each is one frame, before all others. */
export class SessionRequests {
  readonly #apiKey: string
  /** What the server said at the last login that it can do. */
  capabilities: ReadonlySet<string> = new Set()

  /** @param apiKey - Kept where nothing can show it. */
  constructor(
    private readonly options: SessionRequestsOptions,
    apiKey: string,
  ) {
    this.#apiKey = apiKey
  }

  /** @throws {@link HummingbotException} The key is refused, or there is no answer. */
  async authenticate(channel: AnswerChannel, signal: AbortSignal): Promise<void> {
    const { requestTimeoutMs } = this.options
    const envelope = await this.send(channel, 'authenticate', { api_key: this.#apiKey }, requestTimeoutMs, signal)
    const refusal = readResponseError(envelope, 'authenticate', this.options.redactor)
    if (refusal !== undefined) throw refusal.with({ message: `Hummingbot authentication failed: ${refusal.message}` })
    const data = capabilitiesSchema.safeParse(envelope.data)
    this.capabilities = new Set(data.success ? data.data?.capabilities : [])
  }

  /** @throws {@link HummingbotException} No or no good answer in time. */
  async ping(channel: AnswerChannel): Promise<void> {
    const timeoutMs = Math.min(this.options.requestTimeoutMs, MAX_PING_TIMEOUT_MS)
    const envelope = await this.send(channel, 'ping', {}, timeoutMs, new AbortController().signal)
    const refusal = readResponseError(envelope, 'ping', this.options.redactor)
    if (refusal !== undefined) throw refusal
  }

  private send(
    channel: AnswerChannel,
    type: string,
    params: Readonly<Record<string, unknown>>,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<HummingbotEnvelope> {
    return this.options.attempts.attempt(channel, {
      type,
      params,
      number: 1,
      timeoutMs,
      needsSlot: false,
      urgent: true,
      signal,
    })
  }
}
