import type { Decimal } from '@cex-arbitrage/common'

import type { FaultRule } from '../../faults/fault-rule.js'
import type { ExchangeRules } from '../../matching/exchange-core.js'
import type { StreamSession } from '../../server/stream-session.js'
import { VenueHost } from '../../venue/venue-host.js'
import type { VenueOptions } from '../../venue/venue-options.js'
import type { VenueProtocol, VenueSurface } from '../../venue/venue-protocol.js'
import { renderFault } from './fault-words.js'
import { DepthDiffs } from './futures/depth-diffs.js'
import { FuturesDesk } from './futures/futures-desk.js'
import { FuturesRest, futuresKeyHeader, isFuturesPath, throttled } from './futures/futures-rest.js'
import { FuturesStreams } from './futures/futures-streams.js'
import { ListenKeys } from './listen-keys.js'
import { MarketData } from './market-data.js'
import { apiKeyOf, MexcRest } from './mexc-rest.js'
import { MexcSession } from './mexc-session.js'
import { MexcSymbol, mexcSymbols } from './mexc-symbol.js'
import { MxFeeDeduction } from './mx-deduction.js'
import { formatOrderId } from './order-view.js'
import { PrivatePublisher } from './private-publisher.js'
import { type MexcSettings, type MexcSettingsInput, resolveSettings } from './settings.js'
import { selfTradeAction, StrategyGroups } from './strategy-groups.js'
import { StreamHub } from './stream-hub.js'
import { privateChannelOf } from './subscription.js'
import { keyOptions, type VenueState } from './venue-state.js'

const futuresWsPath = '/edge'
/** Beyond what a double holds exactly, as the ids of perpetuals are. */
const futuresOrderIdBase = 739_113_577_038_255_615n

/** Milliseconds that are longer than any run: the venue has its own rules for silent clients. */
const neverMs = 2_000_000_000

export interface MexcVenueOptions extends VenueOptions {
  /** What only MEXC has: filters, limits, listen keys, delays. */
  readonly mexc?: MexcSettingsInput
}

/**
 * A local MEXC: spot, and perpetuals in USDT.
 *
 * @example
 * const venue = createMexcVenue({ seed: 7 })
 * const { rest, ws, apiKey, secret } = await venue.start()
 * await venue.close()
 */
export function createMexcVenue(options: MexcVenueOptions = {}): VenueHost {
  const { latency } = options
  const settings = resolveSettings(options.mexc, (latency?.ackMs ?? 0) * (1 + (latency?.jitter ?? 0)))
  const idle = { pingIntervalMs: neverMs, idleTimeoutMs: neverMs }
  return new VenueHost(new MexcProtocol(settings), { ...idle, ...options })
}

class MexcProtocol implements VenueProtocol {
  readonly exchange = 'mexc'
  readonly defaultSymbols = mexcSymbols
  readonly restPath = ''
  readonly wsPath = '/ws'
  readonly perpetuals = {
    wsPath: futuresWsPath,
    formatOrderId: (n: number) => String(futuresOrderIdBase + BigInt(n)),
    fees: { makerFee: '0', takerFee: '0.0002' },
    tickSizes: { 'BTC/USDT': '0.1' },
  }
  readonly rules: ExchangeRules
  private readonly deduction: MxFeeDeduction
  private data: MarketData | undefined
  private symbols: ReadonlyMap<string, MexcSymbol> = new Map()

  constructor(private readonly settings: MexcSettings) {
    this.deduction = new MxFeeDeduction(settings.mxDeduct, (quote) => this.priceOfMx(quote))
    this.rules = {
      feeRule: 'quote',
      feeSubstitute: (account, due) => this.deduction.substitute(account, due),
      formatOrderId,
      selfTrade: selfTradeAction,
    }
  }

  attach(host: VenueHost): VenueSurface {
    const { settings, deduction } = this
    this.data = new MarketData(host)
    this.symbols = new Map(
      [...host.core.symbols.values()].map((trading) => {
        const symbol = new MexcSymbol(trading, settings.symbols[trading.name])
        return [symbol.id, symbol]
      }),
    )
    const listenKeys = new ListenKeys(host.clock, host.random, settings.listenKeys)
    const groups = new StrategyGroups()
    const state: VenueState = { host, settings, symbols: this.symbols, data: this.data, listenKeys, groups, deduction }
    return new MexcSurface(state)
  }

