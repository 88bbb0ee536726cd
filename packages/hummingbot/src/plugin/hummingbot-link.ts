import { ConfigurationException, type ExchangeId, type Instrument } from '@cex-arbitrage/common'
import type { ExchangeContext, ExchangeRestClient } from '@cex-arbitrage/exchanges'
import type { HummingbotEvent } from '../client/event-engine.js'
import { HummingbotClient } from '../client/hummingbot-client.js'
import { hummingbotExchangeId } from '../client/hummingbot-exception.js'
import { DEFAULT_HOST, DEFAULT_PORT } from '../client/protocol-constants.js'
import { createInstruments, readPluginOptions, type HummingbotPluginOptions } from './plugin-options.js'

/** Told of each event in the moment in which it is put. */
export type HummingbotLinkListener = (event: HummingbotEvent) => void

/** The one client that all parts of Hummingbot as an exchange share: market data, orders and account. */
export class HummingbotLink implements ExchangeRestClient {
  readonly exchange: ExchangeId
  readonly options: HummingbotPluginOptions
  readonly instruments: readonly Instrument[]
  readonly client: HummingbotClient
  private readonly listeners = new Set<HummingbotLinkListener>()

  /** @throws {@link ConfigurationException} No key, an address that is none, or wrong options. */
  constructor(
    readonly context: ExchangeContext,
    exchange: ExchangeId = hummingbotExchangeId,
  ) {
    this.exchange = exchange
    this.options = readPluginOptions(context.options)
    this.instruments = createInstruments(this.options, exchange)
    const { credentials, clock, random, logger } = context
    if (credentials === undefined)
      throw new ConfigurationException({
        exchange,
        message: 'Hummingbot needs an API key for market data too; set apiKey in its section.',
      })
    const { requestTimeoutMs, maxInFlight, framesPerSecond } = this.options
    this.client = new HummingbotClient({
      ...readAddress(context.webSocketUrl),
      eventEngine: { put: (event) => this.tell(event) },
      apiKey: credentials.apiKey.reveal(),
      clock,
      random,
      logger,
      ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
      ...(maxInFlight !== undefined && { maxInFlight }),
      ...(framesPerSecond !== undefined && { rateLimit: { frames: framesPerSecond, periodMs: 1_000 } }),
    })
  }

  /** `exchange` and `market` as the protocol wants them. */
  marketOf({ exchangeSymbol }: Instrument): { readonly exchange: string; readonly market: string } {
    return { exchange: this.options.venue, market: exchangeSymbol }
  }

  /** The instrument of a pushed symbol; `undefined` when it is of another venue or not configured. */
  instrumentOf(venue: unknown, symbol: unknown): Instrument | undefined {
    if (venue !== this.options.venue) return undefined
    return this.instruments.find(({ exchangeSymbol }) => exchangeSymbol === symbol)
  }

  addListener(listener: HummingbotLinkListener): void {
    this.listeners.add(listener)
  }

  removeListener(listener: HummingbotLinkListener): void {
    this.listeners.delete(listener)
  }

  /** Connects unless it stands. @throws {@link HummingbotException} */
  async connect(): Promise<void> {
    if (!this.client.isConnected) await this.client.connect()
  }

  close(): Promise<void> {
    return this.client.disconnect()
  }

  private tell(event: HummingbotEvent): void {
    for (const listener of Array.from(this.listeners)) listener(event)
  }
}

/** @throws {@link ConfigurationException} */
function readAddress(url: string | undefined): { apiHost: string; apiPort: number; tls: boolean } {
  if (url === undefined) return { apiHost: DEFAULT_HOST, apiPort: DEFAULT_PORT, tls: false }
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || (parsed.protocol !== 'ws:' && parsed.protocol !== 'wss:'))
    throw new ConfigurationException({
      exchange: hummingbotExchangeId,
      message: `'${url}' is no address of a Hummingbot server; write ws://host:port/ws or wss://host:port/ws.`,
    })
  const tls = parsed.protocol === 'wss:'
  return {
    apiHost: parsed.hostname.replace(/^\[|\]$/g, ''),
    apiPort: parsed.port === '' ? (tls ? 443 : 80) : Number(parsed.port),
    tls,
  }
}
