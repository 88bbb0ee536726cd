import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { ConfigurationException, sleep, type Logger, type Timer } from '@cex-arbitrage/common'
import { WebSocketServer, type WebSocket } from 'ws'
import { DEFAULT_PORT } from '../client/protocol-constants.js'
import {
  CLIENT_PING_MS,
  DEFAULT_ADOPTION_MS,
  DEFAULT_AUTHENTICATION_MS,
  DEFAULT_MAX_CONNECTIONS,
  DEFAULT_MAX_FRAMES_PER_SECOND,
  DEFAULT_MAX_PENDING,
  DEFAULT_ORDERS_INTERVAL_MS,
  DEFAULT_SEARCH_INTERVAL_MS,
  DEFAULT_TICKER_INTERVAL_MS,
  DRAIN_MS,
  GOING_AWAY,
  MAX_REQUEST_BYTES,
} from './bridge-constants.js'
import { BridgeEvents, type BridgeEvent } from './bridge-events.js'
import type { HummingbotBridgeOptions, UpstreamPlace } from './bridge-options.js'
import { BridgeRefusal } from './bridge-refusal.js'
import { BridgeSession } from './bridge-session.js'
import { ClientKeys } from './client-keys.js'
import { ExchangeMap } from './exchange-map.js'
import { MarketDataHub } from './market-data-hub.js'
import { OrderLedger } from './order-ledger.js'
import { StepCache } from './order-matching.js'
import { OrderPlacer } from './order-placer.js'
import { MemoryOrderStore, type OrderStore } from './order-store.js'
import { OrderWatcher } from './order-watcher.js'
import { RequestRouter } from './request-router.js'
import { SessionSubscriptions } from './session-subscriptions.js'
import { TickerHub } from './ticker-hub.js'
import { TickerReader } from './ticker-reader.js'
import { UpstreamApi } from './upstream-api.js'

const path = '/ws'

/** Where a started bridge listens. */
export interface BridgeAddress {
  readonly port: number
  /** `ws://127.0.0.1:15888/ws` */
  readonly url: string
}

/**
 * Serves the WebSocket protocol and drives a hummingbot-api behind it. Each order is placed at most once: it is written
 * down before it is sent, and a lost answer is looked for, never repeated.
 *
 * @example
 * const bridge = new HummingbotBridge({ clock, random, logger, clientKeys: ['…'],
 *   upstream: { baseUrl: 'http://localhost:8000', user: 'admin', password: '…' },
 *   exchanges: { binance: { accountName: 'master_account', connectorName: 'binance' } } })
 * const { url } = await bridge.start()
 */
