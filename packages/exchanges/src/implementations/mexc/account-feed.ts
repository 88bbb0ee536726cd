import { PermissionException, type Instrument, type Logger } from '@cex-arbitrage/common'
import { WebSocketConnection, type FrameWindow, type WebSocketSession } from '@cex-arbitrage/networking'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { asPart } from '../../factory/exchange-parts.js'
import type { AccountFeed, AccountListener } from '../../interfaces/account-feed.js'
import type { ExchangeRestClient } from '../../interfaces/rest-client.js'
import type { ExchangeWebSocketClient } from '../../interfaces/websocket-client.js'
import * as constants from './constants.js'
import { mexcExchangeId } from './constants.js'
import { MexcListenKey } from './listen-key.js'
import { mapBalancePush, mapFillPush, mapOrderPush } from './order-mapper.js'
import { MexcRestClient } from './rest-client.js'
import { mexcBalancePushSchema, mexcFillPushSchema, mexcOrderPushSchema } from './schemas.js'
import { MexcSymbols } from './symbols.js'
import { decodePushData, type PushData } from './wire/push-data.js'
import { createMexcStreamOptions, parseMexcReply, requestMexcTopics } from './ws-protocol.js'

const topics = [constants.mexcOrderChannel, constants.mexcFillChannel, constants.mexcAccountChannel]

/**
 * Orders, fills and balances of one account over the private streams. The three channels are not in step: a fill may come
 * before its order, and either before the acknowledgement.
 */
export class MexcAccountFeed implements AccountFeed, ExchangeWebSocketClient {
  readonly exchange = mexcExchangeId
  private readonly log: Logger
  private readonly listenKey: MexcListenKey
  private readonly symbols = new MexcSymbols()
  private connection: WebSocketConnection | undefined
  private listener: AccountListener | undefined
  private epoch = 0
  private isLive = false
  private requestId = 0
  /** Pushes that could not be read; what they told must be fetched. */
  unreadableFrames = 0
  /** What else is made ready while the stream is opened. */
  onOpening: (() => Promise<void>) | undefined

  constructor(
    private readonly context: ExchangeContext,
    rest: ExchangeRestClient,
  ) {
    this.log = context.logger.child({ component: 'account-feed', exchange: mexcExchangeId })
    this.listenKey = new MexcListenKey(asPart(rest, MexcRestClient), context.clock, this.log, () =>
      this.connection?.reconnect('the listen key has ended'),
    )
  }

  get connected(): boolean {
    return this.isLive
  }

  async open(instruments: readonly Instrument[], listener: AccountListener): Promise<void> {
    for (const instrument of instruments) this.symbols.add(instrument)
    this.listener = listener
    if (this.connection !== undefined) return
    this.connection = this.createConnection()
    try {
      await Promise.all([this.connection.connect(), this.onOpening?.()])
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    const connection = this.connection
    this.connection = undefined
    await connection?.close()
    await this.listenKey.close()
    this.symbols.clear()
  }

  private createConnection(): WebSocketConnection {
    return new WebSocketConnection({
      name: 'mexc spot private',
      url: () => this.address(),
      handler: {
        onFrame: (frame) => this.onFrame(frame),
        onEpochStart: (epoch) => this.onEpochStart(epoch),
        onEpochEnd: (epoch) => this.onEpochEnd(epoch),
      },
      subscribe: (session) => this.subscribe(session),
      ...createMexcStreamOptions(this.context),
    })
  }

  private async address(): Promise<string> {
    const base = this.context.webSocketUrl ?? constants.mexcWebSocketUrl
    return `${base}${base.includes('?') ? '&' : '?'}listenKey=${encodeURIComponent(await this.listenKey.obtain())}`
  }

  private async subscribe(session: WebSocketSession): Promise<void> {
    const { refused } = await requestMexcTopics(session, 'SUBSCRIPTION', topics, () => ++this.requestId)
    if (refused.length === 0) return
    throw new PermissionException({
      exchange: mexcExchangeId,
      message: `MEXC refuses the private streams ${refused.join(', ')}. Check the key's rights to orders and account.`,
    })
  }

  private onEpochStart(epoch: number): void {
    this.epoch = epoch
    if (this.isLive) return
    this.isLive = true
    this.listener?.onConnected()
  }

  private onEpochEnd(epoch: number): void {
    if (epoch !== this.epoch || !this.isLive) return
    this.isLive = false
    this.listener?.onDisconnected()
  }

  private onFrame(frame: FrameWindow): void {
    try {
      if (frame.isBinary) this.onPush(decodePushData(frame.view()))
      else this.onText(frame.toString())
    } catch (error) {
      this.onUnreadable(error)
    }
  }

  /** The refusal of a key comes as bare text or as the text of an answer. */
  private onText(text: string): void {
    const said = parseMexcReply(text)?.text ?? text
    if (said.toLowerCase().includes('invalid listen key')) this.listenKey.onRefused()
  }

  private onPush(push: PushData): void {
    const listener = this.listener
    if (listener === undefined) return
    const sentAtMs = push.sendTime ?? push.createTime ?? 0
    if (push['privateAccount'] !== undefined) {
      const balance = mexcBalancePushSchema.parse(push['privateAccount'])
      listener.onBalance(mapBalancePush(balance), balance.time ?? sentAtMs)
      return
    }
    const instrument = this.symbols.get(push.symbol ?? '')
    // Orders on pairs that nobody asked for are not ours to follow.
    if (instrument === undefined) return
    if (push['privateOrders'] !== undefined)
      listener.onOrder(mapOrderPush(mexcOrderPushSchema.parse(push['privateOrders']), instrument, sentAtMs))
    else if (push['privateDeals'] !== undefined)
      listener.onFill(mapFillPush(mexcFillPushSchema.parse(push['privateDeals']), instrument))
  }

  /** Something happened on the account that is not known: the same as a break, which makes the consumer fetch. */
  private onUnreadable(error: unknown): void {
    this.unreadableFrames++
    this.log.warn({ error }, 'a private push could not be read')
    this.connection?.reconnect('a private push could not be read')
  }
}
