import type { WebSocketSession } from '@cex-arbitrage/networking'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { createStreamOptions } from '../../transport/stream-options.js'
import {
  maxClientFrameBytes,
  maxSilenceMs,
  maxSubscriptionsPerConnection,
  mexcBookChannel,
  mexcExchangeId,
  mexcTradeChannel,
  pingIntervalMs,
  reconnectBackoff,
  rotateAfterMs,
  rotateJitterMs,
  subscriptionTimeoutMs,
} from './constants.js'
import { mexcControlSchema } from './schemas.js'

/** Keeps a connection alive; RFC 6455 pings do not. */
export const mexcPing = '{"method":"PING"}'

/** How every stream of the exchange is kept alive, watched, and replaced before its lifetime ends. */
export const createMexcStreamOptions = (context: ExchangeContext) => ({
  ...createStreamOptions(context, mexcExchangeId, {
    pingIntervalMs,
    createPing: () => mexcPing,
    maxSilenceMs,
    reconnectBackoff,
  }),
  rotation: { afterMs: rotateAfterMs, jitterMs: rotateJitterMs },
})

export type MexcSubscriptionMethod = 'SUBSCRIPTION' | 'UNSUBSCRIPTION'

export const createMexcBookTopic = (exchangeSymbol: string, intervalMs: number): string =>
  `${mexcBookChannel}@${intervalMs}ms@${exchangeSymbol}`

export const createMexcTradeTopic = (exchangeSymbol: string, intervalMs: number): string =>
  `${mexcTradeChannel}@${intervalMs}ms@${exchangeSymbol}`

/** The frame that subscribes to topics or ends them; `id` comes back in the answer. */
export function createMexcSubscription(method: MexcSubscriptionMethod, topics: readonly string[], id: number): string {
  return JSON.stringify({ method, params: topics, id })
}

/** Topics in groups whose frames stay below the longest message a client may send. */
export function splitMexcTopics(topics: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = []
  // Room for the frame around the topics and a long id.
  let bytes = Number.POSITIVE_INFINITY
  for (const topic of topics) {
    const size = Buffer.byteLength(topic) + 3
    const group = groups.at(-1)
    if (group === undefined || bytes + size > maxClientFrameBytes || group.length === maxSubscriptionsPerConnection) {
      groups.push([topic])
      bytes = 64 + size
    } else {
      group.push(topic)
      bytes += size
    }
  }
  return groups
}

/** A text frame of the service. */
export interface MexcReply {
  readonly id: number
  readonly text: string
  readonly isPong: boolean
}

/** What became of the topics of one request. */
export interface MexcSubscriptionResult {
  readonly accepted: readonly string[]
  readonly refused: readonly string[]
}

/** Reads a text frame; `undefined` for one that is no answer in JSON, as `Invalid listen key` is none. */
export function parseMexcReply(frame: Buffer | string): MexcReply | undefined {
  try {
    const { data } = mexcControlSchema.safeParse(JSON.parse(frame.toString()))
    if (data === undefined) return undefined
    const text = data.msg ?? ''
    return { id: data.id ?? 0, text, isPong: text === 'PONG' }
  } catch {
    return undefined
  }
}

/**
 * Reads the answer to a subscription. Its code is 0 even for a refusal, so the text decides: the topics echoed in full
 * mean accepted; else lists in brackets behind `Subscribed successful!` and `Not Subscribed successfully!`. A topic that
 * neither names is refused, for nothing will come of it.
 */
export function readMexcSubscription(text: string, requested: readonly string[]): MexcSubscriptionResult {
  const accepted = new Set(bracketed(text, /(?:^|[^\w ]\s*)Subscribed success[a-z]*!\s*\[([^\]]*)\]/))
  const isRefusal = text.includes('Not Subscribed')
  if (!isRefusal && accepted.size === 0) for (const topic of text.split(',')) accepted.add(topic.trim())
  return {
    accepted: requested.filter((topic) => accepted.has(topic)),
    refused: requested.filter((topic) => !accepted.has(topic)),
  }
}

function bracketed(text: string, pattern: RegExp): readonly string[] {
  const list = pattern.exec(text)?.[1]
  return list === undefined ? [] : list.split(',').map((topic) => topic.trim())
}

/**
 * Subscribes to topics or ends them, and waits for the answers.
 *
 * @throws ExchangeUnavailableException No answer came in time, or the socket was lost.
 */
export async function requestMexcTopics(
  session: WebSocketSession,
  method: MexcSubscriptionMethod,
  topics: readonly string[],
  nextId: () => number,
): Promise<MexcSubscriptionResult> {
  const accepted: string[] = []
  const refused: string[] = []
  for (const group of splitMexcTopics(topics)) {
    const id = nextId()
    const answered = session.waitForFrame(
      (frame) => !frame.isBinary && parseMexcReply(frame.toString())?.id === id,
      subscriptionTimeoutMs,
    )
    session.send(createMexcSubscription(method, group, id))
    const result = readMexcSubscription(parseMexcReply((await answered).data)?.text ?? '', group)
    accepted.push(...result.accepted)
    refused.push(...result.refused)
  }
  return { accepted, refused }
}
