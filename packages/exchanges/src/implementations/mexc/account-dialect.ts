import { ExchangeConnectionException, PermissionException, type Logger } from '@cex-arbitrage/common'
import type { FrameWindow, WebSocketConnectionOptions, WebSocketSession } from '@cex-arbitrage/networking'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import type { AccountListener } from '../../interfaces/account-feed.js'
import * as constants from './constants.js'
import { mexcExchangeId } from './constants.js'
import { MexcListenKey } from './listen-key.js'
import { mapBalancePush, mapFillPush, mapOrderPush } from './order-mapper.js'
import type { MexcRestClient } from './rest-client.js'
import { mexcBalancePushSchema, mexcFillPushSchema, mexcOrderPushSchema } from './schemas.js'
import type { MexcSymbols } from './symbols.js'
import { decodePushData, type PushData } from './wire/push-data.js'
import { createMexcStreamOptions, parseMexcReply, requestMexcTopics } from './ws-protocol.js'

/** What a dialect may ask of its feed. */
export interface MexcAccountHost {
  readonly log: Logger
  reconnect(reason: string): void
}

/** In what the account streams of spot and of futures differ. */
export interface MexcAccountDialect {
  /** Of the connection, in logs. */
  readonly name: string
  readonly streamOptions: Omit<WebSocketConnectionOptions, 'name' | 'url' | 'handler' | 'subscribe'>
  /** Asked anew for each connection. */
  url(): string | Promise<string>
  subscribe(session: WebSocketSession): Promise<void>
  /**
   * Tells a listener what a frame says.
   *
   * @throws Error when it cannot be read.
   */
  read(frame: FrameWindow, symbols: MexcSymbols, listener: AccountListener): void
  /** After the connection. */
  close(): Promise<void>
}

/**
 * The answer is the same for an API key without the rights and for a listen key that has ended meanwhile; the second new
 * listen key that is refused as well tells the first from the other.
 */
const refusalsOfRights = 3

const topics = [constants.mexcOrderChannel, constants.mexcFillChannel, constants.mexcAccountChannel]

/** The private streams of spot, which hang on a listen key. */
export function createMexcSpotAccountDialect(
  context: ExchangeContext,
  rest: MexcRestClient,
  host: MexcAccountHost,
): MexcAccountDialect {
  const listenKey = new MexcListenKey(rest, context.clock, host.log, () => host.reconnect('the listen key has ended'))
  let requestId = 0
  /** Connections in a row whose topics were refused. */
  let refusals = 0
  return {
    name: 'mexc spot private',
    streamOptions: createMexcStreamOptions(context),
    url: async () => {
      const base = context.webSocketUrl ?? constants.mexcWebSocketUrl
      return `${base}${base.includes('?') ? '&' : '?'}listenKey=${encodeURIComponent(await listenKey.obtain())}`
    },
    subscribe: async (session) => {
      const { refused } = await requestMexcTopics(session, 'SUBSCRIPTION', topics, () => ++requestId)
      refusals = refused.length === 0 ? 0 : refusals + 1
      if (refusals === 0) return
      const exchange = mexcExchangeId
      const refusal = `MEXC refuses the private streams ${refused.join(', ')}.`
      if (refusals >= refusalsOfRights)
        throw new PermissionException({
          exchange,
          message: `${refusal} Check the key's rights to orders and account.`,
        })
      listenKey.forget()
      throw new ExchangeConnectionException({ exchange, message: `${refusal} Trying again with a new listen key.` })
    },
    read: (frame, symbols, listener) => {
      if (frame.isBinary) tell(decodePushData(frame.view()), symbols, listener)
      else if (isKeyRefused(frame.toString())) listenKey.onRefused()
    },
    close: () => listenKey.close(),
  }
}

/** The refusal of a key comes as bare text or as the text of an answer. */
const isKeyRefused = (text: string): boolean =>
  (parseMexcReply(text)?.text ?? text).toLowerCase().includes('invalid listen key')

function tell(push: PushData, symbols: MexcSymbols, listener: AccountListener): void {
  const sentAtMs = push.sendTime ?? push.createTime ?? 0
  if (push['privateAccount'] !== undefined) {
    const balance = mexcBalancePushSchema.parse(push['privateAccount'])
    listener.onBalance(mapBalancePush(balance), balance.time ?? sentAtMs)
    return
  }
  const instrument = symbols.get(push.symbol ?? '')
  // Orders on pairs that nobody asked for are not ours to follow.
  if (instrument === undefined) return
  if (push['privateOrders'] !== undefined)
    listener.onOrder(mapOrderPush(mexcOrderPushSchema.parse(push['privateOrders']), instrument, sentAtMs))
  else if (push['privateDeals'] !== undefined)
    listener.onFill(mapFillPush(mexcFillPushSchema.parse(push['privateDeals']), instrument))
}
