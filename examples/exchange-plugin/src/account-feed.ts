import { AuthenticationException, type Instrument } from '@cex-arbitrage/common'
import {
  asPart,
  type AccountFeed,
  type AccountListener,
  type ExchangeContext,
  type ExchangeRestClient,
  type ExchangeWebSocketClient,
} from '@cex-arbitrage/exchanges'
import { WebSocketConnection, type WebSocketSession } from '@cex-arbitrage/networking'
import { sampleExchangeId } from './constants.js'
import { mapBalance, mapFill, mapOrder } from './order-mapper.js'
import { SampleRestClient } from './rest-client.js'
import { sampleAccountPushSchema } from './schemas.js'
import { SampleSymbols } from './symbols.js'
import { createSampleStreamOptions, requestSample, sampleAddressOf } from './ws-protocol.js'

/** Orders, fills and balances of one account. */
export class SampleAccountFeed implements AccountFeed, ExchangeWebSocketClient {
  readonly exchange = sampleExchangeId
  private readonly rest: SampleRestClient
  private readonly symbols = new SampleSymbols()
  private connection: WebSocketConnection | undefined
  private listener: AccountListener | undefined
  private epoch = 0
  private isLive = false
  private requestId = 0

  constructor(
    private readonly context: ExchangeContext,
    rest: ExchangeRestClient,
  ) {
    this.rest = asPart(rest, SampleRestClient)
  }

  get connected(): boolean {
    return this.isLive
  }

  async open(instruments: readonly Instrument[], listener: AccountListener): Promise<void> {
    for (const instrument of instruments) this.symbols.add(instrument)
    this.listener = listener
    if (this.connection !== undefined) return
    this.connection = new WebSocketConnection({
      name: 'sample private',
      url: () => sampleAddressOf(this.context),
      handler: {
        onFrame: (frame) => this.onFrame(frame.toString()),
        onEpochStart: (epoch) => this.onEpochStart(epoch),
        onEpochEnd: (epoch) => this.onEpochEnd(epoch),
      },
      subscribe: (session) => this.login(session),
      ...createSampleStreamOptions(this.context),
    })
    try {
      await this.connection.connect()
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    const connection = this.connection
    this.connection = undefined
    await connection?.close()
  }

  private async login(session: WebSocketSession): Promise<void> {
    const signer = await this.rest.prepareSigning('the account feed')
    const { error } = await requestSample(session, { op: 'login', id: ++this.requestId, ...signer.signLogin() })
    if (error === undefined) return
    const message = `Sample refuses the login of the account stream (${error}). Check key and secret.`
    throw new AuthenticationException({ exchange: sampleExchangeId, message })
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

  /** A push that cannot be read is the same as a break, which makes the consumer ask. */
  private onFrame(text: string): void {
    if (!text.includes('"topic":"account"')) return
    try {
      this.onPush(sampleAccountPushSchema.parse(JSON.parse(text)))
    } catch (error) {
      this.context.logger.warn({ error, exchange: sampleExchangeId }, 'a private push could not be read')
      this.connection?.reconnect('a private push could not be read')
    }
  }

  private onPush({ order, fill, balance }: ReturnType<typeof sampleAccountPushSchema.parse>): void {
    if (balance !== undefined) this.listener?.onBalance(mapBalance(balance), balance.time)
    // Orders on pairs that nobody asked for are not ours to follow.
    const instrument = this.symbols.get(order?.symbol ?? fill?.symbol ?? '')
    if (instrument === undefined) return
    if (order !== undefined) this.listener?.onOrder(mapOrder(order, instrument))
    if (fill !== undefined) this.listener?.onFill(mapFill(fill, instrument))
  }
}
