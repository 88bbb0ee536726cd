import type { WebSocketSession } from '@cex-arbitrage/networking'
import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { futuresStreamUrl } from '../../../transport/futures-stream-url.js'
import { createStreamOptions } from '../../../transport/stream-options.js'
import { mexcExchangeId, reconnectBackoff } from '../constants.js'
import type { MexcOptions } from '../schemas.js'
import type { MexcSubscriptionMethod, MexcSubscriptionResult } from '../ws-protocol.js'
import {
  answerTimeoutMs,
  maxSilenceMs,
  mexcFuturesChannels,
  mexcFuturesWebSocketUrl,
  pingIntervalMs,
} from './constants.js'
import { mexcFuturesFrameSchema, type MexcFuturesFrame } from './schemas.js'

/** The address of the futures WebSocket service, public and private; that of a context is of spot. */
export const futuresWebSocketUrlOf = (
  context: Pick<ExchangeContext, 'webSocketUrl'>,
  { futuresWebSocketUrl }: Pick<MexcOptions, 'futuresWebSocketUrl'>,
): string => futuresStreamUrl(mexcExchangeId, context, futuresWebSocketUrl, mexcFuturesWebSocketUrl)

/** How every futures stream of the exchange is kept alive and watched. */
export const createMexcFuturesStreamOptions = (context: ExchangeContext) =>
  createStreamOptions(context, mexcExchangeId, {
    pingIntervalMs,
    createPing: () => '{"method":"ping"}',
    maxSilenceMs,
    reconnectBackoff,
  })

export const createBookTopic = (exchangeSymbol: string): string => `depth:${exchangeSymbol}`
export const createTradeTopic = (exchangeSymbol: string): string => `deal:${exchangeSymbol}`

/** The frame that subscribes to a topic or ends it. */
export function createTopicRequest(method: MexcSubscriptionMethod, topic: string): string {
  const at = topic.indexOf(':')
  const name = topic.slice(0, at)
  return JSON.stringify({
    method: `${method === 'SUBSCRIPTION' ? 'sub' : 'unsub'}.${name}`,
    // Without it several trades of a moment come as one.
    param: { symbol: topic.slice(at + 1), ...(name === 'deal' && { compress: false }) },
    gzip: false,
  })
}

/** A text frame of the service; `undefined` for one that is none of it. */
export function readMexcFuturesFrame(text: string): MexcFuturesFrame | undefined {
  try {
    return mexcFuturesFrameSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/**
 * Subscribes to topics or ends them, and waits for as many answers. Those do not say what they are for, but a refusal names
 * its contract: `Contract [X] not exists`.
 *
 * @throws ExchangeUnavailableException An answer did not come in time, or the socket was lost.
 */
export async function requestTopics(
  session: WebSocketSession,
  method: MexcSubscriptionMethod,
  topics: readonly string[],
): Promise<MexcSubscriptionResult> {
  const refusedSymbols = new Set<string>()
  let answers = 0
  const answered = session.waitForFrame((frame) => {
    const answer = readMexcFuturesFrame(frame.toString())
    if (answer === undefined || !isAnswer(answer.channel)) return false
    const symbol = /\[([^\]]+)\]/.exec(typeof answer.data === 'string' ? answer.data : '')?.[1]
    if (answer.channel === mexcFuturesChannels.error && symbol !== undefined) refusedSymbols.add(symbol)
    return ++answers === topics.length
  }, answerTimeoutMs)
  for (const topic of topics) session.send(createTopicRequest(method, topic))
  await answered
  const isRefused = (topic: string): boolean => refusedSymbols.has(topic.slice(topic.indexOf(':') + 1))
  return { accepted: topics.filter((topic) => !isRefused(topic)), refused: topics.filter(isRefused) }
}

const isAnswer = (channel: string): boolean =>
  channel === mexcFuturesChannels.error || channel.startsWith('rs.sub.') || channel.startsWith('rs.unsub.')