  private priceOfMx(quote: string): Decimal | undefined {
    const symbol = this.symbols.get(`MX${quote}`)
    return symbol && this.data?.lastPrice(symbol)
  }
}

const sessionRefusal = 'Invalid listen key'

/** The wire side of the venue. */
class MexcSurface implements VenueSurface {
  private readonly rest: MexcRest
  private readonly hub: StreamHub
  private readonly futuresRest: FuturesRest
  private readonly futuresStreams: FuturesStreams
  private readonly sessions = new Set<MexcSession>()

  constructor(private readonly state: VenueState) {
    const { host, settings, data, symbols } = state
    this.rest = new MexcRest(state)
    const market = host.perpetuals!
    const diffs = new DepthDiffs(market)
    const desk = new FuturesDesk(market)
    const isLimited = settings.rateLimits.contracts
    this.futuresRest = new FuturesRest({
      host,
      market,
      desk,
      diffs,
      isLimited,
      keyOptions: (key) => keyOptions(state, key),
    })
    this.futuresStreams = new FuturesStreams({ host, market, diffs })
    this.hub = new StreamHub({ host, data, symbols }, settings)
    new PrivatePublisher(host, settings.privateDelayMs, (push) => {
      const channel = privateChannelOf(push.kind)
      for (const session of this.sessions) if (session.accountId === push.accountId) session.pushPrivate(push, channel)
    })
    host.faults.onAdd(({ id, rule }) => {
      if (rule.kind === 'session_expiry') host.clock.setTimer(() => this.expireSessions(id, rule), rule.afterMs ?? 0)
    })
  }

  readonly handleRest: VenueSurface['handleRest'] = (request) =>
    isFuturesPath(request.path) ? this.futuresRest.handle(request) : this.rest.handle(request)

  readonly renderFault: VenueSurface['renderFault'] = (rule, request) =>
    rule.kind === 'rate_limited' && rule.mode !== 'html' && isFuturesPath(request.path)
      ? throttled()
      : renderFault(rule)

  readonly apiKeyOf: VenueSurface['apiKeyOf'] = (request) => request.headers[futuresKeyHeader] ?? apiKeyOf(request)

  openSession(session: StreamSession): void {
    if (session.url.startsWith(futuresWsPath)) {
      this.futuresStreams.open(session)
      return
    }
    const { host, settings, listenKeys, symbols } = this.state
    const listenKey = new URL(session.url, 'ws://venue').searchParams.get('listenKey')
    const owner = listenKey === null ? undefined : listenKeys.ownerFor(listenKey)
    if (listenKey !== null && owner === undefined) {
      session.reply(sessionRefusal)
      session.close()
      return
    }
    if (owner !== undefined) {
      session.scope = 'private'
      session.apiKey = owner.apiKey
    }
    const mexcSession = new MexcSession({
      session,
      hub: this.hub,
      clock: host.clock,
      faults: host.faults,
      limits: settings.streamLimits,
      accountId: owner?.accountId,
      isListed: (symbol) => symbols.has(symbol),
      nameOf: (symbol) => symbols.get(symbol)?.trading.name,
      drawAckMs: () => host.latency.drawMs('ack'),
      onRequest: (route) => host.countRequest(route),
    })
    this.sessions.add(mexcSession)
    if (listenKey !== null) listenKeys.attach(listenKey, mexcSession)
    session.onClose(() => {
      this.sessions.delete(mexcSession)
      if (listenKey !== null) listenKeys.detach(listenKey, mexcSession)
    })
  }
  /** Ends listen keys, again every `everyMs`, until the rule is removed or used up. */
  private expireSessions(id: string, rule: FaultRule): void {
    const { host, listenKeys } = this.state
    if (!host.faults.rules.some((fault) => fault.id === id && !fault.retired)) return
    listenKeys.expire(rule.apiKey)
    this.futuresStreams.expireLogins(rule)
    host.faults.record(id)
    if (rule.everyMs !== undefined) host.clock.setTimer(() => this.expireSessions(id, rule), rule.everyMs)
  }
}
