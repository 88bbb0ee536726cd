import { type Clock, type Logger, type Random, SeededRandom, silentLogger, systemClock } from '@cex-arbitrage/common'

import type { AccountOptions } from '../accounts/account-book.js'
import { FaultEngine } from '../faults/fault-engine.js'
import { OrderFaults } from '../faults/order-faults.js'
import { ExchangeCore } from '../matching/exchange-core.js'
import { Candles } from '../market/candles.js'
import { CaptureMarket } from '../market/capture-market.js'
import { type MarketDriver, manualMarket } from '../market/market-driver.js'
import { ReferenceMarket } from '../market/reference-market.js'
import { SyntheticMarket } from '../market/synthetic-market.js'
import { createAdminHandler } from '../server/admin-routes.js'
import { LatencyModel } from '../server/latency-model.js'
import { RateLimiter } from '../server/rate-limiter.js'
import type { RawRequest } from '../server/rest-endpoint.js'
import type { RestReply } from '../server/rest-reply.js'
import { ScopedClock } from '../server/scoped-clock.js'
import type { ServerSocket, SocketHandshake } from '../server/server-socket.js'
import type { StreamSession } from '../server/stream-session.js'
import { VenueServer } from '../server/venue-server.js'
import { createPerpetualMarket, type PerpetualSurroundings } from '../perpetuals/create-perpetual-market.js'
import type { PerpetualMarket } from '../perpetuals/perpetual-market.js'
import { perpetualOf } from '../perpetuals/perpetual-spec.js'
import { describeTruth, type GroundTruth } from '../truth/ground-truth.js'
import type { VenueAddress, VenueOptions } from './venue-options.js'
import type { VenueProtocol } from './venue-protocol.js'

/**
 * A whole venue: core, market, faults and server around one protocol.
 *
 * @example
 * const venue = createGateioVenue({ seed: 7 })
 * const { rest, ws, apiKey, secret } = await venue.start()
 * await venue.close()
 */
export class VenueHost {
  readonly exchange: string
  /** The venue's own time: the clock given, ahead by what a `clock_skew` fault says. Its timers end with the venue. */
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly core: ExchangeCore
  readonly faults: FaultEngine
  readonly limiter: RateLimiter
  readonly latency: LatencyModel
  readonly market: MarketDriver
  /** Absent where the venue has none. */
  readonly perpetuals: PerpetualMarket | undefined
  private readonly scoped: ScopedClock
  private readonly server: VenueServer
  private readonly accounts: readonly AccountOptions[]
  private readonly candlesBySymbol = new Map<string, Candles>()
  private readonly requests = new Map<string, number>()
  private readonly onStart: () => void
  private readonly describeVenue: () => unknown

  constructor(
    private readonly protocol: VenueProtocol,
    options: VenueOptions = {},
  ) {
    const seed = options.seed ?? 1
    const real = new ScopedClock(options.clock ?? systemClock)
    const random = new SeededRandom(seed)
    this.exchange = protocol.exchange
    this.scoped = real
    this.random = options.random ?? random.fork(`${this.exchange}:latency`)
    this.log = options.log ?? silentLogger
    this.faults = new FaultEngine(real, random.fork(`${this.exchange}:faults`))
    this.clock = {
      nowMs: () => real.nowMs() + (this.faults.inForce('clock_skew')?.offsetMs ?? 0),
      nowUs: () => real.nowUs(),
      setTimer: (callback, delayMs) => real.setTimer(callback, delayMs),
    }
    this.limiter = new RateLimiter(real)
    this.latency = new LatencyModel(options.latency ?? {}, this.random)
    const { firstSequence, orderHistory } = options
    const rules = { ...protocol.rules, ...(firstSequence && { firstSequence }), ...(orderHistory && { orderHistory }) }
    this.core = new ExchangeCore(this.clock, rules, options.symbols ?? protocol.defaultSymbols)
    this.core.interceptor = new OrderFaults(this.core, this.faults, this.clock)
    this.accounts = options.accounts ?? [defaultAccount(random.fork(`${this.exchange}:keys`), this.core)]
    for (const account of this.accounts) this.core.accounts.open(account)
    const { market, history, reference } = this.createMarket(options, seed, real)
    this.market = market
    this.perpetuals = this.createPerpetuals(options, { seed, marketClock: real, rules, reference })
    for (const symbol of this.core.symbols.values())
      this.candlesBySymbol.set(symbol.name, new Candles(symbol, history && ((atMs) => history(symbol.name, atMs))))
    this.core.listen({ onTrade: (trade) => this.candlesBySymbol.get(trade.symbol)!.record(trade) })
    const surface = protocol.attach(this)
    this.onStart = () => surface.onStart?.()
    this.describeVenue = () => surface.describe?.()
    this.server = new VenueServer(
      {
        clock: real,
        faults: this.faults,
        latency: this.latency,
        log: this.log,
        handle: (request) => surface.handleRest({ ...request, receivedAtMs: this.clock.nowMs() }),
        admin: createAdminHandler({
          core: this.core,
          faults: this.faults,
          market,
          perpetuals: this.perpetuals,
          truth: () => this.truth(),
        }),
        renderFault: (rule, request) => surface.renderFault(rule, request),
        apiKeyOf: (request) => surface.apiKeyOf(request),
        onServed: (route) => this.countRequest(route),
        openSession: (session) => surface.openSession(session),
      },
      options,
    )
    for (const rule of options.faults ?? []) this.faults.add(rule)
  }