export class HummingbotBridge {
  private readonly log: Logger
  private readonly sessions = new Set<BridgeSession>()
  private readonly connections = new Set<Duplex>()
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST_BYTES })
  private readonly keys: ClientKeys
  private readonly map: ExchangeMap
  private readonly store: OrderStore
  private readonly ledger: OrderLedger
  private readonly events: BridgeEvents
  private readonly api: UpstreamApi
  private readonly hub: MarketDataHub
  private readonly tickers: TickerHub
  private readonly watcher: OrderWatcher
  private readonly placer: OrderPlacer
  private readonly router: RequestRouter
  private server: Server | undefined
  private pinger: Timer | undefined
  private isReconciled = false
  private isStopping = false
  private closing: Promise<void> | undefined

  /** @throws ConfigurationException No client key or no exchange is given. */
  constructor(private readonly options: HummingbotBridgeOptions) {
    const { clock, random, upstream, polling } = options
    if (options.clientKeys.length === 0 || options.clientKeys.includes(''))
      throw new ConfigurationException({ message: 'The bridge needs at least one client key, and none may be empty.' })
    if (Object.keys(options.exchanges).length === 0)
      throw new ConfigurationException({ message: 'The bridge needs at least one exchange.' })
    this.log = options.logger.child({ component: 'hummingbot-bridge' })
    this.keys = new ClientKeys(options.clientKeys)
    this.map = new ExchangeMap(options.exchanges, options.symbols)
    this.store = options.store ?? new MemoryOrderStore()
    this.ledger = new OrderLedger(this.store, this.log)
    this.events = new BridgeEvents(clock, {
      broadcast: (event) => this.broadcast(event),
      pushToOrderSubscribers: (exchange, pair, event) => this.pushToOrderSubscribers(exchange, pair, event),
    })
    const { api, ledger, events, log } = {
      api: new UpstreamApi(upstream, { clock, random, logger: this.log }),
      ledger: this.ledger,
      events: this.events,
      log: this.log,
    }
    this.api = api
    this.hub = new MarketDataHub(upstream, { clock, random, logger: log, events })
    const ticker = new TickerReader({ api, clock, log })
    const tickerMs = polling?.tickerMs ?? DEFAULT_TICKER_INTERVAL_MS
    this.tickers = new TickerHub({ clock, log, events, reader: ticker, intervalMs: tickerMs })
    this.watcher = new OrderWatcher({
      clock,
      log,
      api,
      ledger,
      events,
      steps: new StepCache(api),
      ordersMs: polling?.ordersMs ?? DEFAULT_ORDERS_INTERVAL_MS,
      searchMs: polling?.searchMs ?? DEFAULT_SEARCH_INTERVAL_MS,
      subscribedPlaces: () => this.subscribedPlaces(),
    })
    const adoptionMs = options.adoptionMs ?? DEFAULT_ADOPTION_MS
    this.placer = new OrderPlacer({ clock, random, log, api, ledger, watcher: this.watcher, adoptionMs })
    this.router = new RequestRouter({
      clock,
      api,
      map: this.map,
      ledger,
      placer: this.placer,
      watcher: this.watcher,
      ticker,
      awaitReady: () => this.awaitReady(),
      cancelWaitMs: options.cancelWaitMs ?? 0,
    })
  }

  /** Reads its orders and listens. Orders are taken once those of an earlier run have been looked for. */
  async start(): Promise<BridgeAddress> {
    await this.ledger.load(this.options.clock.nowMs())
    this.isReconciled = this.ledger.unresolved.length === 0
    this.watcher.kick()
    const { host = '127.0.0.1', port = DEFAULT_PORT, tls } = this.options
    const server = tls === undefined ? createServer(refuseHttp) : createTlsServer({ ...tls }, refuseHttp)
    server.on('connection', (socket: Duplex) => {
      this.connections.add(socket)
      socket.on('close', () => this.connections.delete(socket))
    })
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => resolve())
    })
    this.server = server
    this.schedulePing()
    const address = server.address() as AddressInfo
    const authority = host.includes(':') ? `[${host}]` : host
    const url = `${tls === undefined ? 'ws' : 'wss'}://${authority}:${address.port}${path}`
    this.log.info({ url, exchanges: Object.keys(this.options.exchanges) }, 'bridge is listening')
    return { port: address.port, url }
  }

  /** Takes no more orders, answers what is under way for at most 5 s, says goodbye and ends everything. */
  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private async shutDown(): Promise<void> {
    this.isStopping = true
    this.events.info('The bridge is stopping')
    const { server } = this
    const closed = new Promise<void>((resolve) =>
      server === undefined ? resolve() : void server.close(() => resolve()),
    )
    const drained = Promise.all([this.placer.drain(), ...[...this.sessions].map((session) => session.drain())])
    await this.within(drained, DRAIN_MS)
    this.tickers.stop()
    await this.watcher.stop()
    await this.placer.drain()
    this.pinger?.cancel()
    const gone = this.sessions.size === 0 ? Promise.resolve() : this.sayGoodbye()
    await this.within(gone, 1_000)
    for (const session of this.sessions) session.terminate()
    for (const socket of this.connections) socket.destroy()
    await Promise.all([closed, this.hub.close(), this.api.close()])
    await this.store.close()
  }

  private async sayGoodbye(): Promise<void> {
    for (const session of this.sessions) session.close(GOING_AWAY, 'bridge is stopping')
    while (this.sessions.size > 0) await sleep(this.options.clock, 10)
  }

  private async within(what: Promise<unknown>, ms: number): Promise<void> {
    const ended = new AbortController()
    const deadline = sleep(this.options.clock, ms, ended.signal).catch(() => undefined)
    await Promise.race([what, deadline])
    ended.abort(new Error('no longer needed'))
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const isFull = this.sessions.size >= (this.options.limits?.maxConnections ?? DEFAULT_MAX_CONNECTIONS)
    if (this.isStopping || isFull) return refuseUpgrade(socket, '503 Service Unavailable')
    if (request.url?.split('?')[0] !== path) return refuseUpgrade(socket, '404 Not Found')
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => this.open(webSocket))
  }

  private open(socket: WebSocket): void {
    const { clock, limits } = this.options
    const session = new BridgeSession(socket, {
      clock,
      log: this.log,
      keys: this.keys,
      router: this.router,
      limits: {
        maxFramesPerSecond: limits?.maxFramesPerSecond ?? DEFAULT_MAX_FRAMES_PER_SECOND,
        maxPending: limits?.maxPending ?? DEFAULT_MAX_PENDING,
        authenticationMs: limits?.authenticationMs ?? DEFAULT_AUTHENTICATION_MS,
      },
      createSubscriptions: (push) =>
        new SessionSubscriptions({
          map: this.map,
          hub: this.hub,
          tickers: this.tickers,
          push,
          onOrdersChanged: () => this.watcher.kick(),
        }),
      isStopping: () => this.isStopping,
    })
    this.sessions.add(session)
    socket.on('close', () => this.sessions.delete(session))
  }

  private broadcast(event: BridgeEvent): void {
    for (const session of this.sessions) session.push(event)
  }

  private pushToOrderSubscribers(exchange: string, pair: string, event: BridgeEvent): void {
    for (const session of this.sessions)
      for (const market of session.subscriptions.orderMarkets(exchange, pair))
        session.push({ ...event, data: { ...event.data, symbol: market ?? event.data['symbol'] } })
  }

  private subscribedPlaces(): ReadonlyMap<string, UpstreamPlace> {
    const exchanges = [...this.sessions].flatMap((session) => session.subscriptions.orderExchanges)
    return new Map(exchanges.map((exchange) => [exchange, this.map.place(exchange)]))
  }

  /** @throws {@link BridgeRefusal} Orders of an earlier run could not be looked for yet. */
  private async awaitReady(): Promise<void> {
    if (this.isReconciled) return
    try {
      await this.watcher.reconcile()
      this.isReconciled = true
    } catch (cause) {
      const message = 'Orders of an earlier run have not been looked for yet; nothing was sent'
      throw new BridgeRefusal('connection_error', message, undefined, { cause })
    }
  }

  private schedulePing(): void {
    this.pinger = this.options.clock.setTimer(() => {
      for (const session of this.sessions) session.checkLife()
      this.schedulePing()
    }, CLIENT_PING_MS)
  }
}

const refuseHttp: Parameters<typeof createServer>[1] = (_, response) => {
  response.writeHead(426, { 'content-type': 'text/plain', connection: 'close' })
  response.end('This is a WebSocket server; connect to /ws.\n')
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
