import { type Instrument, type Logger } from '@cex-arbitrage/common'
import { WebSocketConnection, type FrameWindow, type WebSocketSession } from '@cex-arbitrage/networking'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { asPart } from '../../factory/exchange-parts.js'
import type { AccountFeed, AccountListener } from '../../interfaces/account-feed.js'
import type { ExchangeRestClient } from '../../interfaces/rest-client.js'
import type { ExchangeWebSocketClient } from '../../interfaces/websocket-client.js'
import { createSpotAccountDialect, type GateioAccountDialect } from './account-dialect.js'
import { gateioExchangeId } from './constants.js'
import { categorizeGateioChannelError, createGateioException } from './error-map.js'
import { parseJson } from '../../decoding/lossless-json.js'
import { GateioRestClient } from './rest-client.js'
import type { GateioFrame } from './schemas.js'
import { GateioSubscriptions } from './subscriptions.js'
import { createGateioStreamOptions, isRefusal, readGateioFrame } from './ws-protocol.js'

/** What happens on a Gate.io account: of spot, or what a dialect says. Each private channel is signed for by itself. */
export class GateioAccountFeed implements AccountFeed, ExchangeWebSocketClient {
  readonly exchange = gateioExchangeId
  /** Pushes that could not be read; each made the connection anew. */
  unreadableFrames = 0
  /** What else is made ready while the stream is opened. */
  onOpening: (() => Promise<void>) | undefined
  private readonly rest: GateioRestClient
  private readonly dialect: GateioAccountDialect
  private readonly log: Logger
  private readonly acknowledgements: GateioSubscriptions
  private readonly instruments = new Map<string, Instrument>()
  private listener: AccountListener | undefined
  private connection: WebSocketConnection | undefined
  private epoch = 0
  private isLive = false

  constructor(
    private readonly context: ExchangeContext,
    rest: ExchangeRestClient,
    createDialect: (
      context: ExchangeContext,
      rest: GateioRestClient,
    ) => GateioAccountDialect = createSpotAccountDialect,
  ) {
    this.rest = asPart(rest, GateioRestClient)
    this.dialect = createDialect(context, this.rest)
    this.log = context.logger.child({ component: 'account-feed', exchange: gateioExchangeId })
    this.acknowledgements = new GateioSubscriptions(context.clock)
  }

  get connected(): boolean {
    return this.isLive
  }

  async open(instruments: readonly Instrument[], listener: AccountListener): Promise<void> {
    for (const instrument of instruments) this.instruments.set(instrument.exchangeSymbol, instrument)
    this.listener = listener
    if (this.connection !== undefined) return
    await this.rest.prepareSigning('the account feed')
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
    this.dialect.close?.()
    await connection?.close()
    this.acknowledgements.close()
    this.instruments.clear()
  }

  private createConnection(): WebSocketConnection {
    const { name, url, headers, channels } = this.dialect
    return new WebSocketConnection({
      name,
      url: () => url,
      ...(headers && { headers }),
      handler: {
        onFrame: (frame) => this.onFrame(frame),
        onEpochStart: (epoch) => this.onEpochStart(epoch),
        onEpochEnd: (epoch) => this.onEpochEnd(epoch),
      },
      subscribe: (session) => this.subscribe(session),
      ...createGateioStreamOptions(this.context, channels.ping),
    })
  }

  private async subscribe(session: WebSocketSession): Promise<void> {
    const signer = await this.rest.prepareSigning('the account feed')
    const privateChannels = await this.dialect.privateChannels()
    const answers = privateChannels.map(async ({ channel, payload }) => {
      const timeSeconds = signer.nowSeconds
      const answer = await this.acknowledgements.request(session, 'subscribe', {
        channel,
        ...(payload && { payload }),
        timeSeconds,
        auth: signer.signChannel(channel, 'subscribe', timeSeconds),
      })
      if (isRefusal(answer)) throw this.refusalOf(channel, answer)
    })
    await Promise.all(answers)
  }

  private refusalOf(channel: string, answer: GateioFrame): Error {
    const { code, message } = answer.error ?? { code: 0, message: 'no reason given' }
    const category = categorizeGateioChannelError(code, message)
    return createGateioException(category, {
      httpStatus: code,
      message,
      about: 'query',
      endpoint: `subscribe ${channel}`,
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

  private onFrame(window: FrameWindow): void {
    try {
      const frame = readGateioFrame(parseJson(window.toString()))
      if (frame === undefined) throw new SyntaxError('The frame is none of a channel.')
      if (this.acknowledgements.accept(frame) || frame.event !== 'update') return
      this.onPush(frame)
    } catch (error) {
      this.onUnreadable(error)
    }
  }

  private onPush({ channel, result }: GateioFrame): void {
    if (channel === this.dialect.channels.system) {
      this.connection?.rotate().catch((error: unknown) => {
        this.log.warn({ error }, 'announced upgrade: rotation failed')
      })
      return
    }
    if (this.listener !== undefined)
      this.dialect.readers.get(channel)?.(result, (symbol) => this.instruments.get(symbol), this.listener)
  }

  /** Something happened on the account that is not known: the same as a break, which makes the consumer fetch. */
  private onUnreadable(error: unknown): void {
    this.unreadableFrames++
    this.log.warn({ error }, 'a private push could not be read')
    this.connection?.reconnect('a private push could not be read')
  }
}