  /** Listens and sets the market going. */
  async start(): Promise<VenueAddress> {
    this.scoped.begin()
    this.market.start()
    const port = await this.server.start().catch(async (cause: unknown) => {
      await this.close()
      throw cause
    })
    this.server.begin()
    this.onStart()
    return this.address(`127.0.0.1:${port}`, port)
  }

  /**
   * Sets everything going without a port: requests come by `answer`, sockets by `accept`, all within this process, so that
   * a run on a virtual clock repeats exactly.
   *
   * @param authority - Host of the addresses given back; nothing listens there.
   */
  startInProcess(authority = `${this.exchange}.invalid`): VenueAddress {
    this.scoped.begin()
    this.market.start()
    this.server.begin()
    this.onStart()
    return this.address(authority, 0)
  }

  /** Answers one request as over HTTP, with latency and faults. */
  answer(request: RawRequest, reply: RestReply): Promise<void> {
    return this.server.answer(request, reply)
  }

  /** Takes a connected socket; refuses it with the HTTP status given back. */
  accept(handshake: SocketHandshake, socket: ServerSocket): number | undefined {
    return this.server.accept(handshake, socket)
  }

  private address(authority: string, port: number): VenueAddress {
    const [http, ws] = this.server.secure ? ['https', 'wss'] : ['http', 'ws']
    const origin = `${http}://${authority}`
    const key = this.accounts[0]?.keys[0]
    return {
      exchange: this.exchange,
      port,
      origin,
      rest: origin + this.protocol.restPath,
      ws: `${ws}://${authority}${this.protocol.wsPath}`,
      ...(this.protocol.perpetuals && { futuresWs: `${ws}://${authority}${this.protocol.perpetuals.wsPath}` }),
      admin: `${origin}/__admin`,
      apiKey: key?.key ?? '',
      secret: key?.secret ?? '',
    }
  }

  /** Stops the market, cuts every connection and cancels every timer. */
  async close(): Promise<void> {
    this.market.stop()
    this.perpetuals?.stop()
    this.scoped.cancelAll()
    await this.server.close()
  }

  /** Everything that is true at this moment. */
  truth(): GroundTruth {
    const { core, exchange, faults, limiter, perpetuals, requests } = this
    const venue = this.describeVenue()
    const nowMs = this.clock.nowMs()
    return describeTruth({ core, exchange, faults, limiter, requests, venue, perpetuals, nowMs })
  }

  get sessions(): ReadonlySet<StreamSession> {
    return this.server.sessions
  }

  /** @throws RangeError when the symbol is not listed. */
  candles(symbol: string): Candles {
    const candles = this.candlesBySymbol.get(symbol)
    if (candles === undefined) throw new RangeError(`'${symbol}' is not listed.`)
    return candles
  }

  /** Counts a request for the truth; REST requests are counted by the host, WebSocket requests by the venue. */
  countRequest(route: string): void {
    this.requests.set(route, (this.requests.get(route) ?? 0) + 1)
  }

  private createMarket(options: VenueOptions, seed: number, clock: Clock): CreatedMarket {
    const choice = options.market ?? { kind: 'synthetic' }
    switch (choice.kind) {
      case 'manual':
        return { market: manualMarket }
      case 'capture':
        return { market: new CaptureMarket(this.core, choice.symbol, choice.quotes, clock, choice) }
      case 'synthetic': {
        const reference = choice.reference ?? new ReferenceMarket({ ...choice, seed })
        const history = (symbol: string, atMs: number): number =>
          reference.priceAt(symbol, this.core.symbols.get(symbol)!.referencePrice, atMs)
        return {
          market: new SyntheticMarket(this.exchange, this.core, reference, clock, seed, choice),
          history,
          reference,
        }
      }
    }
  }

  private createPerpetuals(
    options: VenueOptions,
    known: Pick<PerpetualSurroundings, 'seed' | 'marketClock' | 'rules' | 'reference'>,
  ): PerpetualMarket | undefined {
    const { perpetuals } = this.protocol
    if (perpetuals === undefined) return undefined
    const { formatOrderId, fees, tickSizes = {} } = perpetuals
    const spot = (options.symbols ?? this.protocol.defaultSymbols).filter(({ quote }) => quote === settleAsset)
    const market = createPerpetualMarket(options.perpetuals ?? {}, {
      ...known,
      exchange: this.exchange,
      clock: this.clock,
      rules: { ...known.rules, formatOrderId },
      specs:
        options.perpetuals?.specs ??
        spot.map((spec) => perpetualOf(spec, fees, tickSizes[`${spec.base}/${spec.quote}`])),
      synthetic: options.market?.kind === 'synthetic' ? options.market : {},
    })
    market.interceptor = new OrderFaults(market.core, this.faults, this.clock)
    for (const account of this.accounts) market.open(account)
    return market
  }
}

/** What perpetuals settle in. */
const settleAsset = 'USDT'

interface CreatedMarket {
  readonly market: MarketDriver
  readonly history?: (symbol: string, atMs: number) => number
  /** Absent where nothing models prices. */
  readonly reference?: ReferenceMarket
}

/** Trades about as much on every symbol: 100 000 of the quote, and the same value of each base; 100 000 in the wallet. */
function defaultAccount(random: SeededRandom, core: ExchangeCore): AccountOptions {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => random.integer(0, 15).toString(16)).join('')
  const balances: Record<string, string> = {}
  for (const symbol of core.symbols.values()) {
    balances[symbol.quote] = '100000'
    balances[symbol.base] ??= String(Number((100_000 / symbol.referencePrice).toPrecision(2)))
  }
  const key = { key: hex(32), secret: hex(64), permission: 'trade' } as const
  return { id: 'trader', uid: 10_001, keys: [key], balances, wallet: { [settleAsset]: '100000' } }
}
