import { createStreamOptions, type ExchangeContext } from '@cex-arbitrage/exchanges'
import type { WebSocketSession } from '@cex-arbitrage/networking'
import type * as z from 'zod'
import {
  maxSilenceMs,
  pingIntervalMs,
  sampleExchangeId,
  sampleWebSocketUrl,
  subscriptionTimeoutMs,
} from './constants.js'
import { sampleReplySchema } from './schemas.js'

export type SampleReply = z.infer<typeof sampleReplySchema>

export const sampleBookTopic = (exchangeSymbol: string): string => `book:${exchangeSymbol}`
export const sampleTradeTopic = (exchangeSymbol: string): string => `trades:${exchangeSymbol}`

/** What is asked over the stream; `id` comes back in the answer. */
export interface SampleRequest {
  readonly op: 'subscribe' | 'unsubscribe' | 'login'
  readonly id: number
  readonly topics?: readonly string[]
  readonly key?: string
  readonly time?: string
  readonly sign?: string
}

/** Where the stream is. */
export const sampleAddressOf = ({ webSocketUrl }: ExchangeContext): string => webSocketUrl ?? sampleWebSocketUrl

/** How every stream of the exchange is kept alive and watched. */
export const createSampleStreamOptions = (context: ExchangeContext) =>
  createStreamOptions(context, sampleExchangeId, { pingIntervalMs, createPing: () => '{"op":"ping"}', maxSilenceMs })

/**
 * Sends a request over the stream and waits for its answer.
 *
 * @throws ExchangeUnavailableException No answer came in time, or the socket was lost.
 */
export async function requestSample(session: WebSocketSession, request: SampleRequest): Promise<SampleReply> {
  const isAnswer = (text: string): boolean => readSampleReply(text)?.id === request.id
  const answered = session.waitForFrame((frame) => isAnswer(frame.toString()), subscriptionTimeoutMs)
  session.send(JSON.stringify(request))
  return readSampleReply((await answered).data.toString())!
}

/** `undefined` for a frame that answers no request. */
export function readSampleReply(text: string): SampleReply | undefined {
  try {
    return sampleReplySchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
