import type { Instrument, Logger } from '@cex-arbitrage/common'
import { WebSocketConnection, type FrameWindow } from '@cex-arbitrage/networking'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { asPart } from '../../factory/exchange-parts.js'
import type { AccountFeed, AccountListener } from '../../interfaces/account-feed.js'
import type { ExchangeRestClient } from '../../interfaces/rest-client.js'
import type { ExchangeWebSocketClient } from '../../interfaces/websocket-client.js'
import { createMexcSpotAccountDialect, type MexcAccountDialect, type MexcAccountHost } from './account-dialect.js'
import { mexcExchangeId } from './constants.js'
import { MexcRestClient } from './rest-client.js'
import { MexcSymbols } from './symbols.js'

/**
 * What happens on one account over the private streams: of spot, or what a dialect says. Their channels are not in step: a
 * fill may come before its order, and either before the acknowledgement.
 */
export class MexcAccountFeed implements AccountFeed, ExchangeWebSocketClient {
  readonly exchange = mexcExchangeId
  private readonly log: Logger
  private readonly dialect: MexcAccountDialect
  private readonly symbols = new MexcSymbols()
  private connection: WebSocketConnection | undefined
  private listener: AccountListener | undefined
  private epoch = 0
  private isLive = false
  /** Pushes that could not be read; what they told must be fetched. */
  unreadableFrames = 0
  /** What else is made ready while the stream is opened. */
  onOpening: (() => Promise<void>) | undefined

  constructor(
    context: ExchangeContext,
    rest: ExchangeRestClient,
    createDialect: (
      context: ExchangeContext,
      rest: ExchangeRestClient,
      host: MexcAccountHost,
    ) => MexcAccountDialect = createDefaultDialect,
  ) {
    this.log = context.logger.child({ component: 'account-feed', exchange: mexcExchangeId })
    this.dialect = createDialect(context, rest, {
      log: this.log,
      reconnect: (reason) => this.connection?.reconnect(reason),
    })
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
    await this.dialect.close()
    this.symbols.clear()
  }

  private createConnection(): WebSocketConnection {
    const { dialect } = this
    return new WebSocketConnection({
      name: dialect.name,
      url: () => dialect.url(),
      handler: {
        onFrame: (frame) => this.onFrame(frame),
        onEpochStart: (epoch) => this.onEpochStart(epoch),
        onEpochEnd: (epoch) => this.onEpochEnd(epoch),
      },
      subscribe: (session) => dialect.subscribe(session),
      ...dialect.streamOptions,
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
      if (this.listener !== undefined) this.dialect.read(frame, this.symbols, this.listener)
    } catch (error) {
      this.onUnreadable(error)
    }
  }

  /** Something happened on the account that is not known: the same as a break, which makes the consumer fetch. */
  private onUnreadable(error: unknown): void {
    this.unreadableFrames++
    this.log.warn({ error }, 'a private push could not be read')
    this.connection?.reconnect('a private push could not be read')
  }
}

const createDefaultDialect = (
  context: ExchangeContext,
  rest: ExchangeRestClient,
  host: MexcAccountHost,
): MexcAccountDialect => createMexcSpotAccountDialect(context, asPart(rest, MexcRestClient), host)
